"""What a supervisor does to one case, and the rules none of it breaks (issue 3)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit import AuditEntry, Deed
from app.consultations.actions import wake_due
from app.consultations.models import Capacity, Incident, Instance, Participant, Status
from app.consultations.steps import Stranded, Suspended
from app.consultations.timeline import timeline
from app.db import db, now
from app.errors import Conflict, Forbidden, Invalid
from app.notices.models import Notice
from app.permissions import Role
from app.supervision import deeds, queries
from app.tasks.models import State, Task
from bpmn.bundle import Bundle
from bpmn.engine import Execution
from tests.app.cases import do, make_people, open_case, ready
from tests.app.diagrams import ASK, DECIDE, DIAGRAM
from tests.app.shipped import APPROVAL, ask, naming
from tests.makers import make_person


@pytest.fixture
def li(app):
    return make_person(Role.PROCESS_MANAGER)


def told(case):
    """The deeds on a case as its timeline tells them, latest first: (what, step, reason)."""
    return [(str(one.what), one.step, one.reason) for one in timeline(case)]


def test_a_suspended_case_takes_no_completion_and_fires_no_timer_until_resumed(app, clock, li):
    people = make_people()
    case = open_case(people.applicant)
    do(case, people.applicant, reason="x")

    deeds.suspend(case.id, li, "核实材料")

    with pytest.raises(Suspended):
        do(case, people.director, decision="approve")
    clock.move(hours=5)
    assert wake_due() == 0
    deeds.resume(case.id, li, "材料齐全")
    assert wake_due() == 1
    do(case, people.director, decision="approve")
    assert ready(case).element_id == "look"
    assert ("暂停会诊", "", "核实材料") in told(case)
    assert ("恢复会诊", "", "材料齐全") in told(case)


def test_a_case_goes_back_to_a_step_it_was_at_and_takes_it_anew(app, clock, li):
    people = make_people()
    case = ask(people.applicant, people.invited)
    do(case, people.director, **APPROVAL)
    do(case, people.affairs, **APPROVAL)

    deeds.send_back(case.id, li, "review_director", "审核有疏漏")

    assert ready(case).element_id == "review_director"
    assert ready(case).department_id == people.applicant.department_id
    cancelled = db.session.query(Task).filter_by(element_id="review_invited_affairs").one()
    assert cancelled.state == State.CANCELLED
    assert told(case)[0] == ("退回到较早的步骤", "科室主任审核", "审核有疏漏")
    with pytest.raises(Invalid):
        deeds.send_back(case.id, li, "schedule", "还没有到过")


def test_a_step_that_carries_consent_or_a_decision_is_not_skipped(app, clock, li):
    people = make_people()
    case = ask(people.applicant, people.invited)

    with pytest.raises(deeds.AgainstRules) as refused:
        deeds.skip(ready(case).id, li, "主任休假")

    assert "decision" in str(refused.value.message)
    assert ready(case).element_id == "review_director"
    assert db.session.query(AuditEntry).filter_by(deed=Deed.STEP_SKIPPED).count() == 0


def test_a_skipped_step_shows_on_its_element_of_the_map(app, clock, li):
    people = make_people()
    case = open_case(people.applicant)
    do(case, people.applicant, reason="x")
    do(case, people.director, decision="approve")
    process = db.session.get(Instance, case.id)

    deeds.skip(ready(case).id, li, "协作方已口头确认")

    assert process.is_finished
    assert told(case)[0] == ("跳过步骤", "查看", "协作方已口头确认")
    second = open_case(people.applicant)
    deeds.skip(ready(second).id, li, "已电话申请")
    assert queries.skipped(1) == {"ask": 1}


def test_a_task_is_given_to_somebody_of_its_role_who_may_then_read_the_case(app, clock, li):
    people = make_people()
    case = open_case(people.applicant)
    do(case, people.applicant, reason="x")
    deputy = make_person(Role.DEPARTMENT_DIRECTOR, department=people.applicant.department)

    with pytest.raises(Invalid):
        deeds.reassign(ready(case).id, li, people.stranger.id, "休假")
    deeds.reassign(ready(case).id, li, deputy.id, "休假")

    assert ready(case).assignee_id == deputy.id
    part = db.session.query(Participant).filter_by(person_id=deputy.id).one()
    assert part.capacity == Capacity.DELEGATE
    assert db.session.query(Notice).filter_by(recipient_id=deputy.id, template="delegated").one()


def test_a_variable_is_corrected_within_its_kind(app, clock, li):
    people = make_people()
    case = ask(people.applicant, people.invited)
    instance = db.session.get(Instance, case.id)
    assert deeds.variables(instance)["urgency"] == "urgent"

    deeds.correct(case.id, li, "urgency", '"routine"', "误选")

    assert deeds.variables(instance)["urgency"] == "routine"
    for name, value in (("urgency", "7"), ("urgency", "{"), ("applicant", '"9"'), ("no", "1")):
        with pytest.raises(Invalid):
            deeds.correct(case.id, li, name, value, "x")


def test_an_ended_case_is_cancelled_and_its_people_are_told(app, clock, li):
    people = make_people()
    case = ask(people.applicant, people.invited)

    deeds.end(case.id, li, "重复申请")

    instance = db.session.get(Instance, case.id)
    assert (case.status, instance.is_finished, instance.places) == (Status.CANCELLED, True, [])
    assert db.session.query(Task).filter_by(state=State.READY).count() == 0
    assert db.session.query(Notice).filter_by(template="cancelled").count() > 0
    with pytest.raises(Conflict):
        deeds.suspend(case.id, li, "太晚")


def test_every_deed_needs_the_right_and_a_reason(app, clock, li):
    people = make_people()
    case = open_case(people.applicant)
    task = ready(case)
    each = (
        lambda who, why: deeds.suspend(case.id, who, why),
        lambda who, why: deeds.resume(case.id, who, why),
        lambda who, why: deeds.send_back(case.id, who, "ask", why),
        lambda who, why: deeds.skip(task.id, who, why),
        lambda who, why: deeds.reassign(task.id, who, people.applicant.id, why),
        lambda who, why: deeds.correct(case.id, who, "urgency", "1", why),
        lambda who, why: deeds.end(case.id, who, why),
    )
    for deed in each:
        with pytest.raises(Invalid) as refused:
            deed(li, "  ")
        assert "reason" in refused.value.errors
        with pytest.raises(Forbidden):
            deed(people.coordinator, "理由")


# --- Incidents -----------------------------------------------------------------------------------

NO_DEFAULT = DIAGRAM.replace(' default="f_no"', "").replace(
    '<bpmn:sequenceFlow id="f_no" sourceRef="agreed" targetRef="no"/>',
    '<bpmn:sequenceFlow id="f_no" sourceRef="agreed" targetRef="no"><bpmn:conditionExpression>'
    '=decision = "never"</bpmn:conditionExpression></bpmn:sequenceFlow>',
)
BAD_TIMER = DIAGRAM.replace("<bpmn:timeDuration>PT4H", "<bpmn:timeDuration>PT1H").replace(
    '<zeebe:input source="=&quot;applicant&quot;" target="audience"/>',
    '<zeebe:input source="=&quot;no&quot; + &quot;body&quot;" target="audience"/>',
)


def stranded(people, bundle=None):
    """A case whose director's answer leads nowhere."""
    case = open_case(people.applicant, bundle or Bundle(NO_DEFAULT, {"ask": ASK, "decide": DECIDE}))
    do(case, people.applicant, reason="x")
    with pytest.raises(Stranded) as refused:
        do(case, people.director, decision="refuse")
    return case, refused.value


