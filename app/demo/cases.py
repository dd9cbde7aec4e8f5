"""Twelve invented cases, each at another step, so that everybody finds work.

They go through the same actions as real ones, with the clock set back to when they happened.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import or_, select, update

from app import db as database
from app.accounts.models import Person
from app.consultations.actions import comment, start_consultation, wake_due
from app.consultations.models import Consultation
from app.db import db, now, transactional
from app.demo import stories
from app.demo.people import CITY
from app.demo.stories import Story
from app.notices.models import Notice
from app.notices.models import State as Sending
from app.organisations.models import Department, Hospital
from app.processes.models import Process
from app.processes.queries import CONSULTATION
from app.records.actions import add_record
from app.tasks.actions import complete_task, save_draft
from app.tasks.models import State, Task

APPLICANT, DIRECTOR, AFFAIRS, COORDINATOR = "liwen", "chen.zhuren", "zhao.yiwu", "sun.fenzhen"
LEAD, SECOND = "zhou.zhuanjia", "wu.zhuanjia"
PARTNER_AFFAIRS = {CITY: "qian.yiwu", "岚州大学附属医院": "kong.yiwu"}
APPROVED: dict[str, Any] = {"decision": "approve"}


def create() -> None:
    """Make the cases unless there are any, or nothing is published that they could follow."""
    published = select(Process.id).where(Process.key == CONSULTATION)
    if db.session.scalar(published) is None or db.session.scalar(select(Consultation.id).limit(1)):
        return
    with _clock_set_back() as present:
        _tell(present)
    _sent_long_ago()
    wake_due()  # what has become due by now: reminders, the open room, the follow-up


@transactional
def _sent_long_ago() -> None:
    """Messages to phones that belong to the past are not sent now."""
    waiting = update(Notice).where(Notice.next_attempt_at.is_not(None))
    sent = waiting.values(state=Sending.SENT, sent_at=Notice.created_at, next_attempt_at=None)
    db.session.execute(sent.execution_options(synchronize_session=False))


def _tell(present: datetime) -> None:
    _follow_up(present)
    _acceptance(present)
    _refused(present)
    _signature(present)
    _opinions(present)
    _returned(present)
    _session(present)
    _waiting_for_affairs(present)
    _waiting_for_director(present)
    _waiting_for_partner(present)
    _waiting_for_schedule(present)
    _draft(present)


def _draft(present: datetime) -> None:
    walk = Walk(stories.DRAFT, present - timedelta(minutes=50))
    save_draft(walk.task("fill_application", APPLICANT), walk.person(APPLICANT), walk.application())


def _waiting_for_director(present: datetime) -> None:
    Walk(stories.DIRECTOR, present - timedelta(hours=2)).apply()


def _returned(present: datetime) -> None:
    reason = "请补充近三天出入量、体重变化和 NT-proBNP 结果，并写明利尿剂的用法。"
    walk = Walk(stories.RETURNED, present - timedelta(hours=26)).apply()
    walk.later(hours=5).answer(
        "review_director", DIRECTOR, {"decision": "return", "reason": reason}
    )


def _waiting_for_affairs(present: datetime) -> None:
    walk = Walk(stories.AFFAIRS, present - timedelta(hours=2, minutes=50)).apply()
    walk.later(hours=1).answer("review_director", DIRECTOR, APPROVED)


def _waiting_for_partner(present: datetime) -> None:
    walk = (
        Walk(stories.PARTNER, present - timedelta(hours=4, minutes=40)).apply().approved_at_home()
    )
    walk.say(DIRECTOR, "患者家属同意必要时转运，救护车已待命。")


def _refused(present: datetime) -> None:
    walk = Walk(stories.REFUSED, present - timedelta(days=4)).apply().approved_at_home()
    walk.later(hours=3).answer(
        "review_invited_affairs",
        PARTNER_AFFAIRS[stories.REFUSED.hospital],
        {
            "decision": "refuse",
            "reason": "尚未完成头颅影像与规范的一线治疗，建议先在本院完成后再申请。",
        },
    )


def _waiting_for_schedule(present: datetime) -> None:
    Walk(stories.SCHEDULE, present - timedelta(hours=5)).apply().approved_at_home().accepted()


def _session(present: datetime) -> None:
    walk = Walk(stories.SESSION, present - timedelta(hours=22)).apply().approved_at_home()
    walk.accepted().arranged(present)  # the next quarter: its room is open already


def _opinions(present: datetime) -> None:
    walk = _held(stories.OPINIONS, present - timedelta(days=2), hours=42)
    walk.later(hours=2).answer("write_opinions", LEAD, stories.FIRST_OPINION)


def _signature(present: datetime) -> None:
    _reported(stories.SIGNATURE, present - timedelta(hours=40))


def _acceptance(present: datetime) -> None:
    walk = _reported(stories.ACCEPTANCE, present - timedelta(days=3))
    walk.later(hours=1).answer("sign_report", LEAD, {"confirm": True})
    walk.say(APPLICANT, "已收到报告，正与家属沟通转诊时间。")


def _follow_up(present: datetime) -> None:
    walk = _reported(stories.FOLLOW_UP, present - timedelta(days=10))
    walk.later(hours=1).answer("sign_report", LEAD, {"confirm": True})
    walk.later(hours=3).answer("decide_execution", APPLICANT, {"decision": "accept"})


def _held(story: Story, begins: datetime, hours: int = 20) -> "Walk":
    """A case whose session took place so many hours after it began."""
    walk = Walk(story, begins).apply().approved_at_home().accepted()
    walk.arranged(begins + timedelta(hours=hours))
    walk.at = begins + timedelta(hours=hours)
    walk.enter()
    wake_due()  # the room opens
    return walk.later(minutes=50).answer("session", APPLICANT, {"outcome": "held"})


def _reported(story: Story, begins: datetime) -> "Walk":
    walk = _held(story, begins)
    walk.later(hours=2).answer("write_opinions", LEAD, stories.FIRST_OPINION)
    walk.later(hours=2).answer("write_opinions", SECOND, stories.SECOND_OPINION)
    return walk.later(hours=3).answer("write_report", LEAD, stories.REPORT)


class Walk:
    """One case and the moment its story has reached."""

    def __init__(self, story: Story, begins: datetime) -> None:
        self.story, self.at = story, begins
        self.enter()
        self.case_id = start_consultation(self.person(APPLICANT)).id

    def enter(self) -> None:
        """Set the clock to this story's moment."""
        at = self.at
        database.clock[0] = lambda: at

    def later(self, **passed: int) -> Self:
        """Some time passes; keywords of timedelta."""
        self.at += timedelta(**passed)
        self.enter()
        return self

    def answer(self, element: str, login: str, answers: dict[str, Any]) -> Self:
        complete_task(self.task(element, login), self.person(login), answers)
        return self

    def say(self, login: str, text: str) -> None:
        self.later(minutes=5)
        comment(self.case_id, self.person(login), text)

    def apply(self) -> Self:
        """The records are uploaded, the application is sent."""
        for paper in self.story.papers:
            applicant, title = self.person(APPLICANT), f"{paper.title}.jpg"
            add_record(self.case_id, applicant, paper.draw(), title, paper.category)
        return self.later(minutes=20).answer("fill_application", APPLICANT, self.application())

    def approved_at_home(self) -> Self:
        self.later(minutes=25).answer("review_director", DIRECTOR, APPROVED)
        return self.later(minutes=30).answer("review_inviting_affairs", AFFAIRS, APPROVED)

    def accepted(self) -> Self:
        """The partner names department and experts."""
        named = select(Department.id).join(Hospital)
        ward = named.where(
            Hospital.name == self.story.hospital, Department.name == self.story.department
        )
        answers = {
            **APPROVED,
            "expert_department": str(db.session.scalar(ward)),
            "experts": [str(self.person(login).id) for login in (LEAD, SECOND)],
        }
        login = PARTNER_AFFAIRS[self.story.hospital]
        return self.later(minutes=40).answer("review_invited_affairs", login, answers)

    def arranged(self, at: datetime) -> Self:
        answers = {"scheduled_at": _typed(at, step_min=15), "duration_min": 30}
        return self.later(minutes=30).answer("schedule", COORDINATOR, answers)

    def application(self) -> dict[str, Any]:
        """What the applicant writes; an unfinished story leaves fields empty."""
        story = self.story
        invited = select(Hospital.id).where(Hospital.name == story.hospital)
        answers = {
            "patient_name": story.name,
            "patient_sex": story.sex,
            "patient_birth_on": story.born,
            "urgency": story.urgency,
            "invited_hospital": str(db.session.scalar(invited)),
            "department_wanted": story.department,
            "title_wanted": "chief",
            "expected_at": _typed(self.at + timedelta(days=1)),
            "reason": story.reason,
            "purpose": story.purpose,
            "preliminary_diagnosis": story.diagnosis,
            "preliminary_diagnosis_code": story.code,
        }
        if not story.summary:
            return answers
        consent = {
            "consent_given": True,
            "consent_by": "patient",
            "consent_on": self.at.date().isoformat(),
        }
        return {**answers, "summary": story.summary, **consent}

    def task(self, element: str, login: str) -> int:
        """The task that waits at an element for a person."""
        statement = select(Task.id).where(
            Task.consultation_id == self.case_id,
            Task.state == State.READY,
            Task.element_id == element,
            or_(Task.assignee_id.is_(None), Task.assignee_id == self.person(login).id),
        )
        return db.session.scalars(statement).one()

    def person(self, login: str) -> Person:
        return db.session.scalars(select(Person).filter_by(login=login)).one()


@contextmanager
def _clock_set_back() -> Iterator[datetime]:
    """The present; what happens inside may set the clock, which is right again afterwards."""
    kept = database.clock[0]
    try:
        yield now()
    finally:
        database.clock[0] = kept


def _typed(moment: datetime, step_min: int = 30) -> str:
    """As the browser's field sends it: the next full step, in the installation's zone."""
    step = timedelta(minutes=step_min).total_seconds()
    rounded = datetime.fromtimestamp(math.ceil(moment.timestamp() / step) * step, UTC)
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    return rounded.astimezone(zone).isoformat(timespec="minutes")
