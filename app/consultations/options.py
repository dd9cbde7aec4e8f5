"""The option lists that forms may ask for; each is what may be chosen now, in this case."""

from collections.abc import Iterable

from sqlalchemy import select

from app.accounts import words
from app.accounts.models import EXPERT_TITLES, Person, RoleAssignment, Standing, Title
from app.consultations.steps import Case
from app.db import db
from app.organisations.models import Department, Hospital
from app.permissions import Role
from app.processes.vocabulary import option_list

Options = list[dict[str, str]]


@option_list("hospitals_invitable")
def hospitals_invitable(case: Case) -> Options:
    """Hospitals that take consultations, other than the inviting one."""
    statement = (
        select(Hospital.id, Hospital.name)
        .where(Hospital.can_be_invited, Hospital.id != case.consultation.inviting_hospital_id)
        .order_by(Hospital.name)
    )
    return _options(db.session.execute(statement))


@option_list("inviting_departments")
def inviting_departments(case: Case) -> Options:
    """The departments of the inviting hospital."""
    return _departments(case.consultation.inviting_hospital_id)


@option_list("invited_departments")
def invited_departments(case: Case) -> Options:
    """The departments of the invited hospital."""
    return _departments(case.consultation.invited_hospital_id)


@option_list("invited_experts")
def invited_experts(case: Case) -> Options:
    """The approved experts of the invited hospital, with department and title (S2-4)."""
    statement = (
        select(Person)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(
            RoleAssignment.role == Role.EXPERT,
            RoleAssignment.hospital_id == case.consultation.invited_hospital_id,
            Person.standing == Standing.ACTIVE,
            Person.title.in_(EXPERT_TITLES),
        )
        .order_by(Person.department_id, Person.name)
    )
    return _options((one.id, _introduced(one)) for one in db.session.scalars(statement))


@option_list("titles")
def titles(_case: Case) -> Options:
    """The titles one may wish for in an expert (L-5)."""
    return _options(
        (title, str(words.TITLES[title])) for title in (Title.CHIEF, Title.ASSOCIATE_CHIEF)
    )


def _departments(hospital_id: int | None) -> Options:
    statement = (
        select(Department.id, Department.name)
        .where(Department.hospital_id == hospital_id)
        .order_by(Department.name)
    )
    return _options(db.session.execute(statement))


def _introduced(person: Person) -> str:
    place = person.department.name if person.department else ""
    return " · ".join(
        part for part in (person.name, place, str(words.TITLES[Title(person.title)])) if part
    )


def _options(pairs: Iterable[tuple[object, str]]) -> Options:
    return [{"value": str(value), "label": label} for value, label in pairs]
