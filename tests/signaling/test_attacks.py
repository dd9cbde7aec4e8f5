"""What a hostile page may try on an open socket."""

import pytest

from app.accounts.models import Standing
from app.consultations.models import Participant
from app.db import db
from app.permissions import Role
from signaling import limits
from signaling.limits import Bucket
from tests.makers import make_person
from tests.session import make_session
from tests.signaling.test_room import STROKE, enter

SDP = {"sdp": "v=0\r\n"}


def test_a_stranger_cannot_connect(socket, app):
    """S4-5"""
    assert not socket(None).is_connected


@pytest.mark.parametrize("standing", [Standing.PENDING, Standing.REFUSED, Standing.SUSPENDED])
def test_whoever_is_not_approved_cannot_connect(socket, app, standing):
    assert not socket(make_person(Role.EXPERT, standing=standing)).is_connected


def test_a_sign_in_ended_elsewhere_ends_what_a_socket_may_do(socket, app):
    session = make_session()
    wang = enter(socket, session, session.wang)
    session.wang.epoch += 1
    db.session.commit()
    assert wang.send("chat:say", key="a", text="你好")["code"] == "unauthenticated"


def test_a_sign_in_grown_too_old_ends_what_a_socket_may_do(socket, app, clock):
    session = make_session()
    wang = enter(socket, session, session.wang)
    clock.move(hours=13)
    assert wang.send("chat:say", key="a", text="你好")["code"] == "unauthenticated"


def test_the_room_of_another_case_is_closed_to_everybody_else(socket, app):
    session, other = make_session(), make_session()
    stranger = socket(other.wang)
    assert stranger.send("room:join", consultation=session.consultation.id)["code"] == "forbidden"
    assert stranger.send("room:join", consultation=987654)["code"] == "not-found"
    assert stranger.send("stroke:add", **STROKE)["code"] == "forbidden"


@pytest.mark.parametrize("event", ["call:offer", "call:answer"])
def test_an_offer_reaches_one_person_of_the_same_room_and_nobody_else(socket, app, event):
    """S4-4, S4-5"""
    session, other = make_session(), make_session()
    li, wang, zhao = (
        enter(socket, session, person) for person in (session.li, session.wang, session.zhao)
    )
    outsider = enter(socket, other, other.wang)
    for page in (li, wang, zhao, outsider):
        page.heard()

    assert li.send(event, to=session.wang.id, **SDP)["ok"]
    assert wang.heard() == [{"type": event, "from": session.li.id, **SDP}]
    assert zhao.heard() == []

    assert outsider.send(event, to=session.wang.id, **SDP)["code"] == "not-found"
    assert socket(session.wang).send(event, to=session.li.id, **SDP)["code"] == "forbidden"
    assert wang.heard() == li.heard() == []


def test_candidates_pass_with_what_browsers_add_left_out(socket, app):
    session = make_session()
    li, wang = enter(socket, session, session.li), enter(socket, session, session.wang)
    wang.heard()
    candidate = {"candidate": "candidate:1 1 udp 1 192.0.2.1 5000 typ host", "sdpMid": "0"}
    sent = {**candidate, "sdpMLineIndex": 0, "usernameFragment": "x", "relayProtocol": "udp"}
    assert li.send("call:candidate", to=session.wang.id, candidate=sent)["ok"]
    assert li.send("call:candidate", to=session.wang.id, candidate=None)["ok"]
    first, last = wang.heard()
    assert first["candidate"] == {**candidate, "sdpMLineIndex": 0, "usernameFragment": "x"}
    assert last["candidate"] is None


def test_a_removed_persons_open_socket_can_signal_nobody(socket, app):
    """S4-5: even if the news of the removal never came."""
    session = make_session()
    li, wang = enter(socket, session, session.li), enter(socket, session, session.wang)
    part = db.session.query(Participant).filter_by(person_id=session.wang.id).one()
    part.ended_at = session.consultation.created_at
    db.session.commit()
    li.heard()
    assert wang.send("call:offer", to=session.li.id, **SDP)["code"] == "forbidden"
    assert li.send("call:offer", to=session.wang.id, **SDP)["code"] == "forbidden"
    assert wang.send("stroke:add", **STROKE)["code"] == "forbidden"
    assert wang.send("room:missed", after=0)["code"] == "forbidden"
    assert li.heard() == []


MALFORMED = {
    "no message": (),
    "text": ("room",),
    "a list": ([1, 2],),
    "two messages": ({"number": 1}, {"number": 2}),
    "bytes": (b"\x00\x01",),
    "an unknown field": ({"key": "k", "text": "x", "author": 1},),
    "a wrong type": ({"key": "k", "text": {"html": "x"}},),
    "a long key": ({"key": "k" * 41, "text": "x"},),
}


@pytest.mark.parametrize("args", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_messages_are_refused(socket, app, args):
    session = make_session()
    wang = enter(socket, session, session.wang)
    with wang._app.app_context():
        answer = wang.client.emit("chat:say", *args, callback=True)
    assert (answer["ok"], answer["code"]) == (False, "invalid")


POINTS = {
    "none": [],
    "not a list": "10,20",
    "two numbers": [[1, 2]],
    "text": [["1", 2, 0.5]],
    "booleans": [[True, 2, 0.5]],
    "not a number": [[float("nan"), 2, 0.5]],
    "infinite": [[float("inf"), 2, 0.5]],
    "off the image": [[-1, 2, 0.5]],
    "far away": [[1e9, 2, 0.5]],
    "too strong": [[1, 2, 7]],
    "too many": [[1, 2, 0.5]] * 10_001,
}


@pytest.mark.parametrize("points", POINTS.values(), ids=POINTS.keys())
@pytest.mark.parametrize("event", ["stroke:add", "stroke:preview"])
def test_strokes_of_impossible_points_are_refused(socket, app, event, points):
    session = make_session()
    wang = enter(socket, session, session.wang)
    assert wang.send(event, **{**STROKE, "points": points})["code"] == "invalid"


def test_a_flood_is_slowed_down_and_then_cut_off(socket, app, monkeypatch):
    monkeypatch.setattr(limits, "BURST", 5)
    monkeypatch.setattr(limits, "ENOUGH", 20)
    wang = socket(make_person(Role.EXPERT))
    connection_bucket_is_full(wang)
    codes = [wang.send("room:leave").get("code") for _ in range(10)]
    assert "too-many" in codes
    for _ in range(20):
        if wang.client.is_connected():
            wang.send("room:leave")
    assert not wang.client.is_connected()


def connection_bucket_is_full(page):
    from signaling.connections import connections

    (connection,) = connections()._by_sid.values()
    connection.bucket = Bucket(clock=lambda: 0.0, tokens=5)


def test_a_bucket_refills_with_time():
    moment = [0.0]
    bucket = Bucket(clock=lambda: moment[0])
    assert all(bucket.take() for _ in range(limits.BURST))
    assert not bucket.take()
    moment[0] = 1.0
    assert sum(bucket.take() for _ in range(limits.BURST)) == limits.PER_SECOND
