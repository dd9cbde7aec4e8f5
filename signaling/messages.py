"""The one place of message shapes: what a browser may send, and what it is told.

The same shapes stand in app/client/src/protocol.ts; tests/protocol/*.json holds both to it.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from app.rooms.models import Kind, LogEntry
from app.rooms.queries import Member, Snapshot

LARGEST_IMAGE = 65_535  # pixels; the most a JPEG can have
LONGEST_SDP = 64 * 1024
LONGEST_STROKE = 10_000  # points; the action knows the real limit and says it kindly


class Message(Schema):
    """Strict: an unknown field is a mistake or an attempt."""

    class Meta:
        unknown = RAISE


def _id() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 1))


class Points(fields.Field[list[list[float]]]):
    """[[x, y, pressure], …]: pixels of the record's natural size, pressure 0..1."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[list[float]]:
        if not isinstance(value, list) or not 1 <= len(value) <= LONGEST_STROKE:
            raise ValidationError("a list of points")
        if not all(_is_point(point) for point in value):
            raise ValidationError("points are [x, y, pressure]")
        return value


def _is_point(point: Any) -> bool:
    if not isinstance(point, list) or len(point) != 3:
        return False
    # bool is an int to Python; NaN fails both comparisons.
    if not all(type(number) in (int, float) for number in point):
        return False
    x, y, pressure = map(float, point)
    return 0 <= x <= LARGEST_IMAGE and 0 <= y <= LARGEST_IMAGE and 0 <= pressure <= 1


class CaseWatch(Message):
    """Wish to hear when a case moves."""

    consultation = _id()


class RoomJoin(Message):
    """Enter the open room of a case (S4-4)."""

    consultation = _id()


class RoomMissed(Message):
    """What happened after a number?"""

    after = fields.Integer(required=True, strict=True, validate=validate.Range(min=0))


class Empty(Message):
    """Nothing to say beyond the event's name."""


class Media(Message):
    """What one sends: shown beside one's name."""

    camera = fields.Boolean(required=True)
    microphone = fields.Boolean(required=True)


class StrokeAdd(Message):
    """A finished stroke."""

    key = fields.String(required=True, validate=validate.Length(1, 40))
    record = _id()
    width = fields.Float(required=True, validate=validate.Range(0.5, 200))
    points = Points(required=True)


class StrokePreview(StrokeAdd):
    """The points that a stroke under way has grown by."""


class StrokeUndo(Message):
    """Take back one's own stroke."""

    number = _id()


class PageTurn(Message):
    """Bring everybody to a record."""

    record = _id()


class ChatSay(Message):
    """A line of chat."""

    key = fields.String(required=True, validate=validate.Length(1, 40))
    text = fields.String(required=True)


class Description(Message):
    """An offer or an answer for one other person of the room (S4-4)."""

    to = _id()
    sdp = fields.String(required=True, validate=validate.Length(1, LONGEST_SDP))


# What RTCIceCandidate.toJSON() gives; browsers add fields of their own.
IceCandidate = Schema.from_dict(
    {
        "candidate": fields.String(required=True, validate=validate.Length(max=1000)),
        "sdpMid": fields.String(allow_none=True, validate=validate.Length(max=64)),
        "sdpMLineIndex": fields.Integer(allow_none=True),
        "usernameFragment": fields.String(allow_none=True, validate=validate.Length(max=256)),
    },
    name="IceCandidate",
)


class Candidate(Message):
    """A way to reach one, for one other person of the room; null ends the list (S4-4)."""

    to = _id()
    candidate = fields.Nested(IceCandidate, required=True, allow_none=True, unknown=EXCLUDE)


# Every event a browser may send.
INCOMING: dict[str, type[Schema]] = {
    "case:watch": CaseWatch,
    "room:join": RoomJoin,
    "room:leave": Empty,
    "room:missed": RoomMissed,
    "room:media": Media,
    "call:offer": Description,
    "call:answer": Description,
    "call:candidate": Candidate,
    "stroke:preview": StrokePreview,
    "stroke:add": StrokeAdd,
    "stroke:undo": StrokeUndo,
    "page:turn": PageTurn,
    "chat:say": ChatSay,
}

_NAMES = {
    Kind.STROKE: "stroke:added",
    Kind.UNDO: "stroke:undone",
    Kind.CHAT: "chat:said",
    Kind.PAGE: "page:turned",
    Kind.JOINED: "person:joined",
    Kind.LEFT: "person:left",
}


def logged(entry: LogEntry) -> dict[str, Any]:
    """An entry of a room's log, as everybody in the room is told; `type` is the event's name."""
    kind = Kind(entry.kind)
    common = {
        "type": _NAMES[kind],
        "number": entry.number,
        "author": entry.author_id,
        "at": entry.at.isoformat(),
    }
    return common | _own(kind, entry)


def _own(kind: Kind, entry: LogEntry) -> dict[str, Any]:
    match kind:
        case Kind.STROKE:
            return {"key": entry.key, "record": entry.record_id, **entry.payload}
        case Kind.UNDO:
            return {"stroke": entry.undoes}
        case Kind.CHAT:
            return {"key": entry.key, **entry.payload}
        case Kind.PAGE:
            return {"record": entry.record_id}
        case Kind.JOINED | Kind.LEFT:
            return {}


def snapshot(taken: Snapshot) -> dict[str, Any]:
    """What a late joiner, or somebody who missed something, is given."""
    return {
        "room": taken.room_id,
        "last": taken.last,
        "members": [member(one) for one in taken.members],
        "entries": [logged(entry) for entry in taken.entries],
    }


def member(one: Member) -> dict[str, Any]:
    """A person of the room; `place` colours their pen."""
    return {"id": one.id, "name": one.name, "place": one.place}


def present(person_id: int, name: str, place: int, media: Mapping[str, bool]) -> dict[str, Any]:
    """A person who is in the room now, and what they send."""
    sending = {"camera": False, "microphone": False} | dict(media)
    return {"id": person_id, "name": name, "place": place, **sending}
