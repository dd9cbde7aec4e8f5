"""The life of a task: who may work on it, what happens to it, and that it happens once."""

import pytest

from app.audit import AuditEntry, Deed
from app.consultations.actions import Wish, ask, wake_due
from app.consultations.models import Consultation, Status
from app.db import db
from app.errors import Conflict, Forbidden, Invalid
from app.notices.models import Notice
from app.tasks import actions, colleagues
from app.tasks.models import State
from tests.app.cases import do, make_people, open_case, ready


@pytest.fixture
def people(app):
    return make_people()


@pytest.fixture
def asked(people):
    """A case whose application waits for the director."""
    case = open_case(people.applicant)
    do(case, people.applicant, reason="请会诊")
    return case


def test_a_new_case_is_a_draft_at_its_applicant(people):
    """S0-8, S4-40: initiated as a draft that only its applicant may work on."""
    case = open_case(people.applicant)
    task = ready(case)
    assert (case.status, task.element_id, task.name_en) == (Status.DRAFT, "ask", "Ask")
    assert task.assignee_id == people.applicant.id
    assert not task.is_open_to(people.stranger)


def test_the_application_reaches_the_director_of_the_own_department(people, asked):
    """S0-21: the task is open to the director there, and to nobody else."""
    task = ready(asked)
    assert asked.status == Status.PENDING
    assert task.is_open_to(people.director)
    for other in (people.applicant, people.affairs, people.stranger, people.coordinator):
        with pytest.raises(Forbidden):
            actions.complete_task(task.id, other, {"decision": "approve"})
    notice = db.session.query(Notice).filter_by(recipient_id=people.director.id).one()
    assert notice.template == "task-assigned"


def test_the_invited_side_sees_a_case_only_once_it_reached_them(people, asked):
    assert people.invited.id not in asked.stakes().hospital_ids
    asked.invited_hospital_id = people.invited.id
    do(asked, people.director, decision="approve")
    assert people.invited.id in asked.stakes().hospital_ids
    assert ready(asked).is_open_to(people.invited_affairs)


def test_a_double_click_is_one_completion(people, asked):
    task = ready(asked)
    actions.complete_task(task.id, people.director, {"decision": "approve"})
    with pytest.raises(Conflict):
        actions.complete_task(task.id, people.director, {"decision": "approve"})
    completed = db.session.query(AuditEntry).filter_by(
        chain=asked.audit_chain, deed=Deed.TASK_COMPLETED
    )
    assert [entry.details["element"] for entry in completed] == ["ask", "decide"]


def test_an_unknown_field_is_refused_and_nothing_changes(people, asked):
    task = ready(asked)
    with pytest.raises(Invalid) as refused:
        actions.complete_task(task.id, people.director, {"decision": "approve", "role": "expert"})
    assert "role" in refused.value.errors
    assert ready(asked).id == task.id


def test_a_return_leads_back_to_the_applicant_with_the_former_answers(people, asked):
    do(asked, people.director, decision="return")
    assert asked.status == Status.DRAFT
    assert ready(asked).assignee_id == people.applicant.id


def test_a_case_can_be_withdrawn_while_the_diagram_waits_for_that(people, asked):
    waiting = ready(asked)
    with pytest.raises(Forbidden):
        ask(asked.id, people.director, Wish.WITHDRAW, "不需要了")
    with pytest.raises(Invalid):
        ask(asked.id, people.applicant, Wish.WITHDRAW, "  ")
    ask(asked.id, people.applicant, Wish.WITHDRAW, "患者已转院")
    assert db.session.get(Consultation, asked.id).status == Status.CANCELLED
    assert waiting.state == State.CANCELLED
    with pytest.raises(Conflict):
        ask(asked.id, people.applicant, Wish.WITHDRAW, "再一次")


def test_a_claimed_task_is_closed_to_others_until_released(people, asked):
    other = make_second_director(people)
    task = actions.claim(ready(asked).id, people.director)
    with pytest.raises(Conflict):
        actions.claim(task.id, other)
    with pytest.raises(Forbidden):
        actions.complete_task(task.id, other, {"decision": "approve"})
    actions.release(task.id, people.director)
    assert actions.claim(task.id, other).assignee_id == other.id


def test_a_draft_is_kept_unchecked_and_is_gone_once_completed(people, asked):
    task = actions.save_draft(ready(asked).id, people.director, {"decision": "", "x": "y"})
    assert task.draft == {"decision": "", "x": "y"}
    assert task.assignee_id == people.director.id
    with pytest.raises(Forbidden):
        actions.save_draft(task.id, people.affairs, {})
    actions.complete_task(task.id, people.director, {"decision": "approve"})
    assert task.draft is None


def test_a_delegated_task_is_the_colleagues(people, asked):
    task = ready(asked)
    with pytest.raises(Invalid):
        colleagues.delegate(task.id, people.director, people.stranger.id, "出差")
    colleagues.delegate(task.id, people.director, people.affairs.id, "出差")
    assert not task.is_open_to(people.director)
    assert people.affairs.id in asked.stakes().person_ids
    actions.complete_task(task.id, people.affairs, {"decision": "approve"})


def test_a_task_waits_for_the_signature_that_was_asked_for(people, asked):
    task = ready(asked)
    colleagues.add_signer(task.id, people.director, people.affairs.id, "请确认病情摘要")
    with pytest.raises(Conflict):
        actions.complete_task(task.id, people.director, {"decision": "approve"})
    with pytest.raises(Forbidden):
        colleagues.answer_as_signer(task.id, people.stranger, agrees=True, remark="")
    with pytest.raises(Invalid):
        colleagues.answer_as_signer(task.id, people.affairs, agrees=False, remark="")
    colleagues.answer_as_signer(task.id, people.affairs, agrees=True, remark="同意")
    actions.complete_task(task.id, people.director, {"decision": "approve"})
    assert task.state == State.COMPLETED


def test_urging_reminds_the_workers_once_an_hour(people, asked, clock):
    assert actions.urge(asked.id, people.applicant) == 1
    with pytest.raises(Conflict):
        actions.urge(asked.id, people.applicant)
    clock.move(hours=2)
    assert actions.urge(asked.id, people.applicant) == 1
    with pytest.raises(Forbidden):
        actions.urge(asked.id, people.director)


def test_time_wakes_a_case_that_is_due_and_only_that(people, clock):
    case = open_case(people.applicant)
    do(case, people.applicant, reason="请会诊")
    assert ready(case).due_at == clock.moment.replace(hour=5)
    assert wake_due() == 0
    clock.move(hours=4, seconds=1)
    assert wake_due() == 1
    assert wake_due() == 0
    told = db.session.query(Notice).filter_by(template="overdue").all()
    assert {one.recipient_id for one in told} == {people.applicant.id}
    assert ready(case).element_id == "decide"


def make_second_director(people):
    from app.permissions import Role
    from tests.makers import make_person

    return make_person(Role.DEPARTMENT_DIRECTOR, department=people.director.department)
