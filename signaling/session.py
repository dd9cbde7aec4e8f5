"""Coming and going: connecting, watching a case, joining and leaving a room, presence (S0-28)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from flask import current_app, request, session
from flask_login import current_user
from flask_socketio import SocketIO, emit, join_room, leave_room

from app.accounts.models import Person
from app.accounts.sign_in import SignedIn
from app.config import Settings
from app.consultations.models import Consultation
from app.db import get_or_404
from app.errors import DomainError
from app.permissions import Permission, require
from app.rooms import actions
from signaling import groups, messages
from signaling.connections import Connection, Seat, connections
from signaling.events import on

log = structlog.get_logger()


def install(io: SocketIO) -> None:
    """Listen to sockets that open and close."""
    io.on_event("connect", on_connect)
    io.on_event("disconnect", on_disconnect)


def on_connect(_auth: Any = None) -> bool:
    """Let in whoever the session cookie says is signed in and approved; False refuses."""
    if not current_user.is_authenticated or not current_user.is_approved:
        return False
    person: SignedIn = current_user._get_current_object()
    connections().add(
        Connection(request.sid, person.id, person.epoch, _ends_at())  # type: ignore[attr-defined]
    )
    for group in _groups(person):
        join_room(group)
    return True


def _ends_at() -> datetime:
    settings: Settings = current_app.config["SETTINGS"]
    since = datetime.fromtimestamp(session["since"], UTC)
    return since + timedelta(seconds=settings.absolute_s)


def _groups(person: SignedIn) -> set[str]:
    """Where news for this person comes from."""
    found = {groups.person(person.id)}
    for grant in person.grants:
        found.add(groups.hospital(grant.hospital_id) if grant.hospital_id else groups.ALLIANCE)
    return found


def on_disconnect(*_reason: Any) -> None:
    """A socket closed: whoever sat in a room by it is gone."""
    connection = connections().remove(request.sid)  # type: ignore[attr-defined]
    if connection is None:
        return
    try:
        _leave(connection)
    except DomainError as error:
        log.info("left without notice", person=connection.person_id, code=error.code)


@on("case:watch")
def on_watch(connection: Connection, message: dict[str, Any]) -> None:
    """Hear when a case moves; whoever may read it may."""
    consultation = get_or_404(Consultation, message["consultation"])
    require(connection.person(), Permission.CONSULTATION_READ, consultation)
    join_room(groups.case(consultation.id))


@on("room:join")
def on_join(connection: Connection, message: dict[str, Any]) -> dict[str, Any]:
    """Enter a case's room; the others hear of it, the newcomer gets all that happened (S0-28)."""
    person = connection.person()
    stay = actions.join(message["consultation"], person)
    _leave(connection, unless=stay.room_id)
    seat = Seat(stay.room_id, message["consultation"], person.id, person.name, stay.place)
    before = connections().sit_down(connection, seat)
    if before is not None:
        emit("room:closed", {"type": "room:closed", "reason": "elsewhere"}, to=before.sid)
        leave_room(groups.room(seat.room_id), sid=before.sid)
    # First the group, then the snapshot: what happens in between comes twice rather than never.
    join_room(groups.room(seat.room_id))
    tell_presence(seat.room_id)
    taken = actions.catch_up(seat.room_id, person)
    return messages.snapshot(taken) | {"present": _present(seat.room_id)}


@on("room:leave")
def on_leave(connection: Connection, _message: dict[str, Any]) -> None:
    """Leave the room and stay connected."""
    _leave(connection)


@on("room:missed")
def on_missed(connection: Connection, message: dict[str, Any]) -> dict[str, Any]:
    """Catch up after a gap in the numbers."""
    seat = connection.seated()
    taken = actions.catch_up(seat.room_id, connection.person(), message["after"])
    return messages.snapshot(taken)


@on("room:media")
def on_media(connection: Connection, message: dict[str, Any]) -> None:
    """Show the others whether one's camera and microphone are on."""
    seat = connection.seated()
    connection.media = message
    tell_presence(seat.room_id)


def tell_presence(room_id: int) -> None:
    """Tell everybody in a room who is there now."""
    told = {"type": "room:present", "present": _present(room_id)}
    emit("room:present", told, to=groups.room(room_id), namespace="/")


def _present(room_id: int) -> list[dict[str, Any]]:
    return [
        messages.present(one.seat.person_id, one.seat.name, one.seat.place, one.media)
        for one in connections().in_room(room_id)
        if one.seat is not None
    ]


def _leave(connection: Connection, unless: int | None = None) -> None:
    if connection.seat is None or connection.seat.room_id == unless:
        return
    seat = connections().stand_up(connection)
    if seat is None:
        return
    leave_room(groups.room(seat.room_id), sid=connection.sid)
    tell_presence(seat.room_id)
    # Whoever lost their rights leaves too.
    actions.leave(seat.room_id, get_or_404(Person, seat.person_id))
