"""Who proposes a change never signs it, and nothing else puts one in force (O-4)."""

from dataclasses import replace

import pytest

from app.audit import AuditEntry, Deed
from app.consultations.models import Consultation
from app.db import db, transactional
from app.errors import Forbidden
from app.notices.models import Notice
from app.permissions import Role
from app.processes import queries as processes
from app.processes.actions import publish, put_in_force
from app.processes.models import Publication
from app.studio.models import Draft, Proposal
from tests.app.cases import make_people, open_case, ready
from tests.app.diagrams import DIAGRAM, small_bundle
from tests.app.studio.managers import (
    RENAMED,
    URL,
    make_manager,
    propose,
    propose_change,
    publish_small,
    save,
)
from tests.makers import make_person


@pytest.fixture
def in_force(app):
    return publish_small()


@pytest.fixture
def author(in_force):
    return make_manager("李敏")


@pytest.fixture
def second(in_force):
    return make_manager("王强")


@pytest.fixture
def li(client, author):
    return client(author)


@pytest.fixture
def wang(client, second):
    return client(second)


def deeds():
    entries = db.session.query(AuditEntry).filter(AuditEntry.chain.startswith("process:"))
    return [(one.deed, one.actor_id) for one in entries.order_by(AuditEntry.id)]


def told(person):
    found = db.session.query(Notice).filter_by(recipient_id=person.id).order_by(Notice.id)
    return [(one.template, one.path) for one in found]


def test_a_change_signed_by_a_second_manager_is_followed_by_the_next_case_only(
    client, li, wang, author, second
):
    people = make_people()
    before = open_case(people.applicant)
    address = propose_change(li, diagram=RENAMED, reason="名称不清楚")
    assert "名称不清楚" in wang.get(address).text

    answer = wang.post(f"{address}/signature")

    assert "第 2 版已生效" in wang.get(answer.location).text
    said = processes.in_force().publication
    assert (said.number, said.proposed_by_id, said.published_by_id) == (2, author.id, second.id)
    assert said.note == "名称不清楚"
    assert ready(before).name == "申请"
    client(people.applicant).post("/consultations")
    newest = db.session.query(Consultation).order_by(Consultation.id.desc()).first()
    assert ready(newest).name == "填写申请"
    assert deeds()[-2:] == [
        (Deed.PROCESS_PROPOSED, author.id),
        (Deed.PROCESS_PUBLISHED, second.id),
    ]


def test_the_author_never_signs(li, in_force):
    address = propose_change(li, diagram=RENAMED)
    assert "/signature" not in li.get(address).text
    assert li.post(f"{address}/signature").status_code == 403
    assert li.post(f"{address}/refusal", data={"reason": "?"}).status_code == 403
    assert processes.in_force().digest == in_force.digest


def test_an_author_who_is_the_only_manager_is_told_so(li, client):
    address = propose_change(li, diagram=RENAMED)
    assert "目前没有另一位流程管理员" in li.get(address).text
    make_manager("王强")
    assert "目前没有另一位流程管理员" not in li.get(address).text


def test_no_person_alone_puts_anything_in_force(app, author):
    for proposed_by in (None, author.id):
        with pytest.raises(Forbidden):
            publish(author, "consultation", "会诊", small_bundle(), "", proposed_by)
        with pytest.raises(Forbidden):
            put_in_force(author, "consultation", "会诊", small_bundle(), "", proposed_by)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.HOSPITAL_ADMINISTRATOR, Role.APPLICANT])
def test_nobody_but_managers_proposes_or_signs(client, li, in_force, role):
    other = client(make_person(role))
    assert save(other, 1, diagram=RENAMED).status_code == 403
    body = {"revision": 1, "reason": "?"}
    assert other.post(f"{URL}/proposals", json=body).status_code == 403
    address = propose_change(li, diagram=RENAMED)
    assert other.post(f"{address}/signature").status_code == 403
    assert processes.in_force().digest == in_force.digest


def test_managers_are_told_of_a_proposal_and_its_author_of_what_became_of_it(
    li, wang, author, second
):
    first = propose_change(li, diagram=RENAMED)
    assert told(second) == [("process-proposed", "/studio/proposals/1")]
    assert told(author) == []
    assert wang.get("/studio/proposals/1").location == first
    assert '<span class="nav__count">1</span>' in wang.get("/studio").text
    assert '<span class="nav__count">1</span>' not in li.get("/studio").text

    wang.post(f"{first}/refusal", data={"reason": "时限太短"})
    assert [template for template, _ in told(author)] == ["process-refused"]
    assert "时限太短" in li.get(first).text
    assert "流程修改被退回" in li.get("/notices").text

    wang.post(f"{propose_change(li, reason='再试')}/signature")
    assert [template for template, _ in told(author)][-1] == "process-published"


def test_a_refusal_says_why(li, wang, in_force):
    address = propose_change(li, diagram=RENAMED)
    assert wang.post(f"{address}/refusal", data={"reason": " "}).status_code == 422
    assert db.session.query(Proposal).one().state == "open"
    wang.post(f"{address}/refusal", data={"reason": "不妥"})
    assert db.session.query(Proposal).one().state == "refused"
    assert processes.in_force().digest == in_force.digest


