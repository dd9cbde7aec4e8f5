"""Chat: a line is kept before it is shown."""

from typing import Any

from app.rooms import actions
from signaling.connections import Connection
from signaling.events import on


@on("chat:say")
def on_say(connection: Connection, message: dict[str, Any]) -> dict[str, Any]:
    """Say something in writing; everybody is told after the commit."""
    room_id = connection.seated().room_id
    entry = actions.say(room_id, connection.person(), key=message["key"], text=message["text"])
    return {"number": entry.number}
