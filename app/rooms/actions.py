"""What people do in a room: come, go, draw, take back, say, turn to another record.

Everything they do becomes one entry of the room's log, numbered in the same transaction.
"""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, update

from app.audit import Deed, record
from app.consultations.models import Consultation
from app.consultations.steps import Case
from app.db import db, get_or_404, now, publish, transactional
from app.errors import Conflict, Forbidden, Invalid, TooLarge
from app.permissions import Actor, Permission, require
from app.rooms import queries
from app.rooms.events import Logged, RoomClosed
from app.rooms.models import Attendance, Kind, LogEntry, Room

LONGEST_MESSAGE = 2000  # characters
MOST_POINTS = 2000  # of a stroke: over half a minute of drawing at 60 a second
MOST_ENTRIES = 20_000  # of a room's log; a whole day of drawing stays far below

Point = Sequence[float]  # x, y in pixels of the record's natural size; pressure 0..1


def open_room(case: Case) -> Room:
    """Let a case's people in; part of the case's step. A room that is open already stays."""
    known = db.session.scalar(
        select(Room).where(Room.consultation_id == case.consultation.id, Room.closed_at.is_(None))
    )
    if known is not None:
        return known
    room = Room(consultation=case.consultation, opened_at=case.at)
    db.session.add(room)
    db.session.flush()
    record(case.actor, Deed.ROOM_OPENED, room, consultation=case.consultation.id)
    return room


def close_room(case: Case) -> None:
    """Send everybody out for good; part of the case's step. Without an open room, nothing."""
    room = db.session.scalar(
        select(Room)
        .where(Room.consultation_id == case.consultation.id, Room.closed_at.is_(None))
        .with_for_update()
    )
    if room is None:
        return
    room.closed_at = case.at
    db.session.execute(
        update(Attendance)
        .where(Attendance.room_id == room.id, Attendance.left_at.is_(None))
        .values(left_at=case.at)
    )
    record(case.actor, Deed.ROOM_CLOSED, room, consultation=case.consultation.id)
    publish(RoomClosed(room.id, case.consultation.id))


@transactional
def join(consultation_id: int, actor: Actor) -> Attendance:
    """Enter the open room of a case.

    Raises NotFound, Forbidden for anybody who is not of the case, Conflict if no room is open.
    """
    consultation = get_or_404(Consultation, consultation_id)
    require(actor, Permission.ROOM_JOIN, consultation)
    room = _locked_open(Room.consultation_id == consultation_id)
    _end_stays(room, actor)  # a stay that a crash left open, or one on another device
    stay = Attendance(
        room_id=room.id, person_id=actor.actor_id, place=_place(room, actor), joined_at=now()
    )
    db.session.add(stay)
    _log(room, actor, Kind.JOINED, LogEntry())
    record(actor, Deed.ROOM_JOINED, room)
    return stay


@transactional
def leave(room_id: int, actor: Actor) -> None:
    """Note that a person is gone; nothing if the room was closed meanwhile."""
    room = db.session.scalar(
        select(Room).where(Room.id == room_id, Room.closed_at.is_(None)).with_for_update()
    )
    if room is None or not _end_stays(room, actor):
        return
    _log(room, actor, Kind.LEFT, LogEntry())
    record(actor, Deed.ROOM_LEFT, room)


@transactional
def add_stroke(
    room_id: int, actor: Actor, *, key: str, record_id: int, width: float, points: Sequence[Point]
) -> LogEntry:
    """Keep a stroke on a record. key: the drawing browser's own name for it; sent again after a
    lost answer, it is still one stroke. Raises Forbidden, Conflict, TooLarge."""
    room = _room(room_id, actor)
    if len(points) > MOST_POINTS:
        raise TooLarge(_("这一笔太长，请分几笔画"))
    if known := _said_before(room, actor, key):
        return known
    drawn = [[round(x, 1), round(y, 1), round(pressure, 2)] for x, y, pressure in points]
    entry = LogEntry(key=key, record_id=record_id, payload={"width": width, "points": drawn})
    return _log(room, actor, Kind.STROKE, entry)


