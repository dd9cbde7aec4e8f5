"""A room: who may be in it, what it keeps, and that it is over when it is over."""

import pytest
from sqlalchemy import select, text

from app.audit import AuditEntry, Deed, broken_links
from app.consultations.steps import case_of
from app.db import db, transactional
from app.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from app.permissions import Role
from app.processes.vocabulary import run_of, vocabulary
from app.rooms import actions, queries
from app.rooms.models import Attendance, Kind, LogEntry, Room
from tests.makers import make_person
from tests.session import make_session

LINE = [[10.04, 20.0, 0.5], [11.0, 21.0, 0.5]]


def draw(session, person, key="k1", points=LINE):
    return actions.add_stroke(session.room_id, person, key=key, record_id=7, width=4, points=points)


def test_a_diagram_opens_and_closes_the_room_by_name(app):
    session = make_session()
    session.close()
    assert {"open_room", "close_room"} <= set(vocabulary().operations)

    transactional(run_of("open_room"))(case_of(session.consultation, session.li))
    again = queries.open_room_of(session.consultation.id)
    assert again.id != session.room_id

    transactional(run_of("close_room"))(case_of(session.consultation, None))
    with pytest.raises(NotFound):
        queries.open_room_of(session.consultation.id)


def test_a_case_has_one_open_room(app):
    session = make_session()
    opened = transactional(actions.open_room)(case_of(session.consultation, session.li))
    assert opened.id == session.room_id
    assert db.session.query(Room).count() == 1


def test_only_the_cases_people_may_come_in(app):
    """S0-26, S4-5: neither a colleague with rights at the hospital nor an expert elsewhere."""
    session, other = make_session(), make_session()
    director = make_person(Role.MEDICAL_AFFAIRS, hospital=session.consultation.inviting_hospital)
    for stranger in (other.wang, director, make_person(Role.PLATFORM_ADMINISTRATOR)):
        with pytest.raises(Forbidden):
            actions.join(session.consultation.id, stranger)
    assert actions.join(session.consultation.id, session.wang).place == 0
    assert actions.join(session.consultation.id, session.li).place == 1


def test_nobody_comes_in_after_the_close(app):
    """S0-26"""
    session = make_session()
    actions.join(session.consultation.id, session.wang)
    session.close()
    with pytest.raises(Conflict):
        actions.join(session.consultation.id, session.wang)
    with pytest.raises(Conflict):
        draw(session, session.wang)
    with pytest.raises(Conflict):
        actions.catch_up(session.room_id, session.wang)
    assert db.session.scalars(select(Attendance)).one().left_at is not None


def test_a_late_joiner_gets_all_that_was_not_taken_back(app):
    session = make_session()
    actions.join(session.consultation.id, session.wang)
    first, second = draw(session, session.wang, "a"), draw(session, session.wang, "b")
    actions.say(session.room_id, session.wang, key="c", text=" 请看左下肺 ")
    actions.undo_stroke(session.room_id, session.wang, first.number)

    actions.join(session.consultation.id, session.li)
    snapshot = actions.catch_up(session.room_id, session.li)

    kinds = [(entry.kind, entry.number) for entry in snapshot.entries]
    assert kinds == [
        (Kind.JOINED, 1),
        (Kind.STROKE, second.number),
        (Kind.CHAT, 4),
        (Kind.JOINED, 6),
    ]
    assert snapshot.last == 6
    assert snapshot.entries[1].payload["points"] == [[10.0, 20.0, 0.5], [11.0, 21.0, 0.5]]
    assert snapshot.entries[2].payload == {"text": "请看左下肺"}
    assert [(member.name, member.place) for member in snapshot.members] == [
        ("王示例", 0),
        ("李示例", 1),
    ]


def test_whoever_missed_something_gets_what_came_after(app):
    session = make_session()
    actions.join(session.consultation.id, session.wang)
    stroke = draw(session, session.wang)
    actions.undo_stroke(session.room_id, session.wang, stroke.number)
    missed = actions.catch_up(session.room_id, session.wang, after=stroke.number)
    assert [(entry.kind, entry.undoes) for entry in missed.entries] == [(Kind.UNDO, 2)]
    assert actions.catch_up(session.room_id, session.wang, after=3).last == 3


