"""Relaying what two browsers need to find each other: offer, answer, candidates (S4-4, S4-5).

What is relayed is not read. Both must sit in the same open room, and still be of its case.
"""

from typing import Any

from flask_socketio import emit

from app.errors import Forbidden, NotFound
from app.rooms import queries
from signaling.connections import Connection, connections
from signaling.events import on


@on("call:offer")
def on_offer(connection: Connection, message: dict[str, Any]) -> None:
    """Offer a connection to another person in the room."""
    _relay("call:offer", connection, message)


@on("call:answer")
def on_answer(connection: Connection, message: dict[str, Any]) -> None:
    """Answer an offer."""
    _relay("call:answer", connection, message)


@on("call:candidate")
def on_candidate(connection: Connection, message: dict[str, Any]) -> None:
    """Tell another person in the room one way to be reached."""
    _relay("call:candidate", connection, message)


def _relay(name: str, connection: Connection, message: dict[str, Any]) -> None:
    seat = connection.seated()
    target = connections().at(seat.room_id, message.pop("to"))
    if target is None:
        raise NotFound  # in another room, or gone: the same answer, nothing is learnt
    admitted = queries.admitted(seat.room_id)
    if not {connection.person().id, target.person_id} <= admitted:
        raise Forbidden
    emit(name, {"type": name, "from": connection.person_id, **message}, to=target.sid)
