"""What the installation puts in force, and the pages of versions."""

import html
import json

import pytest

from app.db import db
from app.errors import Conflict
from app.permissions import Role
from app.processes import queries
from app.processes.actions import publish
from app.processes.models import Process
from tests.app.diagrams import ASK, DIAGRAM, small_bundle
from tests.app.studio.managers import make_manager, publish_small
from tests.makers import make_person


@pytest.fixture
def in_force(app):
    return publish_small()


@pytest.fixture
def li(client, in_force):
    return client(make_manager("李敏"))


def test_what_is_in_force_already_makes_no_new_version(in_force):
    assert publish_small().digest == in_force.digest
    assert queries.in_force().number == 1


def test_one_content_belongs_to_one_process(in_force):
    with pytest.raises(Conflict) as refused:
        publish(None, "other", "另一个流程", small_bundle())
    assert "远程会诊" in str(refused.value)


def test_a_version_shows_its_steps_and_gives_its_files_back(li, in_force):
    address = f"/processes/consultation/versions/{in_force.digest}"

    assert address in li.get("/processes/consultation").text
    page = li.get(address).text
    assert "科室主任" in page
    assert f"{address}/files/decide.form" in page
    assert in_force.publication.signature["value"] in html.unescape(page)
    assert li.get(f"/api{address}/diagram").json == {"xml": DIAGRAM, "elements": []}
    assert li.get(f"{address}/files/consultation.bpmn").text == DIAGRAM
    form = li.get(f"{address}/files/ask.form")
    assert form.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(form.text) == ASK
    assert li.get(f"{address}/files/secret.key").status_code == 404


def test_a_process_without_versions_has_its_page(li):
    db.session.add(Process(key="empty", name="急会诊"))
    db.session.commit()
    assert "还没有生效的版本" in li.get("/processes/empty").text
    assert li.get(f"/processes/empty/versions/{'0' * 64}").status_code == 404


def test_an_unknown_process_is_not_found(li):
    assert li.get("/processes/%00").status_code == 404
    assert li.get("/processes/other").status_code == 404
    assert li.get("/processes/consultation/versions/%00").status_code == 404


def test_a_reader_sees_no_way_to_change_anything(client, in_force):
    auditor = client(make_person(Role.AUDITOR))
    for path in ("/studio", "/processes/consultation", "/studio/consultation"):
        page = auditor.get(path)
        assert page.status_code == 200
        assert "<form" not in page.text.partition('id="content"')[2]
        assert "data-may-edit" not in page.text
    address = f"/processes/consultation/versions/{in_force.digest}"
    again = f"/studio/consultation/versions/{in_force.digest}/draft"
    assert again not in auditor.get(address).text
    assert auditor.post(again).status_code == 403
