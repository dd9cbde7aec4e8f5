"""Reads of people and of what awaits review."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts import words
from app.accounts.models import (
    REVIEWED,
    ChangeState,
    Person,
    ProfileChange,
    RoleAssignment,
    Standing,
    Title,
    normal_login,
)
from app.db import db
from app.organisations.models import Department, Hospital
from app.permissions import Actor, Permission, Role, hospitals_within

FIELDS = {
    "name": _("姓名"),
    "hospital_id": _("医院"),
    "department_id": _("科室"),
    "title": _("职称"),
    "specialty": _("专业特长"),
    "licence": _("执业证书编号"),
}


@dataclass(frozen=True)
class Difference:
    """One reviewed field: what is in force and what is asked for, as a reader sees them."""

    field: str
    label: Any
    old: Any
    new: Any

    @property
    def is_changed(self) -> bool:
        return bool(self.old != self.new)


def differences(change: ProfileChange) -> list[Difference]:
    """A proposed profile beside the one in force, field by field (S0-7, O-20)."""
    person = change.person
    return [
        Difference(
            field,
            FIELDS[field],
            _shown(field, _in_force(person, field)),
            _shown(field, change.proposed[field]),
        )
        for field in REVIEWED
    ]


def _in_force(person: Person, field: str) -> Any:
    # Whoever has not been approved once has nothing in force but a name.
    return getattr(person, field) if person.is_approved or field == "name" else None


def _shown(field: str, value: Any) -> Any:
    if value is None or value == "":
        return ""
    if field == "title":
        return str(words.TITLES[Title(value)])
    if field == "hospital_id":
        hospital = db.session.get(Hospital, value)
        return hospital.name if hospital else ""
    if field == "department_id":
        department = db.session.get(Department, value)
        return department.name if department else ""
    return value


def open_change(person: Person) -> ProfileChange | None:
    """What the person has proposed and nobody has decided."""
    return db.session.scalar(
        select(ProfileChange).filter_by(person_id=person.id, state=ChangeState.PROPOSED)
    )


def last_refusal(person: Person) -> ProfileChange | None:
    """The latest decision, if it was a refusal."""
    latest = db.session.scalar(
        select(ProfileChange)
        .where(ProfileChange.person_id == person.id, ProfileChange.decided_at.is_not(None))
        .order_by(ProfileChange.id.desc())
        .limit(1)
    )
    return latest if latest and latest.state == ChangeState.REFUSED else None


def _reviewable(reviewer: Actor) -> Select[Any]:
    statement = select(ProfileChange).where(
        ProfileChange.state == ChangeState.PROPOSED,
        ProfileChange.person_id != reviewer.actor_id,
    )
    within = hospitals_within(reviewer, Permission.PERSON_REVIEW)
    return statement if within is None else statement.where(ProfileChange.hospital_id.in_(within))


def waiting_changes(reviewer: Actor) -> list[ProfileChange]:
    """Registrations and profile changes this reviewer may decide, oldest first."""
    statement = _reviewable(reviewer).options(
        joinedload(ProfileChange.person), joinedload(ProfileChange.hospital)
    )
    return list(db.session.scalars(statement.order_by(ProfileChange.id)).unique())


def count_waiting(reviewer: Actor) -> int:
    """How many changes wait for this reviewer."""
    statement = select(func.count()).select_from(_reviewable(reviewer).subquery())
    return db.session.scalar(statement) or 0


def people(
    reader: Actor,
    text: str = "",
    hospital_id: int | None = None,
    standing: str = "",
    role: str = "",
) -> Select[Any]:
    """The people whom an administrator looks after, by name; narrowed down by each argument."""
    statement = select(Person).options(joinedload(Person.hospital), joinedload(Person.department))
    within = hospitals_within(reader, Permission.PERSON_REVIEW)
    if within is not None:
        statement = statement.where(Person.hospital_id.in_(within))
    if text:
        statement = statement.where(
            or_(*(column.icontains(text, autoescape=True) for column in _SEARCHED))
        )
    if hospital_id:
        statement = statement.where(Person.hospital_id == hospital_id)
    if standing:
        statement = statement.where(Person.standing == standing)
    if role:
        statement = statement.where(Person.roles.any(RoleAssignment.role == role))
    return statement.order_by(Person.name, Person.id)


_SEARCHED = (Person.name, Person.login, Person.specialty)


def find_people(
    role: Role,
    hospital_ids: Collection[int] | None = None,
    department_ids: Collection[int] | None = None,
) -> list[Person]:
    """Active people who hold a role, by name: at any of these hospitals or departments, if given.

    A role held at a hospital counts for its departments only by the person's own department.
    """
    held = RoleAssignment.role == role
    if hospital_ids is not None:
        held &= RoleAssignment.hospital_id.in_(hospital_ids)
    statement = select(Person).where(Person.standing == Standing.ACTIVE, Person.roles.any(held))
    if department_ids is not None:
        at = RoleAssignment.department_id.in_(department_ids)
        own = Person.department_id.in_(department_ids)
        statement = statement.where(or_(own, Person.roles.any(at & (RoleAssignment.role == role))))
    return list(db.session.scalars(statement.order_by(Person.name)).unique())


def is_login_taken(login: str) -> bool:
    """Whether somebody has this login."""
    return bool(db.session.scalar(select(exists().where(Person.login == normal_login(login)))))


def workplaces(within: Collection[int] | None = None) -> list[Hospital]:
    """Hospitals with their departments, to choose from; all of them or those given."""
    statement = select(Hospital).options(selectinload(Hospital.departments)).order_by(Hospital.name)
    if within is not None:
        statement = statement.where(Hospital.id.in_(within))
    return list(db.session.scalars(statement))
