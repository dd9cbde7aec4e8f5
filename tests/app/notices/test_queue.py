"""Queuing: with the deed or not at all, once for each person, in one statement."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from app.db import committed, db, transactional
from app.notices.actions import NoticeQueued, queue
from app.notices.models import Notice, State
from notifications import BadParameters, Way
from tests.makers import make_person

AT = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)


@pytest.fixture
def with_sms(app, monkeypatch):
    monkeypatch.setitem(app.extensions["channels"], Way.SMS, object())


def told(person):
    rows = db.session.query(Notice).filter_by(recipient_id=person.id).order_by(Notice.id)
    return [(row.template, row.channel, row.state) for row in rows]


def test_an_invitation_goes_to_the_product_and_the_phone(app, with_sms, clock):
    """S0-25: invited experts are told in the product and by SMS."""
    expert, without_phone = make_person(phone="13800000001"), make_person()

    @transactional
    def invite():
        queue([expert, without_phone, expert], "expert-invited", 7, number="HZ-1", at=AT)

    invite()
    assert told(expert) == [
        ("expert-invited", "in_app", State.SENT),
        ("expert-invited", "sms", State.QUEUED),
    ]
    assert told(without_phone) == [("expert-invited", "in_app", State.SENT)]
    sms = db.session.query(Notice).filter_by(channel="sms").one()
    assert sms.next_attempt_at == clock()
    assert sms.consultation_id == 7
    assert sms.params == {"number": "HZ-1", "at": "2026-03-05T02:30:00+00:00"}


def test_what_is_not_urgent_stays_in_the_product(app, with_sms):
    person = make_person(phone="13800000001")
    transactional(lambda: queue(person, "comment-added", 1, number="HZ-1"))()
    assert told(person) == [("comment-added", "in_app", State.SENT)]


def test_without_a_channel_nothing_waits_for_it(app):
    person = make_person(phone="13800000001", email="a@example.org")
    transactional(lambda: queue(person, "refused", 1, number="HZ-1"))()
    assert told(person) == [("refused", "in_app", State.SENT)]


def test_nobody_is_told_of_what_did_not_happen(app):
    person = make_person()

    @transactional
    def fail():
        queue(person, "refused", 1, number="HZ-1")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    transactional(lambda: None)()
    assert told(person) == []


def test_many_recipients_and_templates_cost_one_insert(app, with_sms):
    """The completion of a task has few statements to spend; telling people takes one."""
    people = [make_person(phone=f"1380000{n:04}") for n in range(5)]
    statements = []

    @transactional
    def act():
        queue(people, "session-arranged", 1, number="HZ-1", at=AT)
        db.session.query(Notice).count()  # a read in between does not flush half of them
        queue(people[0], "task-assigned", 1, number="HZ-1", task="排期", task_id=3)

    def listen(connection, cursor, statement, parameters, context, executemany):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert len([text for text in statements if text.startswith("INSERT")]) == 1
    assert db.session.query(Notice).count() == 11


def test_one_event_tells_who_has_news(app):
    first, second = make_person(), make_person()
    heard = []

    def listen(happening):
        heard.append(happening)

    @transactional
    def act():
        queue([second, first], "comment-added", 1, number="HZ-1")
        queue(first, "withdrawn", 1, number="HZ-1")

    with committed.connected_to(listen):
        act()
    assert heard == [NoticeQueued((first.id, second.id))]


@pytest.mark.parametrize(
    ("template", "params"),
    [
        ("no-such-notice", {}),
        ("refused", {}),
        ("refused", {"number": "HZ-1", "diagnosis": "肺炎"}),
        ("refused", {"number": 7}),
        ("session-arranged", {"number": "HZ-1", "at": datetime(2026, 3, 5)}),  # noqa: DTZ001
    ],
)
def test_what_a_template_does_not_declare_is_refused(app, template, params):
    """P-7: only declared facts reach a notice; no template declares a diagnosis or a name."""
    with pytest.raises(BadParameters):
        queue(make_person(), template, 1, **params)
