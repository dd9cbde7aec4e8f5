"""Makers of invented people and hospitals with good defaults."""

from itertools import count
from typing import Any

from app.accounts.models import Person, RoleAssignment, Standing, Title
from app.db import db, now
from app.organisations.models import Alliance, Department, Hospital, Level
from app.permissions import ALLIANCE_ROLES, Role

_numbers = count(1)


def make_alliance(name: str = "示例医联体") -> Alliance:
    found = db.session.query(Alliance).filter_by(name=name).one_or_none()
    return found or _kept(Alliance(name=name))


def make_hospital(name: str | None = None, **fields: Any) -> Hospital:
    fields.setdefault("level", Level.SECONDARY_A)
    fields.setdefault("alliance", make_alliance())
    return _kept(Hospital(name=name or f"示例医院{next(_numbers)}", **fields))


def make_department(hospital: Hospital | None = None, name: str | None = None) -> Department:
    hospital = hospital or make_hospital()
    return _kept(Department(hospital=hospital, name=name or f"示例科{next(_numbers)}"))


def make_person(
    *roles: str,
    hospital: Hospital | None = None,
    department: Department | None = None,
    **fields: Any,
) -> Person:
    """A person who holds these roles: at the department (directors, applicants with one), else
    at the hospital; alliance roles nowhere in particular."""
    number = next(_numbers)
    if department is not None:
        hospital = department.hospital
    fields.setdefault("standing", Standing.ACTIVE)
    fields.setdefault("title", Title.CHIEF if Role.EXPERT in roles else Title.ATTENDING)
    person = Person(
        login=fields.pop("login", f"person{number}"),
        name=fields.pop("name", f"测试{number}"),
        password_hash=fields.pop("password_hash", "!"),
        created_at=now(),
        hospital=hospital,
        department=department,
        **fields,
    )
    for role in roles:
        person.roles.append(_assignment(role, hospital, department))
    return _kept(person)


def _assignment(
    role: str, hospital: Hospital | None, department: Department | None
) -> RoleAssignment:
    everywhere = role in ALLIANCE_ROLES
    by_department = role is Role.DEPARTMENT_DIRECTOR
    return RoleAssignment(
        role=role,
        hospital_id=None if everywhere or hospital is None else hospital.id,
        department_id=department.id if by_department and department else None,
        granted_at=now(),
    )


def _kept(thing: Any) -> Any:
    db.session.add(thing)
    db.session.commit()
    return thing
