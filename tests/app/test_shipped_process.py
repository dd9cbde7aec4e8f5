"""The shipped process, whole over HTTP: from a county doctor's application to the follow-ups."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.audit import AuditEntry, broken_links
from app.consultations.actions import wake_due
from app.consultations.models import Consultation, Status
from app.db import db
from app.notices.models import Notice
from app.processes.actions import publish
from app.reports.models import FollowUp, Opinion
from app.rooms.models import Room
from app.tasks.models import State, Task
from bpmn import shipped
from tests.app.cases import make_people

APPLICATION = {
    "patient_name": "示例患者",
    "patient_sex": "female",
    "patient_birth_on": "1955-04-01",
    "patient_phone": "13800000000",
    "urgency": "urgent",
    "department_wanted": "心内科",
    "title_wanted": "chief",
    "expected_at": "2026-03-03T10:00+08:00",
    "reason": "胸痛三天,原因不明",
    "purpose": "明确诊断,指导治疗",
    "summary": "患者三天前无明显诱因出现胸痛,心电图示 ST 段改变。",
    "preliminary_diagnosis": "冠心病?",
    "preliminary_diagnosis_code": "I25.1",
    "consent_given": True,
    "consent_by": "patient",
    "consent_on": "2026-03-01",
}
OPINION = {"analysis": "符合缺血表现", "diagnosis": "不稳定型心绞痛", "plan": "抗凝,择期造影"}


@dataclass
class Walk:
    """One case and those who take it on, each in a browser of their own."""

    people: object
    client: object
    case: Consultation

    def waiting(self, element=None):
        query = db.session.query(Task).filter_by(consultation_id=self.case.id, state=State.READY)
        if element:
            query = query.filter_by(element_id=element)
        return query.order_by(Task.id).all()

    def answer(self, person, answers, element=None, expect=201):
        task = self.waiting(element)[0]
        url = f"/api/tasks/{task.id}/completion"
        answer = self.client(person).post(url, json={"answers": answers})
        assert answer.status_code == expect, answer.get_json()
        db.session.expire_all()
        return answer.get_json()

    def at(self):
        return {task.element_id for task in self.waiting()}


@pytest.fixture
def walk(app, client, clock):
    people = make_people()
    publish(None, "consultation", "远程会诊", shipped.bundle("consultation"))
    browser = client(people.applicant)
    assert browser.post("/consultations").status_code == 302
    return Walk(people, client, db.session.query(Consultation).one())


def apply(walk, **changes):
    answers = {**APPLICATION, "invited_hospital": str(walk.people.invited.id), **changes}
    walk.answer(walk.people.applicant, answers)


def reach_partner(walk):
    apply(walk)
    walk.answer(walk.people.director, {"decision": "approve"})
    walk.answer(walk.people.affairs, {"decision": "approve"})


def reach_scheduling(walk):
    reach_partner(walk)
    walk.answer(
        walk.people.invited_affairs,
        {
            "decision": "approve",
            "expert_department": str(walk.people.invited_department.id),
            "experts": [str(expert.id) for expert in walk.people.experts],
        },
    )


def reach_session(walk, clock):
    reach_scheduling(walk)
    when = as_typed(clock.moment + timedelta(hours=3))
    walk.answer(walk.people.coordinator, {"scheduled_at": when, "duration_min": 30})
    assert walk.at() == set()
    clock.move(hours=2, minutes=45, seconds=1)
    assert wake_due() == 1
    db.session.expire_all()


def test_a_case_goes_from_application_to_follow_up(walk, clock):
    """S0-8…13, S0-20…26, S2-28…38, S4-40: every status, every hand, driven by the diagram."""
    people = walk.people
    assert walk.case.status == Status.DRAFT
    apply(walk)
    assert (walk.case.status, walk.at()) == (Status.PENDING, {"review_director"})
    walk.answer(people.director, {"decision": "approve"})
    walk.answer(people.affairs, {"decision": "approve"})
    assert walk.at() == {"review_invited_affairs"}
    reach = {"decision": "approve", "expert_department": str(people.invited_department.id)}
    walk.answer(people.invited_affairs, {**reach, "experts": [str(e.id) for e in people.experts]})
    assert (walk.case.status, walk.at()) == (Status.ASSIGNED, {"schedule"})
    assert told(walk, "expert-invited") == {expert.id for expert in people.experts}

    when = as_typed(clock.moment + timedelta(hours=3))
    walk.answer(people.coordinator, {"scheduled_at": when, "duration_min": 30})
    assert wake_due() == 0
    clock.move(hours=2, minutes=45, seconds=1)
    assert wake_due() == 1
    db.session.expire_all()
    assert (walk.case.status, walk.at()) == (Status.IN_PROGRESS, {"session"})
    room = db.session.query(Room).one()
    assert room.closed_at is None

    walk.answer(people.applicant, {"outcome": "held"})
    db.session.expire_all()
    assert room.closed_at is not None
    opinions = walk.waiting("write_opinions")
    assert {task.assignee_id for task in opinions} == {expert.id for expert in people.experts}
    for task, track in zip(opinions, (True, False), strict=True):
        expert = next(one for one in people.experts if one.id == task.assignee_id)
        body = {"answers": {**OPINION, "track": track}}
        url = f"/api/tasks/{task.id}/completion"
        assert walk.client(expert).post(url, json=body).status_code == 201
    assert db.session.query(Opinion).count() == 2

    lead = people.experts[0]
    walk.answer(lead, OPINION)
    assert walk.at() == {"sign_report"}
    walk.answer(lead, {"confirm": True})
    assert walk.case.status == Status.COMPLETED
    assert people.applicant.id in told(walk, "report-published")
    walk.answer(people.applicant, {"decision": "adapt", "remarks": "县内无造影条件,先抗凝"})

    for days in (7, 30, 90):
        clock.moment = walk.case.completed_at + timedelta(days=days, seconds=5)
        while wake_due():
            db.session.expire_all()
        assert walk.at(), f"no follow-up task on day {days}"
        walk.answer(people.follow_up, {"condition": "平稳", "efficacy": "improved"})
    assert db.session.query(FollowUp).count() == 3
    assert walk.case.instance.is_finished
    chain = db.session.query(AuditEntry).filter_by(chain=walk.case.audit_chain)
    assert broken_links(chain.order_by(AuditEntry.place)) == []


@pytest.mark.parametrize("step", ["director", "affairs", "invited_affairs"])
def test_a_refusal_needs_a_reason_that_reaches_two(walk, step):
    """S2-32, S2-33, S0-27: highlighted for the applicant, pushed to applicant and coordinator."""
    people = walk.people
    apply(walk)
    for reviewer in ("director", "affairs", "invited_affairs"):
        if reviewer == step:
            break
        walk.answer(getattr(people, reviewer), {"decision": "approve"})
    walk.answer(getattr(people, step), {"decision": "refuse"}, expect=422)
    walk.answer(getattr(people, step), {"decision": "refuse", "reason": "资料不足以会诊"})
    assert walk.case.status == Status.CANCELLED
    assert told(walk, "refused") == {people.applicant.id, people.coordinator.id}
    page = walk.client(people.applicant).get(f"/consultations/{walk.case.id}").text
    assert "资料不足以会诊" in page.split('class="columns"')[0]


@pytest.mark.parametrize("step", ["director", "affairs", "invited_affairs"])
def test_a_return_keeps_what_was_written(walk, step):
    people = walk.people
    apply(walk)
    for reviewer in ("director", "affairs", "invited_affairs"):
        if reviewer == step:
            break
        walk.answer(getattr(people, reviewer), {"decision": "approve"})
    walk.answer(getattr(people, step), {"decision": "return", "reason": "请补充心电图"})
    assert (walk.case.status, walk.at()) == (Status.DRAFT, {"fill_application"})
    task = walk.waiting()[0]
    form = walk.client(people.applicant).get(f"/api/tasks/{task.id}/form").get_json()
    assert form["data"]["summary"] == APPLICATION["summary"]
    assert form["data"]["patient_name"] == "示例患者"
    page = walk.client(people.applicant).get(f"/tasks/{task.id}").text
    assert "请补充心电图" in page


def test_steps_and_times_are_told_in_english(walk, clock):
    apply(walk)
    browser = walk.client(walk.people.applicant)
    browser.post("/language", data={"language": "en"})
    page = browser.get(f"/consultations/{walk.case.id}").text
    assert "Review by the department director" in page
    assert "Done Fill in the application" in page
    assert "科室主任审核" not in page
    zone = ZoneInfo("Asia/Shanghai")
    assert walk.case.created_at.astimezone(zone).strftime("%b %Y, %H:%M") in page


def test_consent_and_the_minimum_of_an_invitation_are_demanded(walk):
    """S2-28, L-4, L-5."""
    for key in ("consent_given", "reason", "purpose", "summary", "preliminary_diagnosis"):
        answers = {**APPLICATION, "invited_hospital": str(walk.people.invited.id)}
        del answers[key]
        assert key in walk.answer(walk.people.applicant, answers, expect=422)["errors"]
    forged = {**APPLICATION, "invited_hospital": str(walk.people.inviting.id)}
    assert "invited_hospital" in walk.answer(walk.people.applicant, forged, expect=422)["errors"]


def test_experts_come_from_the_invited_hospital_only(walk):
    """S0-24: a forged expert or department is refused."""
    reach_partner(walk)
    people = walk.people
    good = {"decision": "approve", "expert_department": str(people.invited_department.id)}
    for experts in ([], [str(people.stranger.id)], ["999999"], [str(people.director.id)]):
        walk.answer(people.invited_affairs, {**good, "experts": experts}, expect=422)
    assert walk.at() == {"review_invited_affairs"}


def test_withdrawal_ends_once_the_invited_side_accepted(walk):
    reach_partner(walk)
    browser = walk.client(walk.people.applicant)
    assert "withdraw" in db.session.get(Consultation, walk.case.id).instance.messages
    walk.answer(
        walk.people.invited_affairs,
        {
            "decision": "approve",
            "expert_department": str(walk.people.invited_department.id),
            "experts": [str(walk.people.experts[0].id)],
        },
    )
    browser.post(f"/consultations/{walk.case.id}/withdraw", data={"reason": "不需要了"})
    db.session.expire_all()
    assert walk.case.status == Status.ASSIGNED
    browser.post(f"/consultations/{walk.case.id}/cancel", data={"reason": "患者已转院"})
    db.session.expire_all()
    assert walk.case.status == Status.CANCELLED
    assert told(walk, "cancelled") >= {expert.id for expert in walk.people.experts[:1]}


def test_a_session_that_was_not_held_is_arranged_anew(walk, clock):
    """No-show: the room closes, the case goes back to scheduling."""
    reach_session(walk, clock)
    walk.answer(walk.people.applicant, {"outcome": "no_show", "absent": ["expert"]})
    assert (walk.case.status, walk.at()) == (Status.ASSIGNED, {"schedule"})
    assert db.session.query(Room).filter_by(closed_at=None).count() == 0


def test_an_open_session_can_be_moved(walk, clock):
    reach_session(walk, clock)
    url = f"/consultations/{walk.case.id}/reschedule"
    walk.client(walk.people.coordinator).post(url, data={"reason": "专家急诊手术"})
    db.session.expire_all()
    assert walk.at() == {"schedule"}
    assert db.session.query(Room).filter_by(closed_at=None).count() == 0


def test_whoever_lets_a_review_lie_is_reminded(walk, clock):
    apply(walk)
    due = walk.waiting()[0].due_at
    assert isinstance(due, datetime)
    clock.moment = due + timedelta(seconds=1)
    assert wake_due() == 1
    assert told(walk, "overdue") == {walk.people.director.id}
    assert walk.at() == {"review_director"}


def test_nobody_reads_another_experts_opinion_before_writing_their_own(walk, clock):
    """O-15: independent opinions first."""
    reach_session(walk, clock)
    walk.answer(walk.people.applicant, {"outcome": "held"})
    first, second = walk.people.experts
    task = next(one for one in walk.waiting() if one.assignee_id == first.id)
    body = {"answers": {**OPINION, "analysis": "独立意见甲", "track": False}}
    walk.client(first).post(f"/api/tasks/{task.id}/completion", json=body)
    page = f"/consultations/{walk.case.id}"
    assert "独立意见甲" in walk.client(first).get(page).text
    assert "独立意见甲" not in walk.client(second).get(page).text
    assert "独立意见甲" not in walk.client(walk.people.applicant).get(page).text


def as_typed(moment):
    """A moment as the browser's date field sends it."""
    return moment.astimezone(ZoneInfo("Asia/Shanghai")).isoformat(timespec="minutes")


def told(walk, template):
    query = db.session.query(Notice).filter_by(template=template, consultation_id=walk.case.id)
    return {notice.recipient_id for notice in query}
