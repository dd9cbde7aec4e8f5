"""What the shipped diagrams may ask of a case by name; the diagram decides when."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.models import Person, RoleAssignment, Standing
from app.audit import Deed, record
from app.consultations.audience import AUDIENCES, people_of, tell
from app.consultations.models import Capacity, Participant
from app.consultations.steps import Case
from app.db import db
from app.errors import Invalid
from app.organisations.models import Department
from app.permissions import Role
from app.processes.vocabulary import operation
from notifications import OF_CASE


@operation("assign_experts", inputs=("department", "experts"))
def assign_experts(case: Case, department: str, experts: Sequence[str]) -> None:
    """Name the invited department and its experts (S0-24); those named before are released."""
    consultation = case.consultation
    chosen = [int(key) for key in experts]
    hospital_id = consultation.invited_hospital_id
    named = db.session.get(Department, int(department))
    if named is None or named.hospital_id != hospital_id:
        raise Invalid({"expert_department": _("该科室不属于受邀医院")})
    if not chosen or set(chosen) != _experts_at(hospital_id, chosen):
        raise Invalid({"experts": _("请从受邀医院在岗的会诊专家中选择")})
    consultation.invited_department_id = named.id
    present = {
        one.person_id: one for one in consultation.participants if one.capacity == Capacity.EXPERT
    }
    for person_id, participant in present.items():
        participant.ended_at = None if person_id in chosen else participant.ended_at or case.at
    for place, person_id in enumerate(chosen):
        participant = present.get(person_id) or Participant(
            person_id=person_id, capacity=Capacity.EXPERT, added_at=case.at
        )
        participant.place = place
        if participant not in consultation.participants:
            consultation.participants.append(participant)
    record(case.actor, Deed.EXPERTS_ASSIGNED, consultation, experts=chosen, department=named.id)


@operation(
    "arrange_session",
    inputs=("scheduled_at", "duration_min"),
    outputs=("session_at",),
    examples={"session_at": "=scheduled_at"},
)
def arrange_session(case: Case, scheduled_at: str, duration_min: int) -> dict[str, str]:
    """Agree when the session takes place (S2-25). A time without a zone is the installation's.

    session_at: the moment with seconds and zone, as FEEL needs it; a form gives neither surely.
    """
    moment = datetime.fromisoformat(scheduled_at)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(current_app.config["SETTINGS"].time_zone))
    if moment <= case.at:
        raise Invalid({"scheduled_at": _("会诊时间必须晚于现在")})
    case.consultation.scheduled_at = moment
    case.consultation.duration_min = int(duration_min)
    record(case.actor, Deed.SESSION_ARRANGED, case.consultation, scheduled_at=moment.isoformat())
    return {"session_at": moment.isoformat()}


@operation(
    "notify",
    inputs=("template", "audience"),
    choices={"template": OF_CASE, "audience": AUDIENCES},
    notices=("template",),
    meaning="notice",
)
def notify(case: Case, template: str, audience: str) -> None:
    """Queue a notice to some of the case's people; it is sent after the commit."""
    tell(people_of(case.consultation, audience), case.consultation, template)


@operation("refuse", inputs=("step",))
def refuse(case: Case, step: str) -> None:
    """Note that a reviewer refused; the reason stands in the review (S2-32)."""
    record(case.actor, Deed.CONSULTATION_REFUSED, case.consultation, step=step)


def _experts_at(hospital_id: int | None, chosen: Sequence[int]) -> set[int]:
    statement = (
        select(Person.id)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(
            Person.id.in_(chosen),
            Person.standing == Standing.ACTIVE,
            RoleAssignment.role == Role.EXPERT,
            RoleAssignment.hospital_id == hospital_id,
        )
    )
    return set(db.session.scalars(statement))
