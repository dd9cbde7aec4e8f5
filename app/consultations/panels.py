"""The parts of a case's page. Features above the case add theirs without the case knowing them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.consultations.models import Consultation
from app.permissions import Actor

Show = Callable[[Consultation, Actor], Mapping[str, Any] | None]
Column = Literal["head", "main", "side"]


@dataclass(frozen=True)
class Panel:
    """A template and what it shows; `show` returning None leaves it out."""

    template: str
    column: Column
    place: int
    show: Show


_panels: list[Panel] = []


def panel(template: str, *, column: Column, place: int) -> Callable[[Show], Show]:
    """Add a part to every case's page: lower places stand higher."""

    def register(show: Show) -> Show:
        _panels.append(Panel(template, column, place, show))
        _panels.sort(key=lambda one: one.place)
        return show

    return register


def shown(consultation: Consultation, actor: Actor) -> dict[Column, list[tuple[str, Any]]]:
    """(template, context) of each part this actor sees, by column, in order."""
    columns: dict[Column, list[tuple[str, Any]]] = {"head": [], "main": [], "side": []}
    for one in _panels:
        context = one.show(consultation, actor)
        if context is not None:
            columns[one.column].append((one.template, context))
    return columns
