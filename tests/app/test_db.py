"""Transactions: whole or not at all, and events only after the commit."""

import pytest

from app.audit import GENESIS, AuditEntry, Deed, broken_links, record
from app.db import committed, db, publish, transactional
from app.organisations.models import Alliance, Hospital
from tests.makers import make_hospital, make_person


@pytest.fixture
def heard():
    events = []

    def listen(event):
        events.append((event, db.session.query(Hospital).count()))

    committed.connect(listen)
    yield events
    committed.disconnect(listen)


def test_an_event_is_told_after_the_commit(app, heard):
    @transactional
    def act():
        db.session.add(Hospital(name="新院", level="2A", alliance=Alliance(name="新盟")))
        publish("added")
        assert heard == []

    act()
    assert heard == [("added", 1)]


def test_nothing_is_told_or_kept_when_an_action_fails(app, heard):
    hospital = make_hospital()

    @transactional
    def act():
        hospital.name = "改名"
        record(None, Deed.HOSPITAL_CHANGED, hospital)
        publish("changed")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        act()
    assert heard == []
    assert db.session.get(Hospital, hospital.id).name != "改名"
    assert db.session.query(AuditEntry).count() == 0


def test_the_audit_chain_shows_what_was_altered(app):
    """S4-13: entries of one chain follow from each other; an edited row is pinpointed."""
    person = make_person()

    @transactional
    def act():
        for _ in range(3):
            record(person, Deed.SIGNED_IN, person)

    act()
    act()
    entries = db.session.query(AuditEntry).order_by(AuditEntry.place).all()
    assert [entry.place for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert broken_links(entries) == []
    assert entries[0].hash == entries[0].digest(GENESIS)
    entries[3].actor_id = 999
    assert broken_links(entries) == [4]
    assert broken_links(entries[:2] + entries[3:]) == [4]
