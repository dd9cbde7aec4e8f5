"""The main menu: every feature registers its entry, each person sees the entries that apply."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for

from app.permissions import Actor, Permission, Role, allows

_ENTRIES = "navigation"  # key in app.extensions


@dataclass(frozen=True)
class Entry:
    """One line of the menu.

    label: a lazy translation. icon: a name known to the `icon` macro. place: lower stands higher.
    count: how many things wait there for this person; none is shown for 0.
    covers: further addresses whose pages belong to this entry.
    Seen by whoever may `permission` anywhere or holds one of `roles`; by every approved person
    when neither is given.
    """

    label: Any
    endpoint: str
    permission: Permission | None = None
    roles: frozenset[Role] = frozenset()
    icon: str = ""
    place: int = 100
    count: Callable[[Actor], int] | None = None
    covers: tuple[str, ...] = ()

    def is_seen_by(self, actor: Actor) -> bool:
        """Whether the menu shows this entry to the person."""
        if self.permission is None and not self.roles:
            return True
        may = self.permission is not None and allows(actor, self.permission)
        return may or any(grant.role in self.roles for grant in actor.grants)


def init_app(app: Flask) -> None:
    """Start with an empty menu."""
    app.extensions[_ENTRIES] = []


def add_navigation(app: Flask, entry: Entry) -> None:
    """Put an entry into the menu; called by a feature's init_app."""
    entries: list[Entry] = app.extensions[_ENTRIES]
    entries.append(entry)
    entries.sort(key=lambda each: each.place)


def navigation_for(actor: Actor) -> list[Entry]:
    """The menu of one approved person, in order."""
    entries: list[Entry] = current_app.extensions[_ENTRIES]
    return [entry for entry in entries if entry.is_seen_by(actor)]


def menu(actor: Actor) -> list[dict[str, Any]]:
    """The same as templates draw it: label, url, icon, count, and which one is open."""
    entries = [(url_for(entry.endpoint), entry) for entry in navigation_for(actor)]
    places = [(url, entry) for own, entry in entries for url in (own, *entry.covers)]
    around = [(len(url), entry) for url, entry in places if _is_within(request.path, url)]
    _, here = max(around, key=lambda place: place[0], default=(0, None))
    return [
        {
            "label": entry.label,
            "url": url,
            "icon": entry.icon,
            "active": entry is here,
            "count": entry.count(actor) if entry.count else 0,
        }
        for url, entry in entries
    ]


def _is_within(path: str, url: str) -> bool:
    return path == url or path.startswith(url.rstrip("/") + "/")
