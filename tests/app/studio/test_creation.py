"""A new process begins as a draft: from nothing, from what ships, from another process."""

import pytest

from app.audit import AuditEntry, Deed
from app.db import db
from app.processes.models import Process
from bpmn import diagram, shipped
from tests.app.diagrams import DIAGRAM
from tests.app.studio.managers import (
    RENAMED,
    make_manager,
    propose,
    propose_change,
    publish_small,
    save,
)


@pytest.fixture
def li(client, app):
    publish_small(key="small")
    return client(make_manager("李敏"))


def add(li, key="emergency", name="急会诊", origin="", description="两小时内"):
    words = {"key": key, "name": name, "origin": origin, "description": description}
    return li.post("/studio/new", data=words)


def draft(li, key="emergency"):
    return li.get(f"/api/studio/{key}").json


def test_an_empty_process_can_be_drawn_and_is_not_in_force(li):
    answer = add(li, name='急会诊 "A&B" <1>')

    assert answer.location == "/studio/emergency"
    assert li.get(answer.location).status_code == 200
    shown = draft(li)
    assert shown["base"] is None
    read = diagram.read(diagram.read_xml(shown["content"]["diagram"]))
    assert (read.process_id, read.name) == ("emergency", '急会诊 "A&B" <1>')
    assert "尚未发布" in li.get("/studio").text
    assert li.get("/processes/emergency").status_code == 200
    added = db.session.query(AuditEntry).filter_by(deed=Deed.PROCESS_ADDED).one()
    assert added.details == {"origin": ""}


def test_a_template_brings_all_its_files(li):
    add(li, origin="shipped/consultation")
    content, bundle = draft(li)["content"], shipped.bundle("consultation")
    assert content["diagram"] == bundle.process
    assert content["forms"] == dict(bundle.forms)
    assert content["decisions"] == dict(bundle.decisions)


def test_a_copy_is_what_the_other_process_has_in_force(li):
    add(li, origin="copy/small")
    assert draft(li)["content"]["diagram"] == DIAGRAM


def test_the_first_version_is_signed_like_any_other(client, li):
    add(li, origin="copy/small")
    url = "/api/studio/emergency"
    address = propose_change(li, url=url, diagram=RENAMED)
    second = client(make_manager("王强"))
    assert second.get(address).status_code == 200
    second.post(f"{address}/signature")
    (said,) = db.session.query(Process).filter_by(key="emergency").one().publications
    assert (said.number, said.version.diagram) == (1, RENAMED)


def test_a_copy_must_be_changed_before_it_can_be_proposed(li):
    add(li, origin="copy/small")
    refused = propose(li, url="/api/studio/emergency")
    assert refused.status_code == 409
    assert "远程会诊" in refused.json["message"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "small"),
        ("key", "new"),
        ("key", "Ä"),
        ("key", "../x"),
        ("key", ""),
        ("name", " "),
        ("name", "x" * 101),
        ("origin", "shipped/../../secret"),
        ("origin", "copy/nothing"),
        ("origin", "elsewhere/small"),
    ],
)
def test_what_cannot_be_made_is_refused_at_its_field(li, field, value):
    answer = add(li, **{field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert db.session.query(Process).count() == 1


def test_the_overview_tells_who_edits_and_what_waits(client, li):
    other = client(make_manager("王强"))
    url = "/api/studio/small"
    li.post(f"{url}/lock")
    assert "李敏正在编辑" in other.get("/studio").text
    save(li, url=url, diagram=RENAMED)
    address = propose_change(li, url=url)
    assert address in other.get("/studio").text
