"""A draft is begun from what is in force, has one writer at a time, and loses nobody's work."""

from dataclasses import replace

import pytest

from app.db import db
from app.permissions import Role
from app.processes import queries as processes
from app.processes.actions import publish
from app.studio.models import Draft
from tests.app.diagrams import ASK, DIAGRAM, small_bundle
from tests.makers import make_person

URL = "/api/studio/consultation"


@pytest.fixture
def in_force(app):
    return publish(None, "consultation", "远程会诊", small_bundle())


@pytest.fixture
def li(client, in_force):
    return client(make_person(Role.PROCESS_MANAGER, name="李敏"))


@pytest.fixture
def wang(client, in_force):
    return client(make_person(Role.PROCESS_MANAGER, name="王强"))


def save(browser, revision, **content):
    return browser.put(f"{URL}/content", json={"revision": revision, "content": content})


def check(browser, **content):
    whole = {"diagram": DIAGRAM, "forms": dict(small_bundle().forms)} | content
    return browser.post(f"{URL}/checks", json={"content": whole})


def test_a_draft_begins_as_what_is_in_force(li, in_force):
    shown = li.get(URL).json
    assert shown["process"] == {"key": "consultation", "name": "远程会诊"}
    assert (shown["base"], shown["revision"]) == (in_force.digest, 1)
    assert shown["content"]["diagram"] == DIAGRAM
    assert shown["content"]["forms"] == small_bundle().forms
    assert shown["content"]["notices"] == {}
    assert shown["content"]["scenarios"] == []


def test_who_may_only_read_begins_none(client, in_force):
    shown = client(make_person(Role.AUDITOR)).get(URL).json
    assert (shown["revision"], shown["content"]["diagram"]) == (0, DIAGRAM)
    assert db.session.query(Draft).count() == 0


def test_what_is_saved_is_there_for_the_next_and_nothing_is_in_force_by_it(li, wang, in_force):
    renamed = DIAGRAM.replace('name="申请"', 'name="填写申请"')
    assert save(li, li.get(URL).json["revision"], diagram=renamed).json == {"revision": 2}

    shown = wang.get(URL).json
    assert shown["content"]["diagram"] == renamed
    assert shown["content"]["forms"] == small_bundle().forms
    assert processes.in_force().digest == in_force.digest


def test_a_draft_need_not_be_valid(li):
    assert save(li, li.get(URL).json["revision"], diagram="<no", forms={}).status_code == 200


def test_an_older_revision_overwrites_nothing(li):
    revision = li.get(URL).json["revision"]
    save(li, revision, decisions={"a": "<x/>"})
    refused = save(li, revision, decisions={})
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert li.get(URL).json["content"]["decisions"] == {"a": "<x/>"}


def test_one_edits_and_the_others_see_who(li, wang, clock):
    assert li.post(f"{URL}/lock").json["is_mine"] is True

    lock = wang.post(f"{URL}/lock").json
    assert (lock["holder"]["name"], lock["is_mine"]) == ("李敏", False)
    assert save(wang, wang.get(URL).json["revision"], forms={}).status_code == 409


def test_a_lease_that_ended_is_taken_over(li, wang, clock):
    li.post(f"{URL}/lock")
    clock.move(minutes=1)
    li.post(f"{URL}/lock")  # renewed
    clock.move(minutes=1, seconds=30)
    assert wang.post(f"{URL}/lock").json["is_mine"] is False
    clock.move(minutes=1)
    assert wang.post(f"{URL}/lock").json["is_mine"] is True
    assert save(li, li.get(URL).json["revision"], forms={}).status_code == 409


def test_who_lets_go_makes_room_and_cannot_let_go_for_another(li, wang):
    li.post(f"{URL}/lock")
    assert wang.delete(f"{URL}/lock").json["holder"]["name"] == "李敏"
    assert li.delete(f"{URL}/lock").json == {"holder": None, "is_mine": False, "until": None}
    assert wang.post(f"{URL}/lock").json["is_mine"] is True


def test_a_remark_stays_at_its_element_until_it_is_resolved(li, wang):
    said = wang.post(f"{URL}/remarks", json={"element_id": "review", "text": "时限太短"})
    assert said.status_code == 201

    (shown,) = li.get(URL).json["remarks"]
    assert (shown["element_id"], shown["text"]) == ("review", "时限太短")
    assert (shown["author"]["name"], shown["resolved_by"]) == ("王强", None)

    address = f"{URL}/remarks/{shown['id']}/resolution"
    assert li.post(address).json["resolved_by"]["name"] == "李敏"
    assert li.post(address).status_code == 409


