"""What is told about rooms after a commit."""

from dataclasses import dataclass

from app.rooms.models import LogEntry


@dataclass(frozen=True)
class RoomClosed:
    """Nobody may be in the room any more."""

    room_id: int
    consultation_id: int


@dataclass(frozen=True)
class Logged:
    """Something happened in a room."""

    entry: LogEntry
