"""The outbox: everything queued is sent, normally once, whoever crashes."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import event, insert, text

from app.config import Mode, Twilio
from app.db import db, transactional
from app.notices import delivery
from app.notices.actions import queue
from app.notices.channels import channels
from app.notices.delivery import LEASE_S, MAX_ATTEMPTS, deliver_due, pause
from app.notices.models import Notice, State
from notifications import Failure, Way
from notifications.console import Console
from notifications.recorder import Recorder
from tests.makers import make_person
from tests.twilio_server import SID, TOKEN, twilio_server


@pytest.fixture
def outbox(app, clock, monkeypatch):
    recorder = Recorder()
    monkeypatch.setitem(app.extensions["channels"], Way.SMS, recorder)
    return recorder


def tell(*people, template="refused", **params):
    transactional(lambda: queue(people, template, 1, number="HZ-1", **params))()


def sms_row():
    db.session.expire_all()
    return db.session.query(Notice).filter_by(channel=Way.SMS).one()


def test_a_refusal_reaches_the_phone_in_the_persons_language(outbox, clock):
    """S2-33: both who applied and who coordinates are told, each in their own language."""
    tell(make_person(phone="13800000001"), make_person(phone="13800000002", language="en"))
    clock.move(seconds=3)
    assert deliver_due() == 2
    assert outbox.last_to("13800000001").text == (
        "【会诊】会诊HZ-1的申请未通过审核，请登录查看原因。"
    )
    assert outbox.last_to("13800000002").text.startswith("[Huizhen] The application HZ-1")
    sent = db.session.query(Notice).filter_by(channel=Way.SMS).all()
    assert {(row.state, row.sent_at, row.next_attempt_at) for row in sent} == {
        (State.SENT, clock(), None)
    }
    assert deliver_due() == 0


def test_what_is_sent_is_read_from_the_sealed_column_and_told_by_ids_only(outbox):
    """P-7: the row and the log hold neither number nor words."""
    tell(make_person(phone="13800000001"))
    outbox.failures.append(Failure("twilio-20429", is_permanent=False))
    with structlog.testing.capture_logs() as logged:
        deliver_due()
    rows = db.session.execute(text("SELECT * FROM notices")).mappings().all()
    assert "13800000001" not in json.dumps([dict(row) for row in rows], default=str)
    assert [entry["event"] for entry in logged] == ["notice postponed"]
    assert "13800000001" not in str(logged)


def test_a_failure_is_tried_again_later_and_later(outbox, clock):
    tell(make_person(phone="13800000001"))
    waits = []
    for attempt in range(1, 5):
        outbox.failures.append(Failure("twilio-20429", is_permanent=False))
        assert deliver_due() == 1
        row = sms_row()
        assert (row.state, row.attempts, row.error) == (State.QUEUED, attempt, "twilio-20429")
        waits.append(row.next_attempt_at - clock())
        assert pause(attempt) / 2 <= waits[-1] <= pause(attempt)
        clock.moment = row.next_attempt_at - timedelta(seconds=1)
        assert deliver_due() == 0
        clock.move(seconds=1)
    assert [pause(attempt).seconds for attempt in range(1, 9)] == [
        30, 60, 120, 240, 480, 960, 1800, 1800,
    ]  # fmt: skip
    assert deliver_due() == 1
    assert (sms_row().state, sms_row().error) == (State.SENT, None)
    assert len(outbox.sent) == 1


def test_pauses_differ_so_that_a_crowd_does_not_return_at_once(outbox, clock):
    tell(*[make_person(phone=f"138000000{n:02}") for n in range(8)])
    outbox.failures.extend(Failure("twilio-20429", is_permanent=False) for _ in range(8))
    deliver_due()
    rows = db.session.query(Notice).filter_by(channel=Way.SMS)
    assert len({row.next_attempt_at for row in rows}) == 8


def test_after_enough_attempts_it_is_given_up(outbox, clock):
    tell(make_person(phone="13800000001"))
    outbox.failures.extend(Failure("down", is_permanent=False) for _ in range(20))
    for _ in range(20):
        deliver_due()
        clock.move(hours=1)
    row = sms_row()
    assert (row.state, row.attempts, row.next_attempt_at) == (State.DEAD, MAX_ATTEMPTS, None)
    assert outbox.sent == []


def test_a_number_that_does_not_exist_is_not_tried_again(outbox, clock):
    tell(make_person(phone="13800000001"))
    outbox.failures.append(Failure("twilio-21211", is_permanent=True))
    deliver_due()
    clock.move(days=1)
    assert deliver_due() == 0
    assert (sms_row().state, sms_row().error) == (State.FAILED, "twilio-21211")


def test_a_person_who_took_their_number_away_is_not_called(outbox):
    person = make_person(phone="13800000001")
    tell(person)
    person.phone = None
    db.session.commit()
    deliver_due()
    assert (sms_row().state, sms_row().error) == (State.FAILED, "no-address")


def test_one_broken_notice_does_not_keep_the_others_back(outbox):
    tell(make_person(phone="13800000001"), make_person(phone="13800000002"))
    first = db.session.query(Notice).filter_by(channel=Way.SMS).order_by(Notice.id).first()
    first.template = "of-an-older-version"
    db.session.commit()
    deliver_due()
    assert [message.to for message in outbox.sent] == ["13800000002"]


class Crash(BaseException):
    """The process is gone: nothing after it runs."""


def test_a_crash_after_sending_costs_a_second_copy_and_loses_nothing(outbox, clock, monkeypatch):
    """At least once: what was sent but not noted is sent again when the lease has run out."""
    tell(make_person(phone="13800000001"))

    def crash(*_):
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_mark", crash)
        with pytest.raises(Crash):
            deliver_due()
    assert len(outbox.sent) == 1
    assert sms_row().state == State.SENDING

    clock.move(seconds=LEASE_S - 1)
    assert deliver_due() == 0
    clock.move(seconds=1)
    assert deliver_due() == 1
    assert len(outbox.sent) == 2
    assert outbox.sent[0].key == outbox.sent[1].key
    assert (sms_row().state, sms_row().attempts) == (State.SENT, 2)


def test_a_notice_that_kills_every_sender_is_given_up(outbox, clock, monkeypatch):
    tell(make_person(phone="13800000001"))

    class Killer:
        def send(self, message):
            raise Crash

    with monkeypatch.context() as patch:
        patch.setitem(delivery.current_app.extensions["channels"], Way.SMS, Killer())
        for _ in range(MAX_ATTEMPTS):
            with pytest.raises(Crash):
                deliver_due()
            clock.move(seconds=LEASE_S)
        assert deliver_due() == 1
    assert (sms_row().state, sms_row().error) == (State.DEAD, "abandoned")


def test_who_lost_the_lease_does_not_overwrite_who_has_it(outbox, clock, monkeypatch):
    tell(make_person(phone="13800000001"))
    (slow,) = delivery._claim(1)
    clock.move(seconds=LEASE_S)
    (quick,) = delivery._claim(1)
    delivery._mark(quick, delivery._attempt(quick))
    delivery._mark(slow, delivery.Outcome(State.FAILED, error="late"))
    assert (sms_row().state, sms_row().error) == (State.SENT, None)


def test_a_slow_channel_does_not_outlive_the_lease(app, clock, monkeypatch):
    class Slow(Recorder):
        def send(self, message):
            clock.move(seconds=LEASE_S / 2)
            return super().send(message)

    slow = Slow()
    monkeypatch.setitem(app.extensions["channels"], Way.SMS, slow)
    tell(*[make_person(phone=f"1380000000{n}") for n in range(4)])
    assert deliver_due() == 2
    assert deliver_due() == 2
    assert len({message.to for message in slow.sent}) == len(slow.sent) == 4


def test_nothing_is_held_while_a_provider_thinks(app, outbox, monkeypatch):
    """A send runs outside any transaction: another connection can write meanwhile."""

    class Busy(Recorder):
        def send(self, message):
            assert not db.session().in_transaction()
            with db.engine.begin() as other:
                other.execute(text("UPDATE people SET specialty = 'written meanwhile'"))
            return super().send(message)

    monkeypatch.setitem(app.extensions["channels"], Way.SMS, Busy())
    tell(make_person(phone="13800000001"))
    deliver_due()
    assert sms_row().state == State.SENT


def test_two_deliverers_send_each_notice_once(app, outbox):
    people = [make_person(phone=f"1380000{n:04}") for n in range(60)]
    tell(*people)
    start, tried = threading.Barrier(2), []

    def run():
        with app.app_context():
            start.wait()
            while done := deliver_due(5):
                tried.append(done)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tried) == 60
    assert sorted(message.to for message in outbox.sent) == [person.phone for person in people]
    states = db.session.query(Notice.state, Notice.attempts).filter_by(channel=Way.SMS).distinct()
    assert states.all() == [(State.SENT, 1)]


def test_ten_thousand_sleeping_notices_cost_one_indexed_query(app, outbox, clock):
    """A tick reads the index of what is due, not the table."""
    person = make_person(phone="13800000001")
    row = {
        "recipient_id": person.id,
        "channel": "sms",
        "template": "refused",
        "params": {"number": "HZ-1"},
        "consultation_id": None,
        "state": State.QUEUED,
        "created_at": clock(),
        "next_attempt_at": clock() + timedelta(hours=1),
    }
    with db.engine.begin() as connection:
        connection.execute(insert(Notice), [row] * 10_000)
        connection.execute(text("ANALYZE notices"))
    statements = []

    def listen(connection, cursor, statement, parameters, context, executemany):
        if not statement.startswith("BEGIN"):
            statements.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert deliver_due() == 0
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    ((statement, parameters),) = statements
    is_sqlite = db.engine.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    with db.engine.connect() as connection:
        plan = "\n".join(
            str(line) for line in connection.exec_driver_sql(explain + statement, parameters)
        )
    assert "ix_notices_due" in plan
    assert "SCAN notices" not in plan
    assert "Seq Scan on notices" not in plan


def test_a_hospital_with_twilio_sends_by_twilio(app, settings, clock, monkeypatch):
    """The whole way: queued with a deed, rendered, accepted by the Messages API, noted."""
    with twilio_server() as server:
        account = Twilio(SID, TOKEN, "+8610000000", server.url)
        installed = channels(replace(settings, twilio=account))
        monkeypatch.setitem(app.extensions, "channels", installed)
        tell(make_person(phone="13800000001"), template="session-arranged", at=clock())
        server.errors.append((500, 20500))
        deliver_due()
        assert (sms_row().state, sms_row().error) == (State.QUEUED, "twilio-20500")
        clock.move(minutes=1)
        deliver_due()
        assert [message["Body"] for message in server.messages] == [
            "【会诊】会诊HZ-1已排期，时间3月2日09:00，请准时进入会诊间。"
        ]
    assert sms_row().provider_id == f"SM{1:032x}"


def test_the_demo_shows_texts_on_its_console(settings):
    installed = channels(replace(settings, mode=Mode.DEMO))
    assert isinstance(installed[Way.SMS], Console)
    assert channels(settings) == {}