def test_a_stroke_sent_twice_is_one_stroke(app):
    session = make_session()
    actions.join(session.consultation.id, session.wang)
    actions.join(session.consultation.id, session.li)
    assert draw(session, session.wang).number == draw(session, session.wang).number
    assert draw(session, session.li).number != draw(session, session.wang).number


def test_one_takes_back_ones_own_strokes_once(app):
    session = make_session()
    actions.join(session.consultation.id, session.wang)
    actions.join(session.consultation.id, session.li)
    stroke = draw(session, session.wang)
    with pytest.raises(Forbidden):
        actions.undo_stroke(session.room_id, session.li, stroke.number)
    with pytest.raises(Forbidden):
        actions.undo_stroke(session.room_id, session.wang, 1)  # it is no stroke
    actions.undo_stroke(session.room_id, session.wang, stroke.number)
    with pytest.raises(Conflict):
        actions.undo_stroke(session.room_id, session.wang, stroke.number)


def test_whoever_is_not_in_the_room_cannot_act_in_it(app):
    session = make_session()
    with pytest.raises(Forbidden):
        actions.say(session.room_id, session.wang, key="k", text="你好")
    actions.join(session.consultation.id, session.wang)
    session.remove(session.wang)
    db.session.expire_all()
    with pytest.raises(Forbidden):
        actions.say(session.room_id, session.wang, key="k", text="你好")


def test_what_is_too_much_is_refused(app, monkeypatch):
    session = make_session()
    actions.join(session.consultation.id, session.wang)
    with pytest.raises(TooLarge):
        draw(session, session.wang, points=LINE * actions.MOST_POINTS)
    with pytest.raises(Invalid):
        actions.say(session.room_id, session.wang, key="k", text="长" * 2001)
    with pytest.raises(Invalid):
        actions.say(session.room_id, session.wang, key="k", text="  ")
    monkeypatch.setattr(actions, "MOST_ENTRIES", 1)
    with pytest.raises(TooLarge):
        draw(session, session.wang)
    actions.join(session.consultation.id, session.li)  # a full room still lets people in


def test_a_stay_that_a_crash_left_open_ends_with_the_next_one(app):
    session = make_session()
    actions.join(session.consultation.id, session.wang)
    actions.join(session.consultation.id, session.wang)
    actions.leave(session.room_id, session.wang)
    actions.leave(session.room_id, session.wang)
    stays = db.session.scalars(select(Attendance)).all()
    assert [stay.left_at is None for stay in stays] == [False, False]
    assert {stay.place for stay in stays} == {0}
    kinds = db.session.scalars(select(LogEntry.kind).order_by(LogEntry.number)).all()
    assert kinds == [Kind.JOINED, Kind.JOINED, Kind.LEFT]


def test_coming_and_going_is_in_the_audit_trail(app):
    """S4-13"""
    session = make_session()
    actions.join(session.consultation.id, session.wang)
    actions.leave(session.room_id, session.wang)
    session.close()
    chain = select(AuditEntry).where(AuditEntry.chain == f"room:{session.room_id}")
    entries = db.session.scalars(chain.order_by(AuditEntry.place)).all()
    assert [(entry.deed, entry.actor_id) for entry in entries] == [
        (Deed.ROOM_OPENED, session.li.id),
        (Deed.ROOM_JOINED, session.wang.id),
        (Deed.ROOM_LEFT, session.wang.id),
        (Deed.ROOM_CLOSED, session.li.id),
    ]
    assert broken_links(entries) == []


def test_the_database_holds_neither_words_nor_lines_in_clear(app):
    """S4-11"""
    session = make_session()
    actions.join(session.consultation.id, session.wang)
    actions.say(session.room_id, session.wang, key="k", text="secret-words")
    draw(session, session.wang)
    payloads = db.session.execute(text("SELECT payload FROM room_log WHERE number > 1")).scalars()
    for payload in payloads:
        assert b"secret-words" not in bytes(payload)
        assert b"points" not in bytes(payload)
