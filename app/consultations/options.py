"""The option lists that forms may ask for; each is what may be chosen now, in this case."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts import words
from app.accounts.models import EXPERT_TITLES, Person, RoleAssignment, Standing, Title
from app.consultations.steps import Case
from app.db import db
from app.organisations.models import Department, Hospital
from app.permissions import Role
from app.processes.vocabulary import option_list

Options = list[dict[str, str]]

# Of trial cases. No such number is ever given to a hospital or a person.
_HOSPITALS = {"sample-1": _("示例市医院（虚构）"), "sample-2": _("示例大学附属医院（虚构）")}
_DEPARTMENTS = {"sample-1": _("示例心内科（虚构）"), "sample-2": _("示例神经内科（虚构）")}
_EXPERTS = {
    "sample-1": _("示例专家甲 · 心内科 · 主任医师（虚构）"),
    "sample-2": _("示例专家乙 · 心内科 · 副主任医师（虚构）"),
    "sample-3": _("示例专家丙 · 神经内科 · 主任医师（虚构）"),
}
_TITLES = {str(one): words.TITLES[one] for one in (Title.CHIEF, Title.ASSOCIATE_CHIEF)}


@option_list("hospitals_invitable", sample=_HOSPITALS)
def hospitals_invitable(case: Case) -> Options:
    """Hospitals that take consultations, other than the inviting one."""
    statement = (
        select(Hospital.id, Hospital.name)
        .where(Hospital.can_be_invited, Hospital.id != case.consultation.inviting_hospital_id)
        .order_by(Hospital.name)
    )
    return _options(db.session.execute(statement))


@option_list("inviting_departments", sample=_DEPARTMENTS)
def inviting_departments(case: Case) -> Options:
    """The departments of the inviting hospital."""
    return _departments(case.consultation.inviting_hospital_id)


@option_list("invited_departments", sample=_DEPARTMENTS)
def invited_departments(case: Case) -> Options:
    """The departments of the invited hospital."""
    return _departments(case.consultation.invited_hospital_id)


@option_list("invited_experts", sample=_EXPERTS)
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


@option_list("titles", sample=_TITLES)
def titles(_case: Case) -> Options:
    """The titles one may wish for in an expert (L-5)."""
    return _options((title, str(label)) for title, label in _TITLES.items())


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
