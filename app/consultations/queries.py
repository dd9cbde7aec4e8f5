"""Which cases a person may see, and how they are found."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Person
from app.consultations.models import (
    Comment,
    Consultation,
    ElementLog,
    Instance,
    Participant,
    Status,
)
from app.db import db
from app.patients.models import Patient
from app.permissions import GRANTS, Actor, Grant, Permission, Role
from app.sealing import sealer

PAGE = 20


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """The cases whose `stakes` let this actor read them: the same rule, said to the database."""
    rules: list[ColumnElement[bool]] = [
        Consultation.applicant_id == actor.actor_id,
        Consultation.id.in_(
            select(Participant.consultation_id).where(
                Participant.person_id == actor.actor_id, Participant.ended_at.is_(None)
            )
        ),
    ]
    rules += [_involves(grant) for grant in actor.grants if not isinstance(grant.role, Role)]
    for grant in actor.grants:
        if grant.role not in GRANTS[Permission.CONSULTATION_READ]:
            continue
        if grant.department_id is not None:
            rules.append(Consultation.inviting_department_id == grant.department_id)
        elif grant.hospital_id is not None:
            rules.append(_concerns(grant.hospital_id))
        elif grant.role is Role.TRIAGE_COORDINATOR:
            rules.append(true())
    return or_(*rules) if actor.grants else false()


def _involves(grant: Grant) -> ColumnElement[bool]:
    """The cases in which a custom role was given work, where it is held."""
    if grant.department_id is not None:
        place = Consultation.inviting_department_id == grant.department_id
    elif grant.hospital_id is not None:
        place = _concerns(grant.hospital_id)
    else:
        return false()
    return and_(Consultation.involved.contains(f",{grant.role},", autoescape=True), place)


def _concerns(hospital_id: int) -> ColumnElement[bool]:
    return or_(
        Consultation.inviting_hospital_id == hospital_id,
        and_(
            Consultation.invited_hospital_id == hospital_id,
            Consultation.reached_invited_at.is_not(None),
        ),
    )


def history(actor: Actor, wanted: Mapping[str, str]) -> Select[Consultation]:
    """The cases an actor may read, newest first, narrowed by status, text and days.

    wanted: `status`, `q` (number, or the patient's whole name), `since`, `until` (ISO days).
    """
    statement = (
        select(Consultation)
        .where(readable_by(actor))
        .options(
            joinedload(Consultation.patient),
            joinedload(Consultation.applicant),
            joinedload(Consultation.inviting_hospital),
            joinedload(Consultation.invited_hospital),
        )
        .order_by(Consultation.created_at.desc(), Consultation.id.desc())
    )
    if wanted.get("status") in set(Status):
        statement = statement.where(Consultation.status == wanted["status"])
    if text := wanted.get("q", "").strip():
        statement = statement.where(_mentions(text))
    if since := _moment(wanted.get("since")):
        statement = statement.where(Consultation.created_at >= since)
    if until := _moment(wanted.get("until"), "T23:59:59.999999"):
        statement = statement.where(Consultation.created_at <= until)
    return statement


def _mentions(text: str) -> ColumnElement[bool]:
    by_name = select(Patient.id).where(Patient.name_index == sealer().blind_index(text))
    return or_(
        Consultation.number.icontains(text, autoescape=True),
        Consultation.patient_id.in_(by_name),
    )


def _moment(day: str | None, time: str = "T00:00:00") -> datetime | None:
    try:
        return datetime.fromisoformat(f"{day}{time}+08:00") if day else None
    except ValueError:
        return None


def with_people(consultation_id: int) -> Consultation | None:
    """A case with all that its page shows of people and places, in one query."""
    statement = (
        select(Consultation)
        .where(Consultation.id == consultation_id)
        .options(
            joinedload(Consultation.patient),
            joinedload(Consultation.applicant),
            joinedload(Consultation.instance),
            joinedload(Consultation.inviting_hospital),
            joinedload(Consultation.inviting_department),
            joinedload(Consultation.invited_hospital),
            joinedload(Consultation.invited_department),
            selectinload(Consultation.participants).joinedload(Participant.person),
        )
    )
    return db.session.scalar(statement)


def due(moment: datetime, limit: int) -> list[int]:
    """The cases whose timers are due; reads the index of `wake_at` and nothing else."""
    statement = (
        select(Instance.consultation_id)
        .where(Instance.wake_at <= moment)
        .order_by(Instance.wake_at)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def element_log(consultation_id: int) -> list[ElementLog]:
    """What the tokens of a case did, in order."""
    statement = (
        select(ElementLog)
        .where(ElementLog.consultation_id == consultation_id)
        .order_by(ElementLog.id)
    )
    return list(db.session.scalars(statement))


def comments(consultation_id: int) -> list[Comment]:
    """What was said about a case, in order."""
    statement = (
        select(Comment)
        .where(Comment.consultation_id == consultation_id)
        .options(joinedload(Comment.author).joinedload(Person.hospital))
        .order_by(Comment.id)
    )
    return list(db.session.scalars(statement))