def test_a_completion_that_leads_nowhere_keeps_the_answers_and_tells_the_managers(app, clock, li):
    people = make_people()

    case, refused = stranded(people)

    task = ready(case)
    assert (task.element_id, task.draft) == ("decide", {"decision": "refuse"})
    assert "草稿" in str(refused.message)
    incident = db.session.scalars(select(Incident)).one()
    assert (incident.element_id, incident.task_id) == ("agreed", task.id)
    assert "没有条件成立" in incident.reason
    assert incident.person_id == people.director.id
    notice = db.session.query(Notice).filter_by(recipient_id=li.id, template="incident").one()
    assert notice.path == "/supervision/incidents"


def test_a_retry_does_not_go_on_before_the_cause_is_gone_and_then_does(app, clock, li):
    people = make_people()
    case, _ = stranded(people)
    incident = db.session.scalars(select(Incident)).one()

    assert not deeds.retry(incident.id, li)
    db.session.refresh(incident)
    assert (incident.attempts, incident.resolved_at) == (2, None)
    task = ready(case)
    task.draft = {"decision": "approve"}  # what the director corrects
    db.session.commit()
    assert deeds.retry(incident.id, li)

    db.session.refresh(incident)
    assert incident.resolved_at is not None
    assert task.completed_by_id == people.director.id
    assert ready(case).element_id == "look"
    assert db.session.get(Instance, case.id).incident is None
    with pytest.raises(Conflict):
        deeds.retry(incident.id, li)


def test_whoever_answers_otherwise_resolves_it_themselves(app, clock, li):
    people = make_people()
    case, _ = stranded(people)

    do(case, people.director, decision="return")

    assert db.session.scalars(select(Incident)).one().resolved_by_id == people.director.id
    assert queries.open_incidents(li) == 0


def test_a_service_that_fails_in_a_wake_up_leaves_the_case_waiting_ever_longer(app, clock, li):
    people = make_people()
    case = open_case(people.applicant, Bundle(BAD_TIMER, {"ask": ASK, "decide": DECIDE}))
    do(case, people.applicant, reason="x")
    instance = db.session.get(Instance, case.id)
    pauses = []
    clock.move(hours=2)

    for _ in range(3):
        wake_due()
        db.session.refresh(instance)
        pauses.append(instance.wake_at - now())
        clock.moment = instance.wake_at

    assert pauses == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40)]
    incident = db.session.scalars(select(Incident)).one()
    assert (incident.element_id, incident.attempts, incident.task_id) == ("remind", 3, None)
    assert not deeds.retry(incident.id, li)
    assert db.session.query(Notice).filter_by(template="incident").count() == 1
    do(case, people.director, decision="approve")
    assert ready(case).element_id == "look"


def test_the_places_of_a_case_are_where_its_engine_says(app, clock, li):
    people = make_people()
    case = ask(people.applicant, people.invited)
    clock.move(minutes=7)
    do(case, people.director, **APPROVAL)
    clock.move(minutes=7)
    do(case, people.affairs, **APPROVAL)
    do(case, people.invited_affairs, **naming(people))

    instance = db.session.get(Instance, case.id)

    (place,) = instance.places
    task = ready(case)
    assert place == {
        "task": task.engine_id,
        "element": "schedule",
        "since": int(task.created_at.timestamp()),
        "due": int(task.due_at.timestamp()),
    }
    state = Execution.resume(deeds.definition(instance.digest), instance.state)
    assert set(state.snapshot(now()).standing) == {task.engine_id}
