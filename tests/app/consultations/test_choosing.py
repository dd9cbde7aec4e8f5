"""Several processes side by side: a table decides which one a case follows, or its applicant."""

import io
from dataclasses import replace
from urllib.parse import urlparse

import pytest

from app.audit import AuditEntry, Deed
from app.consultations.models import Consultation
from app.db import db
from app.permissions import Role
from app.processes.actions import publish
from app.processes.models import ChoosingTable, Process
from app.processes.queries import process_name
from app.studio import settings
from tests.app.cases import make_people, ready
from tests.app.diagrams import DIAGRAM, small_bundle
from tests.app.studio.managers import make_manager
from tests.bpmn.test_dmn import definitions, table
from tests.makers import make_person

RULES = [('"急"', '"emergency"'), ('"普通"', '"general"'), ('"看情况"', "null")]


def table_of(rules=RULES, inputs=("kind",), decision="process"):
    return definitions(table("FIRST", list(inputs), rules)).replace(
        'id="triage"', f'id="{decision}"'
    )


@pytest.fixture
def people(app):
    return make_people()


@pytest.fixture
def both(people):
    publish(None, "general", "普通会诊", small_bundle())
    urgent = DIAGRAM.replace('name="申请"', 'name="急会诊申请"')
    publish(None, "emergency", "急会诊", replace(small_bundle(), process=urgent))


@pytest.fixture
def applicant(client, people):
    return client(people.applicant)


@pytest.fixture
def manager(client, app):
    return client(make_manager("李敏"))


def start(browser, **words):
    return browser.post("/consultations", data=words)


def newest():
    return db.session.query(Consultation).order_by(Consultation.id.desc()).first()


def decide_by(manager, xml):
    data = {"file": (io.BytesIO(xml.encode()), "choice.dmn")}
    return manager.post("/studio/settings", data=data)


def change(manager, key, **words):
    given = {"name": "急会诊", "description": "", **words}
    return manager.post(f"/studio/{key}/settings", data=given)


def test_where_one_is_offered_nothing_is_asked(people, applicant):
    publish(None, "whatever", "会诊", small_bundle())
    answer = start(applicant)
    assert answer.status_code == 302
    assert newest().number in applicant.get(_page_of(newest())).text
    assert process_name(newest().instance.digest) == "会诊"


def _page_of(consultation):
    return f"/consultations/{consultation.id}"


def test_where_there_are_several_the_applicant_chooses(both, manager, applicant):
    change(manager, "emergency", description="两小时内答复", is_open="yes")

    page = start(applicant)
    assert page.status_code == 200
    assert db.session.query(Consultation).count() == 0
    for words in ("普通会诊", "急会诊", "两小时内答复"):
        assert words in page.text
    assert "field__error" not in page.text

    answer = start(applicant, process="emergency")
    assert urlparse(answer.location).path.endswith("/first-task")
    assert ready(newest()).name == "急会诊申请"
    noted = db.session.query(AuditEntry).filter_by(deed=Deed.CONSULTATION_STARTED).one()
    assert noted.details["process"] == "emergency"


def test_numbers_run_on_whatever_process_a_case_follows(both, applicant):
    start(applicant, process="emergency")
    first = newest().number
    start(applicant, process="general")
    assert int(newest().number.rpartition("-")[2]) == int(first.rpartition("-")[2]) + 1


def test_what_is_not_offered_cannot_be_chosen(both, manager, applicant):
    change(manager, "emergency")  # not ticked: closed
    assert start(applicant, process="emergency").status_code == 302
    assert ready(newest()).name == "申请"  # the only one that is offered
    change(manager, "emergency", is_open="yes")
    answer = start(applicant, process="nothing")
    assert answer.status_code == 422
    assert "field__error" in answer.text


def test_where_nothing_is_offered_no_case_begins(people, applicant, manager):
    assert start(applicant).status_code == 409
    publish(None, "general", "会诊", small_bundle())
    change(manager, "general")
    assert start(applicant).status_code == 409
    db.session.add(Process(key="drawn", name="还没有发布"))
    db.session.commit()
    assert start(applicant).status_code == 409


def test_a_table_asks_what_it_must_know_and_decides(both, manager, applicant):
    assert decide_by(manager, table_of()).status_code == 302

    page = start(applicant)
    assert page.status_code == 200
    assert 'name="q-kind"' in page.text
    assert ">看情况</option>" in page.text
    assert 'name="process"' not in page.text

    start(applicant, **{"q-kind": "急"})
    assert ready(newest()).name == "急会诊申请"
    start(applicant, **{"q-kind": "普通", "process": "emergency"})
    assert ready(newest()).name == "申请"  # what the table decides is not the applicant's


def test_what_the_table_leaves_open_is_the_applicants_choice(both, manager, applicant):
    decide_by(manager, table_of())
    page = start(applicant, **{"q-kind": "看情况"})
    assert page.status_code == 422
    assert 'name="process"' in page.text
    start(applicant, **{"q-kind": "看情况", "process": "emergency"})
    assert ready(newest()).name == "急会诊申请"


def test_a_question_that_is_not_answered_is_asked_again(both, manager, applicant):
    decide_by(manager, table_of())
    page = start(applicant, **{"q-kind": ""})
    assert page.status_code == 422
    assert 'href="#q-kind"' in page.text
    assert db.session.query(Consultation).count() == 0


def test_what_is_known_of_the_applicant_is_not_asked(people, both, manager, applicant):
    name = people.applicant.department.name
    xml = table_of([(f'"{name}"', '"emergency"'), ("-", '"general"')], ["department"])
    decide_by(manager, xml)
    assert start(applicant).status_code == 302
    assert ready(newest()).name == "急会诊申请"


def test_a_table_may_be_taken_back(both, manager, applicant):
    decide_by(manager, table_of())
    assert "改由申请医生选择" in manager.get("/studio/settings").text
    manager.post("/studio/settings", data={"remove": "yes"})
    assert 'name="q-kind"' not in start(applicant).text
    assert db.session.query(ChoosingTable).count() == 2


BOMB = '<!DOCTYPE b [<!ENTITY a "aaaa">]><definitions>&a;</definitions>'


@pytest.mark.parametrize(
    "xml",
    [
        table_of(decision="other"),
        table_of([('"急"', '"nowhere"')]),
        table_of([('"急"', "1 +")]),
        table_of([('"急"', "1")]),
        BOMB,
        "<x/>",
        "",
        "{" * 100_000,
    ],
    ids=["other", "nowhere", "no FEEL", "number", "bomb", "no DMN", "empty", "deep"],
)
def test_a_table_that_cannot_decide_is_refused(both, manager, applicant, xml):
    answer = decide_by(manager, xml)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert db.session.query(ChoosingTable).count() == 0
    assert 'name="process"' in start(applicant).text


def test_the_example_can_be_taken_as_it_is(both, manager, applicant):
    example = manager.get("/studio/settings/table").text
    assert decide_by(manager, example).status_code == 302
    page = start(applicant)
    assert "会诊种类" in page.text
    start(applicant, **{"q-kind": "急会诊"})
    assert ready(newest()).name == "急会诊申请"
    assert manager.get("/studio/settings/table").text == example


def test_a_request_without_a_file_changes_nothing(both, manager):
    assert manager.post("/studio/settings").status_code == 422
    assert db.session.query(ChoosingTable).count() == 0


def test_only_managers_say_what_is_offered(client, both):
    auditor = client(make_person(Role.AUDITOR))
    assert decide_by(auditor, table_of()).status_code == 403
    assert change(auditor, "general").status_code == 403
    assert settings.table() is None
