"""Changes of the organisation tree: add, edit, and delete what nothing refers to (S0-1…4, S1-7)."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError

from app.audit import Deed, record
from app.db import db, references, transactional
from app.errors import Conflict, Invalid
from app.organisations.models import Alliance, Campus, Department, Hospital
from app.organisations.queries import is_named
from app.permissions import Actor, Permission, require

Unit = TypeVar("Unit", Alliance, Hospital, Campus, Department)
Values = Mapping[str, Any]


@transactional
def add_alliance(actor: Actor, values: Values) -> Alliance:
    """Found an alliance. Raises Forbidden, Invalid if the name is taken."""
    require(actor, Permission.ALLIANCE_MANAGE)
    return _add(actor, Alliance(**values), Deed.ALLIANCE_ADDED)


@transactional
def change_alliance(actor: Actor, alliance: Alliance, values: Values) -> Alliance:
    """Rename an alliance. Raises Forbidden, Invalid if the name is taken."""
    require(actor, Permission.ALLIANCE_MANAGE)
    return _change(actor, alliance, values, Deed.ALLIANCE_CHANGED)


@transactional
def delete_alliance(actor: Actor, alliance: Alliance) -> None:
    """Raises Forbidden, Conflict if it has hospitals."""
    require(actor, Permission.ALLIANCE_MANAGE)
    _delete(actor, alliance, Deed.ALLIANCE_DELETED)


@transactional
def add_hospital(actor: Actor, values: Values) -> Hospital:
    """Admit a hospital. Raises Forbidden, Invalid."""
    require(actor, Permission.ALLIANCE_MANAGE)
    _require_alliance(values)
    return _add(actor, Hospital(**values), Deed.HOSPITAL_ADDED)


@transactional
def change_hospital(actor: Actor, hospital: Hospital, values: Values) -> Hospital:
    """Raises Forbidden; also when its own administrator moves it to another alliance."""
    require(actor, Permission.HOSPITAL_MANAGE, hospital)
    if any(
        values[field] != getattr(hospital, field) for field in ("alliance_id", "can_be_invited")
    ):
        # What a hospital is to the others is not for itself to say.
        require(actor, Permission.ALLIANCE_MANAGE)
    _require_alliance(values)
    return _change(actor, hospital, values, Deed.HOSPITAL_CHANGED)


@transactional
def delete_hospital(actor: Actor, hospital: Hospital) -> None:
    """Raises Forbidden, Conflict if departments, people or consultations refer to it."""
    require(actor, Permission.ALLIANCE_MANAGE)
    _delete(actor, hospital, Deed.HOSPITAL_DELETED)


@transactional
def add_campus(actor: Actor, hospital: Hospital, values: Values) -> Campus:
    """Raises Forbidden, Invalid."""
    require(actor, Permission.HOSPITAL_MANAGE, hospital)
    return _add(actor, Campus(hospital_id=hospital.id, **values), Deed.CAMPUS_ADDED)


@transactional
def change_campus(actor: Actor, campus: Campus, values: Values) -> Campus:
    """Raises Forbidden, Invalid."""
    require(actor, Permission.HOSPITAL_MANAGE, campus)
    return _change(actor, campus, values, Deed.CAMPUS_CHANGED)


@transactional
def delete_campus(actor: Actor, campus: Campus) -> None:
    """Raises Forbidden, Conflict if departments are there."""
    require(actor, Permission.HOSPITAL_MANAGE, campus)
    _delete(actor, campus, Deed.CAMPUS_DELETED)


@transactional
def add_department(actor: Actor, hospital: Hospital, values: Values) -> Department:
    """Raises Forbidden, Invalid."""
    require(actor, Permission.HOSPITAL_MANAGE, hospital)
    _require_own_campus(hospital.id, values)
    return _add(actor, Department(hospital_id=hospital.id, **values), Deed.DEPARTMENT_ADDED)


@transactional
def change_department(actor: Actor, department: Department, values: Values) -> Department:
    """Raises Forbidden, Invalid."""
    require(actor, Permission.HOSPITAL_MANAGE, department)
    _require_own_campus(department.hospital_id, values)
    return _change(actor, department, values, Deed.DEPARTMENT_CHANGED)


@transactional
def delete_department(actor: Actor, department: Department) -> None:
    """Raises Forbidden, Conflict if people or consultations refer to it."""
    require(actor, Permission.HOSPITAL_MANAGE, department)
    _delete(actor, department, Deed.DEPARTMENT_DELETED)


def _add(actor: Actor, unit: Unit, deed: Deed) -> Unit:
    _require_free_name(unit, unit.name)
    db.session.add(unit)
    _flush()
    record(actor, deed, unit)
    return unit


def _change(actor: Actor, unit: Unit, values: Values, deed: Deed) -> Unit:
    _require_free_name(unit, values["name"])
    changed = sorted(field for field in values if getattr(unit, field) != values[field])
    for field in changed:
        setattr(unit, field, values[field])
    _flush()
    if changed:
        record(actor, deed, unit, fields=changed)
    return unit


def _delete(actor: Actor, unit: Unit, deed: Deed) -> None:
    found = references(unit)
    if found:
        what = "、".join(f"{name} {count}" for name, count in found.items())
        raise Conflict(_("不能删除「%(name)s」，它还关联着：%(what)s", name=unit.name, what=what))
    record(actor, deed, unit)
    db.session.delete(unit)
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody referred to it meanwhile
        raise Conflict(_("不能删除，刚刚有新的内容关联到它")) from error


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:  # two people took the name at the same time
        raise Invalid({"name": _("这个名称已经存在")}) from error


def _require_free_name(unit: Unit, name: str) -> None:
    within: dict[str, int] = {}
    if isinstance(unit, Campus | Department):
        within["hospital_id"] = unit.hospital_id
    with db.session.no_autoflush:
        taken_by = is_named(type(unit), name, **within)
    if taken_by is not None and taken_by != unit.id:
        raise Invalid({"name": _("这个名称已经存在")})


def _require_alliance(values: Values) -> None:
    if db.session.get(Alliance, values["alliance_id"]) is None:
        raise Invalid({"alliance_id": _("没有这个医联体")})


def _require_own_campus(hospital_id: int, values: Values) -> None:
    if values["campus_id"] is None:
        return
    campus = db.session.get(Campus, values["campus_id"])
    if campus is None or campus.hospital_id != hospital_id:
        raise Invalid({"campus_id": _("这家医院没有这个院区")})
