"""Who is meant when a diagram says "tell the coordinator", and what they may be told."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

import notifications
from app.accounts.models import Person, RoleAssignment, Standing
from app.consultations.models import Capacity, Consultation, Participant
from app.db import db
from app.permissions import Role

# Filled by the inbox, which alone knows to whom tasks are open.
assignees: list[Callable[[Consultation], Sequence[Person]]] = []


def people_of(consultation: Consultation, audience: str) -> list[Person]:
    """The people a notice's audience names, each once. Raises KeyError for an unknown one."""
    found = _AUDIENCES[audience](consultation)
    return list({person.id: person for person in found}.values())


def facts(consultation: Consultation, template: str) -> dict[str, Any]:
    """What a notice of this template may say of a case: nothing of patient or disease (P-7)."""
    declared = notifications.template(template)
    known = {"number": consultation.number, "at": consultation.scheduled_at}
    return {key: known[key] for key in known if key in declared.needs | declared.may}


def experts_of(consultation: Consultation) -> list[Person]:
    """The experts named for a case now, the leading one first."""
    statement = (
        select(Person)
        .join(Participant, Participant.person_id == Person.id)
        .where(
            Participant.consultation_id == consultation.id,
            Participant.capacity == Capacity.EXPERT,
            Participant.ended_at.is_(None),
        )
        .order_by(Participant.place, Participant.id)
    )
    return list(db.session.scalars(statement))


def holders(role: Role, *where: ColumnElement[bool]) -> list[Person]:
    """The active people who hold a role, where further conditions on the assignment hold."""
    statement = (
        select(Person)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(RoleAssignment.role == role, Person.standing == Standing.ACTIVE, *where)
        .order_by(Person.id)
    )
    return list(db.session.scalars(statement))


def _applicant(consultation: Consultation) -> list[Person]:
    return [consultation.applicant]


def _coordinators(_consultation: Consultation) -> list[Person]:
    return holders(Role.TRIAGE_COORDINATOR)


def _medical_affairs(hospital_id: int | None) -> list[Person]:
    return holders(Role.MEDICAL_AFFAIRS, RoleAssignment.hospital_id == hospital_id)


def _everybody(consultation: Consultation) -> list[Person]:
    return [consultation.applicant, *experts_of(consultation), *_coordinators(consultation)]


def _assignees(consultation: Consultation) -> list[Person]:
    return [person for find in assignees for person in find(consultation)]


_AUDIENCES: dict[str, Callable[[Consultation], list[Person]]] = {
    "applicant": _applicant,
    "coordinator": _coordinators,
    "experts": experts_of,
    "all": _everybody,
    "assignees": _assignees,
    "inviting_medical_affairs": lambda one: _medical_affairs(one.inviting_hospital_id),
    "invited_medical_affairs": lambda one: _medical_affairs(one.invited_hospital_id),
}
AUDIENCES = frozenset(_AUDIENCES)
# The notices about a case; the others are about a person's own account.
TEMPLATES_OF_CASE = frozenset(
    name for name, template in notifications.TEMPLATES.items() if "number" in template.needs
)
