"""The messages of tests/protocol are the messages of this side; vitest holds the other to them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from marshmallow import ValidationError

from app.rooms.models import Kind, LogEntry
from signaling import messages
from signaling.messages import INCOMING

FOLDER = Path(__file__).parent.parent / "protocol"
FROM_PAGE = json.loads((FOLDER / "from_page.json").read_text("utf-8"))
TO_PAGE = json.loads((FOLDER / "to_page.json").read_text("utf-8"))


def test_every_event_has_examples():
    assert set(FROM_PAGE) == set(INCOMING)


@pytest.mark.parametrize(
    ("event", "message"), [(e, m) for e, each in FROM_PAGE.items() for m in each["valid"]]
)
def test_what_a_page_sends_is_taken_as_it_is(event, message):
    assert INCOMING[event]().load(message) == message


@pytest.mark.parametrize(
    ("event", "message"), [(e, m) for e, each in FROM_PAGE.items() for m in each["refused"]]
)
def test_what_a_page_does_not_send_is_refused(event, message):
    with pytest.raises(ValidationError):
        INCOMING[event]().load(message)


def entry(kind, **fields):
    at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    return LogEntry(kind=kind, number=3, author_id=1, at=at, **fields)


LOGGED = [
    entry(
        Kind.STROKE,
        key="k1",
        record_id=7,
        payload={"width": 4.5, "points": [[10, 20.5, 0.5], [11.2, 21, 0.61]]},
    ),
    entry(Kind.UNDO, undoes=2),
    entry(Kind.CHAT, key="k2", payload={"text": "请看左下肺"}),
    entry(Kind.PAGE, record_id=7),
    entry(Kind.JOINED),
    entry(Kind.LEFT),
]


@pytest.mark.parametrize("logged", LOGGED, ids=lambda one: one.kind)
def test_what_is_in_the_log_is_told_as_in_the_examples(logged):
    told = messages.logged(logged)
    assert told in TO_PAGE
    assert {one["type"] for one in TO_PAGE if "number" in one} >= {told["type"]}


def test_presence_is_told_as_in_the_examples():
    told = messages.present(1, "李示例", 0, {"camera": True})
    (example,) = [one for one in TO_PAGE if one["type"] == "room:present"]
    assert example["present"] == [told]
