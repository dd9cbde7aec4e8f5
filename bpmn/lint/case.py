"""What every check is given, and how it says what it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lxml import etree

from bpmn.bundle import Bundle, Finding, Vocabulary
from bpmn.diagram import Diagram


@dataclass(frozen=True)
class Case:
    """A bundle under the magnifying glass."""

    bundle: Bundle
    vocabulary: Vocabulary
    root: etree._Element
    diagram: Diagram


class Named(Protocol):
    """A node, lane or flow."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


def error(one: Named, rule: str, zh: str, en: str) -> Finding:
    return Finding(one.id, one.name, rule, zh, en)


def warning(one: Named, rule: str, zh: str, en: str) -> Finding:
    return Finding(one.id, one.name, rule, zh, en, "warning")
