"""The board: previews are passed on and may be lost; a stroke is kept before it is shown."""

from typing import Any

from flask_socketio import emit

from app.rooms import actions
from signaling import groups
from signaling.connections import Connection
from signaling.events import on


@on("stroke:preview")
def on_preview(connection: Connection, message: dict[str, Any]) -> None:
    """Show the others a stroke while it is drawn. Only who sits in the room is looked at."""
    seat = connection.seated()
    told = {"type": "stroke:preview", "author": connection.person_id, **message}
    emit("stroke:preview", told, to=groups.room(seat.room_id), include_self=False)


@on("stroke:add")
def on_stroke(connection: Connection, message: dict[str, Any]) -> dict[str, Any]:
    """Keep a finished stroke; everybody is told after the commit."""
    entry = actions.add_stroke(
        connection.seated().room_id,
        connection.person(),
        key=message["key"],
        record_id=message["record"],
        width=message["width"],
        points=message["points"],
    )
    return {"number": entry.number}


@on("stroke:undo")
def on_undo(connection: Connection, message: dict[str, Any]) -> dict[str, Any]:
    """Take back a stroke of one's own."""
    room_id = connection.seated().room_id
    entry = actions.undo_stroke(room_id, connection.person(), message["number"])
    return {"number": entry.number}


@on("page:turn")
def on_page(connection: Connection, message: dict[str, Any]) -> dict[str, Any]:
    """Bring everybody to a record."""
    room_id = connection.seated().room_id
    entry = actions.turn_page(room_id, connection.person(), message["record"])
    return {"number": entry.number}
