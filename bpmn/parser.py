"""Camunda 8's diagram vocabulary read onto stock SpiffWorkflow specifications."""

from __future__ import annotations

from dataclasses import dataclass

from bpmn.bundle import Bundle, Finding, Vocabulary


@dataclass(frozen=True)
class Definition:
    """A bundle that was read and may be run. Immutable, shared by all its executions."""

    bundle: Bundle
    warnings: tuple[Finding, ...] = ()


def parse(bundle: Bundle, vocabulary: Vocabulary) -> Definition:
    """Read a bundle for publication. Raises Refused with all findings."""
    raise NotImplementedError


def load(bundle: Bundle) -> Definition:
    """The definition of a bundle published before. Kept per process under the bundle's digest."""
    raise NotImplementedError
