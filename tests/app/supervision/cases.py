"""Cases of the shipped process at many places, how they go on, and the version they move to."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.consultations.actions import start_consultation, wake_due
from app.consultations.models import Consultation, Instance
from app.db import db, now
from app.processes.actions import publish
from app.processes.models import ProcessVersion
from app.processes.queries import definition
from app.tasks.actions import complete_task
from app.tasks.models import State, Task
from bpmn import shipped
from bpmn.bundle import Bundle
from tests.app.cases import People
from tests.app.shipped import APPROVAL, application, naming, scheduling

OPINION = {"analysis": "分析", "diagnosis": "诊断", "plan": "方案", "track": False}
REPORT = {"analysis": "分析", "diagnosis": "诊断", "plan": "方案"}


def answers(task: Task, people: People) -> dict[str, Any]:
    """What somebody answers at a step of the shipped process, old or new, to go on."""
    return {
        "fill_application": application(people.invited),
        "review_director": APPROVAL,
        "review_inviting_affairs": APPROVAL,
        "review_hospital_affairs": APPROVAL,
        "review_invited_affairs": naming(people) | _room(task),
        "schedule": scheduling(),
        "session": {"outcome": "held"},
        "write_opinions": OPINION,
        "write_report": REPORT,
        "compose_report": REPORT,
        "sign_report": {"confirm": True},
        "decide_execution": {"decision": "accept"},
    }[task.element_id]


def _room(task: Task) -> dict[str, str]:
    """What the changed form asks for too."""
    form = definition(task.consultation.instance.digest).bundle.forms["partner_review"]
    return {"room_wanted": "会议室"} if "room_wanted" in str(form) else {}


def doer(task: Task, people: People) -> Person:
    """Somebody to whom a task is open."""
    everybody = [*people.experts, people.applicant, people.director, people.affairs]
    everybody += [people.invited_affairs, people.coordinator, people.follow_up]
    return next(one for one in everybody if task.is_open_to(one))


def waiting(case_id: int) -> Sequence[Task]:
    statement = select(Task).where(Task.consultation_id == case_id, Task.state == State.READY)
    return db.session.scalars(statement.order_by(Task.id)).all()


def go_on(case_id: int, people: People, clock: Any) -> None:
    """Do the next thing: a task if one waits, else let time pass."""
    tasks = waiting(case_id)
    if tasks:
        complete_task(tasks[0].id, doer(tasks[0], people), answers(tasks[0], people))
        return
    instance = db.session.get(Instance, case_id)
    assert instance is not None
    if instance.is_finished:
        return
    assert instance.wake_at is not None, "nobody can do anything, and nothing will happen"
    clock.moment = max(now(), instance.wake_at) + timedelta(seconds=1)
    wake_due()
    db.session.expire_all()


def to_the_end(case_id: int, people: People, clock: Any) -> None:
    for _ in range(40):
        instance = db.session.get(Instance, case_id)
        assert instance is not None
        if instance.is_finished:
            return
        go_on(case_id, people, clock)
    raise AssertionError("the case does not come to its end")


def cases_at_many_places(people: People, number: int, clock: Any) -> list[Consultation]:
    """So many cases of the shipped process, at all the places it can wait at."""
    made = []
    for index in range(number):
        case = start_consultation(people.applicant)
        made.append((case, index % 13))
    for done in range(12):
        for case, steps in made:
            if done < steps:
                go_on(case.id, people, clock)
    return [case for case, _ in made]


def changed(bundle: Bundle) -> Bundle:
    """A version with a renamed review, a renamed report, another timer and a new required field."""
    process = bundle.process
    for old, new in (
        ("review_inviting_affairs", "review_hospital_affairs"),
        ("write_report", "compose_report"),
        ("director_overdue", "director_late"),
    ):
        process = process.replace(old, new)
    partner = bundle.forms["partner_review"]
    field = {"type": "textfield", "key": "room_wanted", "label": "会诊地点", "id": "f_room"}
    field |= {"validate": {"required": True}}
    forms = {**bundle.forms, "partner_review": {**partner, "components": [*partner["components"]]}}
    forms["partner_review"]["components"].append(field)
    return Bundle(process, forms, bundle.decisions)


def publish_shipped() -> ProcessVersion:
    return publish(None, "consultation", "远程会诊", shipped.bundle("consultation"))


def publish_changed() -> ProcessVersion:
    return publish(None, "consultation", "远程会诊", changed(shipped.bundle("consultation")))