def test_the_editor_lists_what_was_proposed_last(li, wang):
    first = propose_change(li, diagram=RENAMED)
    wang.post(f"{first}/refusal", data={"reason": "不妥"})
    second = propose_change(li, reason="再试")
    found = wang.get(f"{URL}/proposals").json["proposals"]
    assert [(one["state"], one["url"]) for one in found] == [("open", second), ("refused", first)]
    assert found[1]["refusal"] == "不妥"


def test_the_author_withdraws_and_nobody_else(li, wang):
    address = propose_change(li, diagram=RENAMED)
    assert wang.post(f"{address}/withdrawal").status_code == 403
    li.post(f"{address}/withdrawal")
    assert db.session.query(Proposal).one().state == "withdrawn"
    wang.post(f"{address}/signature")
    assert processes.in_force().number == 1


def test_what_is_decided_is_decided_once(li, wang):
    address = propose_change(li, diagram=RENAMED)
    wang.post(f"{address}/signature")
    answer = wang.get(wang.post(f"{address}/signature").location)
    assert "已经处理过了" in answer.text
    wang.post(f"{address}/refusal", data={"reason": "?"})
    assert db.session.query(Proposal).one().state == "signed"
    assert db.session.query(Publication).count() == 2


def test_what_was_proposed_is_frozen(li, wang):
    address = propose_change(li, diagram=RENAMED)
    save(li, diagram=DIAGRAM.replace("查看", "另看"))
    wang.post(f"{address}/signature")
    assert processes.in_force().diagram == RENAMED


def test_a_proposal_altered_in_the_database_is_not_signed(li, wang):
    address = propose_change(li, diagram=RENAMED)
    _alter(lambda proposal: {**proposal.content, "diagram": DIAGRAM.replace("查看", "另看")})
    wang.post(f"{address}/signature")
    assert processes.in_force().number == 1


@transactional
def _alter(change):
    proposal = db.session.query(Proposal).one()
    proposal.content = change(proposal)


def test_one_proposal_waits_at_a_time(li, wang):
    propose_change(li, diagram=RENAMED)
    save(wang, diagram=DIAGRAM.replace("查看", "另看"))
    assert propose(wang).status_code == 409


def test_an_empty_change_an_old_revision_and_no_reason_are_refused(li):
    revision = li.get(URL).json["revision"]
    assert propose(li).status_code == 409
    save(li, diagram=RENAMED)
    assert propose(li, reason=" ").status_code == 422
    body = {"revision": revision, "reason": "说明"}
    assert li.post(f"{URL}/proposals", json=body).status_code == 409
    assert db.session.query(Proposal).count() == 0


def test_what_may_not_run_is_not_even_proposed(li):
    save(li, diagram=DIAGRAM.replace('value="department_director"', 'value="superuser"'))
    refused = propose(li)
    assert refused.status_code == 422
    errors = [one["rule"] for one in refused.json["findings"] if one["severity"] == "error"]
    assert errors == ["unknown-role"]
    assert db.session.query(Proposal).count() == 0


def test_a_proposal_is_not_signed_over_what_was_put_in_force_since(li, wang):
    address = propose_change(li, diagram=RENAMED)
    publish(None, "consultation", "远程会诊", _other())
    answer = wang.get(wang.post(f"{address}/signature").location)
    assert "已有别的版本生效" in answer.text
    assert processes.in_force().number == 2
    assert db.session.query(Proposal).one().state == "open"


def _other():
    return replace(small_bundle(), process=DIAGRAM.replace("查看", "另看"))


def test_a_draft_begun_from_an_older_version_is_pointed_out(li, wang):
    save(li, diagram=RENAMED)
    publish(None, "consultation", "远程会诊", _other())
    warning = "草稿是从更早的版本开始的"
    address = propose(li).json["url"]
    assert warning in wang.get(address).text
    wang.post(f"{address}/signature")
    assert warning not in wang.get(propose_change(li, diagram=DIAGRAM)).text


def test_scenarios_alone_can_be_changed(li, wang):
    kept = [{"name": "同意", "at": "2026-03-02T09:00:00+08:00", "steps": []}]
    wang.post(f"{propose_change(li, scenarios=kept)}/signature")
    said = processes.in_force().publication
    assert (said.number, said.scenarios) == (2, kept)
    assert len({one.digest for one in processes.process("consultation").publications}) == 1


def test_the_content_of_an_older_version_comes_back_under_a_new_number(li, wang, in_force):
    wang.post(f"{propose_change(li, diagram=RENAMED)}/signature")
    li.post(f"/studio/consultation/versions/{in_force.digest}/draft")
    wang.post(f"{propose(li, reason='改回').json['url']}/signature")

    numbers = [(one.number, one.digest) for one in processes.process("consultation").publications]
    assert [number for number, _ in numbers] == [1, 2, 3]
    assert numbers[2][1] == numbers[0][1] == in_force.digest


def test_after_the_signature_the_draft_is_what_is_in_force(li, wang):
    wang.post(f"{propose_change(li, diagram=RENAMED)}/signature")
    assert db.session.query(Draft).one().base_digest == processes.in_force().digest
    assert propose(li).status_code == 409  # nothing to propose


def test_a_proposal_of_another_process_is_not_found(li):
    propose_change(li, diagram=RENAMED)
    assert li.get("/studio/consultation/proposals/99").status_code == 404
    publish(None, "other", "另一个", _other())
    assert li.get("/studio/other/proposals/1").status_code == 404
