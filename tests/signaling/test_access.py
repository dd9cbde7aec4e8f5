"""One table crosses every socket event with everybody who might send it. The default is no."""

import pytest

from app.permissions import Role
from signaling.messages import INCOMING
from tests.makers import make_department, make_person
from tests.session import make_session
from tests.signaling.test_room import STROKE, enter

SDP = "v=0\r\n"
OK, FORBIDDEN = "ok", "forbidden"

# What each event is sent with; {…} is filled in from the session.
MESSAGES = {
    "case:watch": {"consultation": "{case}"},
    "room:join": {"consultation": "{case}"},
    "room:leave": {},
    "room:missed": {"after": 0},
    "room:media": {"camera": True, "microphone": True},
    "call:offer": {"to": "{li}", "sdp": SDP},
    "call:answer": {"to": "{li}", "sdp": SDP},
    "call:candidate": {"to": "{li}", "candidate": None},
    "stroke:preview": STROKE,
    "stroke:add": STROKE,
    "stroke:undo": {"number": "{stroke}"},
    "page:turn": {"record": 7},
    "chat:say": {"key": "x", "text": "你好"},
}

# Who reads a case without being of it may watch it and no more.
READERS = {Role.DEPARTMENT_DIRECTOR, Role.MEDICAL_AFFAIRS, Role.TRIAGE_COORDINATOR}
READERS |= {Role.FOLLOW_UP_STAFF}
HARMLESS = {"room:leave"}  # of a room one is not in


def expected(event, role):
    if event in HARMLESS or (event == "case:watch" and role in READERS):
        return OK
    return FORBIDDEN


def verdict(answer):
    return OK if answer["ok"] else answer["code"]


def filled(event, session, stroke=1):
    values = {"{case}": session.consultation.id, "{li}": session.li.id, "{stroke}": stroke}
    return {
        key: values.get(value, value) if isinstance(value, str) else value
        for key, value in MESSAGES[event].items()
    }


def test_the_table_is_whole():
    assert set(MESSAGES) == set(INCOMING)


@pytest.mark.parametrize("role", Role)
def test_whoever_is_not_of_the_case_is_refused(socket, app, role):
    session = make_session()
    enter(socket, session, session.li)
    case = session.consultation
    person = make_person(role, department=case.inviting_department)
    page = socket(person)
    verdicts = {event: verdict(page.send(event, **filled(event, session))) for event in INCOMING}
    assert verdicts == {event: expected(event, role) for event in INCOMING}


@pytest.mark.parametrize("role", Role)
def test_a_role_elsewhere_opens_nothing(socket, app, role):
    session = make_session()
    page = socket(make_person(role, department=make_department()))
    alliance_reader = role is Role.TRIAGE_COORDINATOR
    for event in set(INCOMING) - HARMLESS:
        wanted = OK if alliance_reader and event == "case:watch" else FORBIDDEN
        assert verdict(page.send(event, **filled(event, session))) == wanted, event


def test_a_persons_own_room_is_open_to_them(socket, app):
    session = make_session()
    enter(socket, session, session.li)
    wang = enter(socket, session, session.wang)
    stroke = wang.send("stroke:add", **{**STROKE, "key": "own"})["number"]
    events = [event for event in INCOMING if event != "room:leave"]
    for event in [*events, "room:leave"]:
        assert verdict(wang.send(event, **filled(event, session, stroke))) == OK, event


def test_before_entering_nothing_in_the_room_is_open_to_its_own_people(socket, app):
    session = make_session()
    enter(socket, session, session.li)
    wang = socket(session.wang)
    for event in set(INCOMING) - HARMLESS - {"case:watch", "room:join"}:
        assert verdict(wang.send(event, **filled(event, session))) == FORBIDDEN, event
