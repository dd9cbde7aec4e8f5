"""Any two versions, drafts included, can be compared; each change is told once."""

from dataclasses import replace

import pytest

from app.permissions import Role
from app.processes.actions import publish
from tests.app.diagrams import DIAGRAM, small_bundle
from tests.makers import make_person

URL = "/api/studio/consultation"
RENAMED = DIAGRAM.replace('name="申请"', 'name="填写申请"')


@pytest.fixture
def li(client):
    publish(None, "consultation", "远程会诊", small_bundle())
    return client(make_person(Role.PROCESS_MANAGER, name="李敏"))


def save(browser, **content):
    revision = browser.get(URL).json["revision"]
    assert browser.put(f"{URL}/content", json={"revision": revision, "content": content}).json


def test_the_draft_is_compared_with_what_is_in_force(li):
    assert li.get(f"{URL}/difference").json["changes"] == []
    save(li, diagram=RENAMED)
    found = li.get(f"{URL}/difference").json
    assert (found["before"]["label"], found["after"]["label"]) == ("第 1 版", "草稿")
    assert (found["before"]["diagram"], found["after"]["diagram"]) == (DIAGRAM, RENAMED)
    (change,) = found["changes"]
    assert (change["how"], change["name"]) == ("changed", "填写申请")
    assert change["details"] == [{"path": "@name", "before": "申请", "after": "填写申请"}]


def test_two_published_versions_are_compared_in_the_order_asked_for(li):
    old = publish(None, "consultation", "远程会诊", small_bundle())
    new = publish(None, "consultation", "远程会诊", replace(small_bundle(), process=RENAMED))
    found = li.get(f"{URL}/difference?before={new.digest}&after={old.digest}").json
    assert [one["name"] for one in found["changes"]] == ["申请"]
    page = li.get(f"/studio/consultation/comparison?before={new.digest}&after={old.digest}")
    assert f"before={new.digest}&amp;after={old.digest}" in page.text


@pytest.mark.parametrize("name", ["0" * 64, "proposal-1", "proposal-x", "../x", ""])
def test_a_version_that_is_not_there_is_not_found(li, name):
    answer = li.get(f"{URL}/difference", query_string={"before": name})
    assert answer.status_code == 404


def test_a_draft_that_cannot_be_read_says_so(li):
    save(li, diagram="<bpmn")
    answer = li.get(f"{URL}/difference")
    assert answer.status_code == 422
    assert "XML" in next(iter(answer.json["errors"].values()))
