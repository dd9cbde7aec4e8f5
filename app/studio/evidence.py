"""What a second manager is shown about a proposal: gathered when it is made, kept with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.processes.models import Process
from app.studio.content import Content

Gather = Callable[[Process, Content], Any]


@dataclass(frozen=True)
class Kind:
    """A part of the review page. template: is given `evidence`, what `gather` told as JSON."""

    template: str
    gather: Gather


_kinds: dict[str, Kind] = {}


def evidence(name: str, template: str) -> Callable[[Gather], Gather]:
    """Have `gather(process, content) -> JSON` looked at by whoever signs, in order of import.

    It is called outside of a transaction and may raise Invalid: then nothing is proposed.
    """

    def register(gather: Gather) -> Gather:
        _kinds[name] = Kind(template, gather)
        return gather

    return register


def gathered(process: Process, content: Content) -> dict[str, Any]:
    """All that is known about a content now."""
    return {name: kind.gather(process, content) for name, kind in _kinds.items()}


def templates(found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """(template, evidence) of what was gathered for a proposal."""
    return [(kind.template, found[name]) for name, kind in _kinds.items() if name in found]
