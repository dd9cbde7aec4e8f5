"""Notices are read and decisions tried out before anybody is told or sent anywhere by them."""

import pytest

from app.db import db
from app.notices.models import Notice
from app.permissions import Role
from app.processes.actions import publish
from app.studio.notice_words import PLACEHOLDERS
from app.studio.words import NOTICES
from bpmn import shipped
from notifications import OF_CASE
from tests.app.diagrams import small_bundle
from tests.makers import make_person

URL = "/api/studio/consultation"
LIMITS = shipped.bundle("consultation").decisions["response_limits"]


@pytest.fixture
def li(client):
    publish(None, "consultation", "远程会诊", small_bundle())
    return client(make_person(Role.PROCESS_MANAGER, name="李敏"))


@pytest.fixture
def smith(client, li):
    return client(make_person(Role.PROCESS_MANAGER, language="en"))


def preview(browser, template="refused", **texts):
    answer = browser.post(f"{URL}/notice-previews", json={"template": template, "texts": texts})
    assert answer.status_code == 200, answer.text
    return answer.json


def decide(browser, xml=LIMITS, decision="response_limits", **inputs):
    body = {"xml": xml, "decision": decision, "inputs": inputs}
    return browser.post(f"{URL}/decision-trials", json=body)


# -- Notices ----------------------------------------------------------------------------------


def test_the_editor_is_told_every_notice_of_a_case(li):
    found = li.get(f"{URL}/notices").json
    assert {one["name"] for one in found["templates"]} == set(OF_CASE) == set(NOTICES)
    assert {one["name"] for one in found["placeholders"]} == set(PLACEHOLDERS)
    spoken_of = {name for one in found["templates"] for name in one["placeholders"]}
    assert spoken_of == set(PLACEHOLDERS)
    assert {one["name"] for one in found["placeholders"] if not one["in_sms"]} == {"task"}
    assigned = next(one for one in found["templates"] if one["name"] == "task-assigned")
    assert assigned["placeholders"] == ["number", "task", "due_at"]
    assert assigned["unsure"] == ["task", "due_at"]
    assert assigned["texts"]["zh"]["title"] == "新的待办：{task|会诊任务}"
    assert found["own"] == {"placeholders": ["number", "at"], "unsure": ["at"]}


def test_a_preview_reads_as_what_is_sent(li):
    words = {
        "zh": {"sms": "【市一院】{number}[，{at}]"},
        "en": {"sms": "[First] {number}[, {at}]"},
    }
    found = preview(li, "session-arranged", **words)
    assert found["problems"] == []
    zh, en = found["languages"]["zh"], found["languages"]["en"]
    assert zh["whole"]["sms"] == "【市一院】HZ20260305-0007，3月6日09:30"
    assert zh["bare"]["sms"] == "【市一院】HZ20260305-0007"
    assert zh["whole"]["title"] == "会诊时间已确定"  # that part ships
    assert en["whole"]["sms"] == "[First] HZ20260305-0007, 6 Mar 09:30"
    assert zh["sms"] == {"characters": 34, "parts": 1}
    assert db.session.query(Notice).count() == 0


def test_a_notice_without_an_sms_has_none(li):
    found = preview(li, "comment-added")["languages"]["zh"]
    assert (set(found["whole"]), found["sms"]) == ({"title", "body"}, None)


def test_an_unfinished_notice_of_ones_own_is_shown_as_far_as_it_goes(li):
    found = preview(li, "pharmacist", zh={"title": "请会审"})
    assert found["languages"]["zh"]["whole"] == {"title": "请会审", "body": ""}
    assert ("en", "title") in {(one["language"], one["part"]) for one in found["problems"]}


def test_a_problem_is_told_at_its_field_and_in_the_language_of_who_asks(li, smith):
    words = {"zh": {"sms": "{diagnosis}"}, "en": {"sms": "{number}"}}
    (zh,), (en,) = (preview(browser, "refused", **words)["problems"] for browser in (li, smith))
    assert (zh["language"], zh["part"], zh["rule"]) == ("zh", "sms", "notice-sms-patient")
    assert "患者信息" in zh["text"]
    assert "patient data" in en["text"]


@pytest.mark.parametrize(
    "texts",
    [
        {"zh": {"title": 1}},
        {"zh": []},
        {"xx": {}},
        {"zh": {"title": "{" * 200_000}},
        {"zh": {"title": "[{" * 5_000, "body": "\0"}},
    ],
)
def test_whatever_is_sent_is_judged(li, texts):
    assert preview(li, "refused", **texts)["problems"]


@pytest.mark.parametrize("body", [[], {}, {"template": 1, "texts": {}}, {"template": "a"}])
def test_what_is_no_notice_is_refused(li, body):
    for path in ("notice-previews", "decision-trials"):
        assert li.post(f"{URL}/{path}", json=body).status_code == 422


def test_only_processes_that_are_there_are_talked_about(li):
    assert li.get("/api/studio/none/notices").status_code == 404


# -- Decisions --------------------------------------------------------------------------------


def test_a_decision_says_which_rule_it_followed(li):
    found = decide(li, urgency="urgent").json
    assert found["fields"] == [
        {
            "name": "urgency",
            "label": "紧急程度",
            "type": "string",
            "choices": ["routine", "urgent", "critical"],
        }
    ]
    assert found["value"]["review_hours"] == 4
    (step,) = found["steps"]
    assert (step["decision"], step["rules"]) == ("response_limits", [2])
    assert step["inputs"] == [{"label": "紧急程度", "value": "urgent"}]


def test_why_a_decision_says_nothing_is_told_in_words(li, smith):
    assert "不在允许的值之内" in decide(li, urgency="soon").json["problems"][0]["text"]
    assert "is not allowed" in decide(smith, urgency="soon").json["problems"][0]["text"]


def test_a_text_that_is_no_number_is_told_at_its_field(li):
    xml = LIMITS.replace('typeRef="string">', 'typeRef="number">')
    assert decide(li, xml, urgency="三").json["faults"] == {"urgency": "请填写数字"}


@pytest.mark.parametrize("xml", ["", "<a", "<!DOCTYPE a []><a/>", "<a/>", "\0", "<a>" * 50_000])
def test_hostile_files_are_told_apart(li, xml):
    answer = decide(li, xml)
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert answer.json["problems"]
