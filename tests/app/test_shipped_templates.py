"""The templates that ship, each taken from application to end by its people."""

from typing import Any

import pytest

from app.consultations.models import Consultation, Status
from app.db import db
from app.notices.models import Notice
from app.processes.models import Process
from app.processes.shipping import publish_shipped
from app.reports.models import Acceptance, Opinion, Report
from app.rooms.models import Room
from app.tasks.actions import complete_task
from app.tasks.models import State, Task
from bpmn import shipped
from tests.app.cases import People, do, make_people, open_case, ready
from tests.app.shipped import application, naming, scheduling

READING = {"analysis": "右肺上叶结节", "diagnosis": "肺结节，性质待定", "plan": "三个月后复查"}
SIGNED = {"confirm": True}


@pytest.fixture
def people(app: object) -> People:
    return make_people()


def begin(people: People, name: str, **changes: Any) -> Consultation:
    """A case that the invited side has accepted, its experts named."""
    case = open_case(people.applicant, shipped.bundle(name))
    do(case, people.applicant, **application(people.invited, **changes))
    do(case, people.invited_affairs, **naming(people))
    return case


def finish(case: Consultation, people: People) -> None:
    """Signed by the first expert, accepted by the applicant, who has the last word."""
    do(case, people.experts[0], **SIGNED)
    assert case.status == Status.COMPLETED
    assert not case.instance.is_finished
    do(case, people.applicant, decision="accept")
    assert case.instance.is_finished
    assert db.session.query(Acceptance).filter_by(consultation_id=case.id).count() == 1


def count(kind: type, case: Consultation) -> int:
    return db.session.query(kind).filter_by(consultation_id=case.id).count()


def test_an_emergency_is_in_session_as_soon_as_experts_are_named(people: People) -> None:
    case = begin(people, "emergency", urgency="critical")
    assert case.status == Status.IN_PROGRESS
    assert count(Room, case) == 1

    do(case, people.applicant, outcome="no_show", absent=["expert"])
    assert ready(case, "session")  # gathered again, in a room of its own
    assert count(Room, case) == 2

    do(case, people.experts[1], outcome="held")
    do(case, people.experts[0], **READING, dissent="")
    finish(case, people)


def test_an_image_is_read_by_one_expert(people: People) -> None:
    case = begin(people, "imaging_reading", urgency="routine")
    do(case, people.experts[0], **READING, critical=False)
    finish(case, people)

    assert (count(Report, case), count(Opinion, case)) == (1, 0)


@pytest.mark.parametrize(("urgency", "critical"), [("critical", False), ("routine", True)])
def test_what_is_critical_is_read_twice(people: People, urgency: str, critical: bool) -> None:
    case = begin(people, "imaging_reading", urgency=urgency)
    do(case, people.experts[0], **READING, critical=critical)
    do(case, people.experts[1], **READING, critical=critical)
    do(case, people.experts[0], **READING, dissent="")
    finish(case, people)

    assert (count(Report, case), count(Opinion, case)) == (2, 1)


def test_slides_that_do_not_suffice_are_asked_for(people: People) -> None:
    case = begin(people, "pathology")
    do(case, people.experts[0], decision="return", reason="请补送蜡块")
    assert case.review is not None
    assert case.review["reason"] == "请补送蜡块"
    do(case, people.applicant, supplied=True)
    do(case, people.experts[0], decision="approve")
    for expert in people.experts:
        waiting = db.session.query(Task).filter_by(consultation_id=case.id, state=State.READY)
        complete_task(waiting.filter_by(assignee_id=expert.id).one().id, expert, READING)
    do(case, people.experts[0], **READING, dissent="")
    finish(case, people)

    assert count(Opinion, case) == 2


def test_who_was_referred_is_taken_back(people: People) -> None:
    case = begin(people, "referral")
    for arrived in ("no", "yes"):
        do(case, people.coordinator, scheduled_at=scheduling()["scheduled_at"])
        do(case, people.experts[0], arrived=arrived)
    do(case, people.experts[0], **READING, dissent="")
    finish(case, people)

    told = db.session.query(Notice).filter_by(template="session-missed")
    assert {one.recipient_id for one in told} == {people.coordinator.id}


def test_a_refusal_ends_each_of_them_and_is_told_to_both(people: People) -> None:
    for name in ("emergency", "imaging_reading", "pathology", "referral"):
        case = open_case(people.applicant, shipped.bundle(name))
        do(case, people.applicant, **application(people.invited))
        do(case, people.invited_affairs, decision="refuse", reason="无此专科")
        assert (case.status, case.instance.is_finished) == (Status.CANCELLED, True)


def test_an_installation_begins_with_the_consultation_alone(app: object) -> None:
    publish_shipped()

    assert [one.key for one in db.session.query(Process)] == ["consultation"]
