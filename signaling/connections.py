"""Who is connected to this process, and who sits in which room.

Held in memory: a room lives in one process (docs/decisions/030), and what outlives it is in the
database. A person sits in a room once; coming in from another device takes the seat over.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import cast

from flask import current_app

from app.accounts.models import Person
from app.db import db, now
from app.errors import Forbidden, Unauthenticated
from signaling.limits import Bucket

_KEY = "connections"  # in app.extensions


@dataclass(frozen=True)
class Seat:
    """A person's place in an open room."""

    room_id: int
    consultation_id: int
    person_id: int
    name: str
    place: int


@dataclass
class Connection:
    """One open socket of a signed-in person. ends_at: when the sign-in behind it is too old."""

    sid: str
    person_id: int
    epoch: int
    ends_at: datetime
    seat: Seat | None = None
    media: dict[str, bool] = field(default_factory=dict)
    bucket: Bucket = field(default_factory=Bucket)

    def person(self) -> Person:
        """The person as the database has them now. Raises Unauthenticated when the sign-in was
        ended, is too old, or the person may no longer act."""
        found = db.session.get(Person, self.person_id, populate_existing=True)
        if (
            found is None
            or not found.is_approved
            or found.epoch != self.epoch
            or now() > self.ends_at
        ):
            raise Unauthenticated
        return found

    def seated(self) -> Seat:
        """Where this connection sits. Raises Forbidden if it is in no room."""
        if self.seat is None:
            raise Forbidden
        return self.seat


class Connections:
    """All open sockets of this process. Threads of the server share it."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Connection] = {}
        self._seated: dict[tuple[int, int], Connection] = {}  # (room, person)
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._by_sid)

    def add(self, connection: Connection) -> None:
        """Remember a new socket."""
        self._by_sid[connection.sid] = connection

    def get(self, sid: str) -> Connection | None:
        """The connection of a socket, if it is still open."""
        return self._by_sid.get(sid)

    def remove(self, sid: str) -> Connection | None:
        """Forget a socket; its seat is kept for `stand_up` to give back."""
        return self._by_sid.pop(sid, None)

    def sit_down(self, connection: Connection, seat: Seat) -> Connection | None:
        """Take a seat; gives the person's other connection that had it until now, if any."""
        with self._lock:
            key = (seat.room_id, seat.person_id)
            before = self._seated.get(key)
            self._seated[key] = connection
            connection.seat = seat
        if before is None or before is connection:
            return None
        before.seat = None
        return before

    def stand_up(self, connection: Connection) -> Seat | None:
        """Give up the connection's seat; None if it had none, or another one took it over."""
        with self._lock:
            seat, connection.seat = connection.seat, None
            if seat is not None:
                self._seated.pop((seat.room_id, seat.person_id), None)
        return seat

    def at(self, room_id: int, person_id: int) -> Connection | None:
        """The connection by which a person sits in a room."""
        return self._seated.get((room_id, person_id))

    def in_room(self, room_id: int) -> list[Connection]:
        """Everybody who sits in a room now."""
        return [one for one in self._all_seated() if one.seat and one.seat.room_id == room_id]

    def of_case(self, consultation_id: int) -> list[Connection]:
        """Everybody who sits in the room of a case now."""
        return [
            one
            for one in self._all_seated()
            if one.seat and one.seat.consultation_id == consultation_id
        ]

    def _all_seated(self) -> Iterable[Connection]:
        with self._lock:
            return list(self._seated.values())


def connections() -> Connections:
    """The connections of the running application."""
    return cast(Connections, current_app.extensions[_KEY])


def install() -> None:
    """Start with nobody."""
    current_app.extensions[_KEY] = Connections()


def connection_of(sid: str) -> Connection:
    """The connection of a socket. Raises Unauthenticated if it was closed meanwhile."""
    found = connections().get(sid)
    if found is None:
        raise Unauthenticated
    return found