@transactional
def undo_stroke(room_id: int, actor: Actor, number: int) -> LogEntry:
    """Take back a stroke of one's own. Raises Forbidden, Conflict if it is gone already."""
    room = _room(room_id, actor)
    stroke = db.session.scalar(
        select(LogEntry).where(
            LogEntry.room_id == room.id, LogEntry.number == number, LogEntry.kind == Kind.STROKE
        )
    )
    if stroke is None or stroke.author_id != actor.actor_id:
        raise Forbidden(_("只能撤销自己的笔迹"))
    undone = select(LogEntry.id).where(LogEntry.room_id == room.id, LogEntry.undoes == number)
    if db.session.scalar(undone) is not None:
        raise Conflict(_("这一笔已经撤销"))
    return _log(room, actor, Kind.UNDO, LogEntry(record_id=stroke.record_id, undoes=number))


@transactional
def say(room_id: int, actor: Actor, *, key: str, text: str) -> LogEntry:
    """Say something in writing. Raises Forbidden, Conflict, Invalid."""
    room = _room(room_id, actor)
    if not text.strip():
        raise Invalid({"text": _("请填写内容")})
    if len(text) > LONGEST_MESSAGE:
        raise Invalid({"text": _("内容不能超过%(n)s字", n=LONGEST_MESSAGE)})
    if known := _said_before(room, actor, key):
        return known
    return _log(room, actor, Kind.CHAT, LogEntry(key=key, payload={"text": text.strip()}))


@transactional
def turn_page(room_id: int, actor: Actor, record_id: int) -> LogEntry:
    """Bring everybody to a record. Raises Forbidden, Conflict."""
    return _log(_room(room_id, actor), actor, Kind.PAGE, LogEntry(record_id=record_id))


def catch_up(room_id: int, actor: Actor, after: int = 0) -> queries.Snapshot:
    """What happened in a room after a number. Raises Forbidden, Conflict if it is closed."""
    room = db.session.get(Room, room_id)
    if room is None or room.closed_at is not None:
        raise Conflict(_CLOSED)
    require(actor, Permission.ROOM_JOIN, room.consultation)
    return queries.snapshot(room, after)


_CLOSED = _("会诊室没有开放")


def _room(room_id: int, actor: Actor) -> Room:
    """The room, open and kept from others, for a person who is in it and still of its case."""
    room = _locked_open(Room.id == room_id)
    require(actor, Permission.ROOM_JOIN, room.consultation)
    if not _stays(room, actor):
        raise Forbidden(_("请先进入会诊室"))
    if room.last_number >= MOST_ENTRIES:
        raise TooLarge(_("会诊室的记录已满"))
    return room


def _locked_open(*where: Any) -> Room:
    statement = (
        select(Room)
        .where(*where, Room.closed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    room = db.session.scalar(statement)
    if room is None:
        raise Conflict(_CLOSED)
    return room


def _log(room: Room, actor: Actor, kind: Kind, entry: LogEntry) -> LogEntry:
    room.last_number += 1
    entry.room_id, entry.number = room.id, room.last_number
    entry.author_id, entry.kind, entry.at = actor.actor_id, kind, now()
    db.session.add(entry)
    db.session.flush()
    publish(Logged(entry))
    return entry


def _said_before(room: Room, actor: Actor, key: str) -> LogEntry | None:
    return db.session.scalar(
        select(LogEntry).where(
            LogEntry.room_id == room.id, LogEntry.author_id == actor.actor_id, LogEntry.key == key
        )
    )


def _stays(room: Room, actor: Actor) -> list[Attendance]:
    statement = select(Attendance).where(
        Attendance.room_id == room.id,
        Attendance.person_id == actor.actor_id,
        Attendance.left_at.is_(None),
    )
    return list(db.session.scalars(statement))


def _end_stays(room: Room, actor: Actor) -> bool:
    stays = _stays(room, actor)
    for stay in stays:
        stay.left_at = now()
    return bool(stays)


def _place(room: Room, actor: Actor) -> int:
    """The place the person had before, else the next one."""
    known = db.session.scalar(
        select(func.min(Attendance.place)).where(
            Attendance.room_id == room.id, Attendance.person_id == actor.actor_id
        )
    )
    if known is not None:
        return known
    room.seats += 1
    return room.seats - 1
