"""A version's own words: the cases that follow it are told in them, and all others as before."""

from dataclasses import replace

import pytest

from app.consultations.actions import start_consultation, wake_due
from app.db import db
from app.errors import Invalid
from app.notices.delivery import deliver_due
from app.notices.models import Notice
from app.processes.actions import judge, publish
from bpmn.bundle import Bundle
from notifications import Way
from notifications.recorder import Recorder
from tests.app.cases import do, make_people, open_case
from tests.app.diagrams import DIAGRAM, small_bundle

OWN = {
    "task-assigned": {
        "zh": {"title": "【市一院】{task|任务}", "body": "编号 {number}[，{due_at}前]。"},
        "en": {"title": "[First] {task|task}", "body": "{number}[ by {due_at}]."},
    }
}
PHARMACIST = {
    "pharmacist": {
        "zh": {"title": "请药师会审", "body": "会诊 {number} 请您会审。", "sms": "{number}请会审"},
        "en": {"title": "Please review", "body": "{number} waits.", "sms": "{number}: review"},
    }
}


def bundle(**notices):
    return replace(small_bundle(), notices=notices)


def reminding(template, **notices):
    """The small process whose overdue task sends this notice."""
    return Bundle(DIAGRAM.replace("overdue", template), small_bundle().forms, notices=notices)


def told(client, person):
    return [one["title"] for one in client(person).get("/api/notices").json["notices"]]


@pytest.fixture
def phone(app, monkeypatch):
    recorder = Recorder()
    monkeypatch.setitem(app.extensions["channels"], Way.SMS, recorder)
    return recorder


def test_a_case_is_told_in_the_words_of_its_version(app, client):
    people = make_people()
    before = open_case(people.applicant)
    after = open_case(people.applicant, bundle(**OWN))
    later = open_case(people.applicant, bundle())

    for case in (before, after, later):
        do(case, people.applicant, reason="?")

    assert told(client, people.director) == [
        "新的待办：审核",
        "【市一院】审核",
        "新的待办：审核",
    ]
    page = client(people.director).get("/notices")
    assert f"编号 {after.number}，" in page.text
    assert f"编号 {before.number}" not in page.text


def test_each_reader_has_their_own_language(app, client):
    people = make_people()
    people.director.language = "en"
    do(open_case(people.applicant, bundle(**OWN)), people.applicant, reason="?")
    assert told(client, people.director) == ["[First] 审核"]


def test_an_sms_is_sent_in_the_words_of_the_version(app, phone, clock):
    people = make_people()
    people.applicant.phone = "13800000001"
    words = {
        "zh": {"sms": "【市一院】{number}超时"},
        "en": {"sms": "[First] {number} is overdue"},
    }
    case = open_case(people.applicant, bundle(overdue=words))
    do(case, people.applicant, reason="?")
    clock.move(hours=5)
    wake_due()

    assert deliver_due() == 1
    assert phone.last_to("13800000001").text == f"【市一院】{case.number}超时"
    assert phone.last_to("13800000001").title.startswith("任务已超时")  # that part ships


def test_a_notice_of_the_managers_own_is_sent(app, client, phone, clock):
    people = make_people()
    people.applicant.phone = "13800000001"
    case = open_case(people.applicant, reminding("pharmacist", **PHARMACIST))
    do(case, people.applicant, reason="?")
    clock.move(hours=5)
    wake_due()
    deliver_due()

    assert "请药师会审" in told(client, people.applicant)
    assert phone.last_to("13800000001").text == f"{case.number}请会审"


def test_what_is_no_longer_in_force_is_still_read_as_it_was_told(app, client):
    people = make_people()
    do(open_case(people.applicant, bundle(**OWN)), people.applicant, reason="?")
    publish(None, "consultation", "会诊", small_bundle())
    assert told(client, people.director) == ["【市一院】审核"]


def test_a_version_without_words_of_its_own_costs_no_column(app):
    people = make_people()
    do(open_case(people.applicant, bundle(**PHARMACIST)), people.applicant, reason="?")
    assert {row.digest for row in db.session.query(Notice)} == {None}


# -- Publishing -------------------------------------------------------------------------------


def changed(part, text):
    words = {language: dict(parts) for language, parts in PHARMACIST["pharmacist"].items()}
    words["zh"][part] = text
    return reminding("pharmacist", pharmacist=words)


def findings(made):
    """What is found about notices and their sending."""
    return [
        (one.element_name, one.rule, one.severity)
        for one in judge(made)
        if "notice" in one.rule or one.rule == "input-choice"
    ]


def test_an_sms_that_names_the_illness_is_refused(app):
    """P-7."""
    for text in ("{diagnosis}", "{patient_name}请会审", "{{ 诊断 }}"):
        made = changed("sms", text)
        assert ("pharmacist.notice", "notice-sms-patient", "error") in findings(made)
        with pytest.raises(Invalid) as refusal:
            publish(None, "consultation", "会诊", made)
        assert "短信" in refusal.value.errors["pharmacist.notice"]


def test_a_gap_is_a_warning_that_keeps_nobody_from_publishing(app):
    made = changed("body", "会诊 {number}，{at}")
    assert findings(made) == [("pharmacist.notice", "notice-gap", "warning")]
    assert publish(None, "consultation", "会诊", made).notices == made.notices


def test_only_what_ships_or_is_brought_may_be_sent(app):
    assert findings(reminding("pharmacist", **PHARMACIST)) == []
    assert findings(reminding("pharmacist")) == [("提醒", "input-choice", "error")]
    assert findings(reminding("profile-approved")) == [("提醒", "input-choice", "error")]


def test_an_own_notice_that_nothing_sends_is_told(app):
    assert findings(bundle(**PHARMACIST)) == [("pharmacist.notice", "idle-notice", "warning")]
    assert findings(bundle(**OWN)) == []


@pytest.mark.parametrize("notices", [{"x": 1}, {"refused": []}, {"refused": {"zh": {"title": 1}}}])
def test_what_is_no_text_is_refused_and_read_no_further(app, notices):
    assert [rule for _, rule, _ in findings(bundle(**notices))] == ["notice-shape"]


def test_a_case_begins_under_a_version_with_words_of_its_own(app, client):
    people = make_people()
    publish(None, "consultation", "会诊", bundle(**OWN))
    start_consultation(people.applicant)
    assert told(client, people.applicant) == []  # who does it themselves is not told
