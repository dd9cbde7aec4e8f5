"""From what was committed to the pages it concerns. The only listener to `app.db.committed` here.

News for inboxes and cases says that something changed, never what: pages fetch it again with
their own rights. What happened in a room goes to whoever sits in it, and to nobody else.
"""

from collections.abc import Iterable
from functools import singledispatch
from typing import Any, cast

from flask import current_app
from flask_socketio import SocketIO

from app.consultations.models import Consultation
from app.consultations.steps import CaseMoved
from app.db import committed, db
from app.notices.actions import NoticeQueued, NoticesRead
from app.rooms import queries
from app.rooms.events import Logged, RoomClosed
from app.tasks.events import InboxChanged
from signaling import groups, messages
from signaling.connections import Connection, connections


@committed.connect
def hear(happening: object) -> None:
    """Pass on what happened; nothing to do where nobody can be connected (commands, jobs)."""
    if "connections" in current_app.extensions:
        _tell(happening)


@singledispatch
def _tell(_happening: object) -> None:
    """By kind of event; the others concern no open page."""


@_tell.register
def _(happening: Logged) -> None:
    told = messages.logged(happening.entry)
    _emit(told, groups.room(happening.entry.room_id))


@_tell.register
def _(happening: RoomClosed) -> None:
    for connection in connections().in_room(happening.room_id):
        _send_out(connection, "closed")
    # Also those who sit in it by another process.
    _io().close_room(groups.room(happening.room_id))


@_tell.register
def _(happening: CaseMoved) -> None:
    case_id = happening.consultation_id
    _emit({"type": "case:changed", "consultation": case_id}, groups.case(case_id))
    seated = connections().of_case(case_id)
    if seated:
        allowed = _read(lambda: queries.people_of(case_id))
        for connection in seated:
            if connection.person_id not in allowed:
                _send_out(connection, "removed")


@_tell.register
def _(happening: InboxChanged) -> None:
    if len(connections()):
        _emit({"type": "inbox:changed"}, _read(lambda: _concerned(happening.consultation_id)))


@_tell.register
def _(happening: NoticeQueued) -> None:
    _emit({"type": "notices:changed"}, [groups.person(key) for key in happening.recipient_ids])


@_tell.register
def _(happening: NoticesRead) -> None:
    _emit({"type": "notices:changed"}, [groups.person(happening.recipient_id)])


def _concerned(consultation_id: int) -> list[str]:
    """The case's people, and whoever holds a role at its hospitals or for the alliance."""
    consultation = db.session.get(Consultation, consultation_id)
    if consultation is None:
        return []
    stakes = consultation.stakes()
    people = [groups.person(person_id) for person_id in stakes.person_ids]
    hospitals = [groups.hospital(hospital_id) for hospital_id in stakes.hospital_ids]
    return [*people, *hospitals, groups.ALLIANCE]


def _send_out(connection: Connection, reason: str) -> None:
    seat = connections().stand_up(connection)
    if seat is None:
        return
    _emit({"type": "room:closed", "reason": reason}, connection.sid)
    _io().server.leave_room(connection.sid, groups.room(seat.room_id))


def _read(question: Any) -> Any:
    """Ask the database in a session of its own, given back before anything is sent: the one
    whose commit is being told of belongs to its action, and sending may yield."""
    with current_app._get_current_object().app_context():  # type: ignore[attr-defined]
        return question()


def _emit(message: dict[str, Any], to: str | Iterable[str]) -> None:
    groups_ = to if isinstance(to, str) else list(to)
    if groups_:
        _io().emit(message["type"], message, to=groups_)


def _io() -> SocketIO:
    return cast(SocketIO, current_app.extensions["socketio"])
