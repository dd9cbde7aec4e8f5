"""What stands in a room's log, and who is of the room."""

from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import Person
from app.consultations.models import Consultation
from app.db import db
from app.errors import NotFound
from app.rooms.models import Attendance, Kind, LogEntry, Room


@dataclass(frozen=True)
class Member:
    """A person who was ever in the room, with the place that colours their pen."""

    id: int
    name: str
    place: int


@dataclass(frozen=True)
class Snapshot:
    """All that a late joiner must know: the log without what was undone, and its last number."""

    room_id: int
    last: int
    members: list[Member]
    entries: list[LogEntry]


def open_room_of(consultation_id: int) -> Room:
    """The room that is open for a case. Raises NotFound."""
    statement = select(Room).where(
        Room.consultation_id == consultation_id, Room.closed_at.is_(None)
    )
    room = db.session.scalar(statement)
    if room is None:
        raise NotFound
    return room


def snapshot(room: Room, after: int = 0) -> Snapshot:
    """The log after a number (0: whole), as whoever missed it must catch up on it."""
    statement = (
        select(LogEntry)
        .where(LogEntry.room_id == room.id, LogEntry.number > after)
        .order_by(LogEntry.number)
    )
    entries = list(db.session.scalars(statement))
    # `last` is the log's own: the counter may already have moved on since these were read.
    last = entries[-1].number if entries else after
    shown = _without_undone(entries) if after == 0 else entries
    return Snapshot(room.id, last, members(room.id), shown)


def members(room_id: int) -> list[Member]:
    """Everybody who ever entered, by place."""
    statement = (
        select(Person.id, Person.name, Attendance.place)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(Attendance.room_id == room_id)
        .order_by(Attendance.place)
        .distinct()
    )
    return [Member(*row) for row in db.session.execute(statement)]


def admitted(room_id: int) -> frozenset[int]:
    """Who may be in a room, as the database has it now; nobody once it is closed."""
    room = db.session.get(Room, room_id, populate_existing=True)
    if room is None or room.closed_at is not None:
        return frozenset()
    return people_of(room.consultation_id)


def people_of(consultation_id: int) -> frozenset[int]:
    """The people of a case at this moment."""
    consultation = db.session.get(Consultation, consultation_id, populate_existing=True)
    return frozenset() if consultation is None else frozenset(consultation.stakes().person_ids)


def _without_undone(entries: list[LogEntry]) -> list[LogEntry]:
    undone = {entry.undoes for entry in entries if entry.kind == Kind.UNDO}
    return [e for e in entries if e.kind != Kind.UNDO and e.number not in undone]
