"""The people of a case and how tests move it on."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.accounts.models import Person
from app.consultations.actions import start_consultation
from app.consultations.models import Consultation
from app.db import db
from app.organisations.models import Department, Hospital
from app.permissions import Role
from app.processes.actions import publish
from app.tasks.actions import complete_task
from app.tasks.models import State, Task
from bpmn.bundle import Bundle
from tests.app.diagrams import small_bundle
from tests.makers import make_department, make_hospital, make_person


@dataclass(frozen=True)
class People:
    """The people of one case; `stranger` holds every hospital role at a third hospital."""

    applicant: Person
    director: Person
    affairs: Person
    invited_affairs: Person
    coordinator: Person
    experts: tuple[Person, Person]
    follow_up: Person
    stranger: Person
    inviting: Hospital
    invited: Hospital
    invited_department: Department


def make_people() -> People:
    inviting, invited = make_hospital(), make_hospital(can_be_invited=True)
    ward, cardiology, elsewhere = (make_department(one) for one in (inviting, invited, None))
    return People(
        applicant=make_person(Role.APPLICANT, department=ward),
        director=make_person(Role.DEPARTMENT_DIRECTOR, department=ward),
        affairs=make_person(Role.MEDICAL_AFFAIRS, hospital=inviting),
        invited_affairs=make_person(Role.MEDICAL_AFFAIRS, hospital=invited),
        coordinator=make_person(Role.TRIAGE_COORDINATOR),
        experts=(
            make_person(Role.EXPERT, department=cardiology),
            make_person(Role.EXPERT, department=cardiology),
        ),
        follow_up=make_person(Role.FOLLOW_UP_STAFF, hospital=inviting),
        stranger=make_person(
            *(role for role in Role if role.value in _EVERYWHERE), department=elsewhere
        ),
        inviting=inviting,
        invited=invited,
        invited_department=cardiology,
    )


_EVERYWHERE = {"applicant", "department_director", "medical_affairs", "expert", "follow_up_staff"}


def open_case(applicant: Person, bundle: Bundle | None = None) -> Consultation:
    """A draft at its first task, in a process published just now."""
    publish(None, "consultation", "会诊", bundle or small_bundle())
    return start_consultation(applicant)


def ready(consultation: Consultation, element_id: str | None = None) -> Task:
    """The one task that waits, at an element if one is named."""
    statement = select(Task).where(
        Task.consultation_id == consultation.id, Task.state == State.READY
    )
    if element_id:
        statement = statement.where(Task.element_id == element_id)
    return db.session.scalars(statement).one()


def do(consultation: Consultation, person: Person, **answers: Any) -> Task:
    """The one waiting task, completed by a person."""
    return complete_task(ready(consultation).id, person, answers)