def test_a_remark_needs_words_and_its_own_process(li, app):
    assert li.post(f"{URL}/remarks", json={"element_id": "a", "text": " "}).status_code == 422
    said = li.post(f"{URL}/remarks", json={"element_id": "a", "text": "?"}).json
    publish(None, "other", "另一个", small_bundle_named("另一个"))
    assert li.post(f"/api/studio/other/remarks/{said['id']}/resolution").status_code == 404


def small_bundle_named(name):
    return replace(small_bundle(), process=DIAGRAM.replace('name="申请"', f'name="{name}"'))


def test_checks_say_what_publishing_would_say(li):
    told = check(li).json["findings"]
    assert {one["severity"] for one in told} == {"warning"}
    assert ("look", "no-due-time") in {(one["element"], one["rule"]) for one in told}

    wrong = DIAGRAM.replace('value="department_director"', 'value="superuser"')
    forms = {**small_bundle().forms, "ask": {**ASK, "components": [{"type": "x", "id": "x"}]}}
    (form,) = check(li, diagram=wrong, forms=forms).json["findings"][:1]
    assert (form["file"], form["rule"], form["severity"]) == ("ask.form", "type", "error")
    told = check(li, diagram=wrong).json["findings"]
    (lane,) = [one for one in told if one["severity"] == "error"]
    assert (lane["element"], lane["rule"]) == ("l2", "unknown-role")
    assert "superuser" in lane["text"]


@pytest.mark.parametrize(
    "content",
    [
        {"diagram": 1},
        {"diagram": "\0"},
        {"diagram": "\ud800"},
        {"forms": []},
        {"forms": {"../x": {}}},
        {"forms": {"x": "y"}},
        {"decisions": {"x": {}}},
        {"notices": {"x": {"fr": {}}}},
        {"notices": {"x": {"zh": {"title": 1}}}},
        {"scenarios": {}},
        {"scenarios": ["x"]},
        {"scenarios": [{}] * 1000},
        {"forms": {str(number): {} for number in range(1000)}},
        {"forms": {"x": {"y": float("nan")}}},
        {"forms": {"x": {"y": "\ud800"}}},
        {"other": 1},
    ],
    ids=repr,
)
def test_what_is_no_content_is_refused_and_nothing_kept(li, content):
    revision = li.get(URL).json["revision"]
    assert save(li, revision, **content).status_code == 422
    assert check(li, **content).status_code == 422
    assert li.get(URL).json["revision"] == revision


def test_depth_and_size_have_limits(li):
    revision = li.get(URL).json["revision"]
    deep = {"x": {}}
    for _ in range(60):
        deep = {"x": deep}
    assert save(li, revision, forms=deep).status_code == 422
    assert save(li, revision, diagram=" " * 3_000_000).status_code == 413
    many = {str(number): " " * 1_900_000 for number in range(3)}
    assert save(li, revision, decisions=many).status_code == 413


@pytest.mark.parametrize("body", ["[]", "{", '{"revision": "1", "content": {}}', '{"content": {}}'])
def test_a_body_that_is_no_change_is_refused(li, body):
    answer = li.put(f"{URL}/content", data=body, content_type="application/json")
    assert answer.status_code in {400, 422}


def test_an_unknown_process_is_not_found(li):
    assert li.get("/studio/other").status_code == 404
    assert li.get("/api/studio/%00").status_code == 404


def test_every_word_of_diagrams_is_called_something(li):
    words = li.get(URL).json["vocabulary"]
    for kind in ("roles", "sides", "statuses", "options", "notices"):
        assert all(one["label"] != one["value"] for one in words[kind]), kind
    for kind in ("operations", "records"):
        assert all(one["label"] != one["name"] for one in words[kind]), kind
    (notify,) = [one for one in words["operations"] if one["name"] == "notify"]
    assert all(one["label"] != one["value"] for each in notify["choices"].values() for one in each)


def test_the_pages_hold_the_editor(li):
    assert "/studio/consultation" in li.get("/studio").text
    page = li.get("/studio/consultation").text
    assert 'data-island="studio" data-url="/api/studio/consultation" data-may-edit' in page
