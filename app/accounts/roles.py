"""Who may give whom which role, and who may suspend whom (S3-23, G-5)."""

from flask_babel import lazy_gettext as _

from app.accounts.events import AccessChanged
from app.accounts.models import EXPERT_TITLES, Person, RoleAssignment, Standing
from app.audit import Deed, record
from app.db import db, locked, now, publish, transactional
from app.errors import Conflict, Forbidden, Invalid
from app.organisations.models import Department, Hospital
from app.permissions import ALLIANCE_ROLES, Actor, Permission, Role, require

# Whoever runs the system must not be the one who watches over its log (三权分立, G-5).
APART = frozenset({Role.PLATFORM_ADMINISTRATOR, Role.AUDITOR})


@transactional
def grant_role(
    actor: Actor,
    person: Person,
    role: str,
    hospital_id: int | None = None,
    department_id: int | None = None,
) -> RoleAssignment:
    """Give a role at a hospital or department; an alliance role nowhere in particular.

    Raises Forbidden, Invalid, Conflict if it is held already.
    """
    place = _require_place(role, hospital_id, department_id)
    _require_over(actor, person)
    if place is None:
        require(actor, Permission.ALLIANCE_MANAGE)
    else:
        require(actor, Permission.ROLE_GRANT, place)
    person = locked(Person, person.id)
    _require_fit(person, role)
    if holds(person, role, hospital_id, department_id):
        raise Conflict(_("此人已有这个角色"))
    assignment = RoleAssignment(
        role=role,
        hospital_id=hospital_id,
        department_id=department_id,
        granted_at=now(),
        granted_by_id=actor.actor_id,
    )
    person.roles.append(assignment)
    where = {"role": role, "hospital": hospital_id, "department": department_id}
    record(actor, Deed.ROLE_GRANTED, person, **where)
    publish(AccessChanged(person.id))
    return assignment


@transactional
def revoke_role(actor: Actor, assignment: RoleAssignment) -> None:
    """Take a role back; it ends with the person's next request. Raises Forbidden."""
    _require_over(actor, assignment.person)
    if assignment.hospital is None:
        require(actor, Permission.ALLIANCE_MANAGE)
    else:
        require(actor, Permission.ROLE_GRANT, assignment.hospital)
    end_role(actor, assignment)


def end_role(actor: Actor, assignment: RoleAssignment) -> None:
    """Remove a role inside a transaction whose rules have been asked."""
    person = assignment.person
    place = {"hospital": assignment.hospital_id, "department": assignment.department_id}
    record(actor, Deed.ROLE_REVOKED, person, role=assignment.role, **place)
    person.roles.remove(assignment)
    publish(AccessChanged(person.id))


@transactional
def suspend(actor: Actor, person: Person) -> None:
    """Shut a person out at once. Raises Forbidden, Conflict unless active."""
    person = _administered(actor, person, Standing.ACTIVE)
    person.standing = Standing.SUSPENDED
    person.epoch += 1
    record(actor, Deed.PERSON_SUSPENDED, person)
    publish(AccessChanged(person.id))


@transactional
def reactivate(actor: Actor, person: Person) -> None:
    """Let a suspended person in again, with the roles held before. Raises as `suspend`."""
    person = _administered(actor, person, Standing.SUSPENDED)
    person.standing = Standing.ACTIVE
    person.failed_sign_ins, person.locked_until = 0, None
    record(actor, Deed.PERSON_REACTIVATED, person)


@transactional
def end_sessions(actor: Actor, person: Person) -> None:
    """Sign a person out everywhere (ASVS 7.4.5). Raises Forbidden."""
    _require_over(actor, person)
    person = locked(Person, person.id)
    person.epoch += 1
    record(actor, Deed.SESSIONS_ENDED, person)
    publish(AccessChanged(person.id))


def holds(
    person: Person, role: str, hospital_id: int | None, department_id: int | None = None
) -> bool:
    """Whether the very role is held at the very place."""
    wanted = (role, hospital_id, department_id)
    return any((each.role, each.hospital_id, each.department_id) == wanted for each in person.roles)


def may_administer(actor: Actor, person: Person) -> bool:
    """Whether `actor` may change roles and standing of `person`; for pages."""
    try:
        _require_over(actor, person)
    except Forbidden:
        return False
    return True


def _administered(actor: Actor, person: Person, standing: Standing) -> Person:
    _require_over(actor, person)
    fresh = locked(Person, person.id)
    if fresh.standing != standing:
        raise Conflict
    return fresh


def _require_over(actor: Actor, person: Person) -> None:
    """Nobody administers oneself, nor a hospital somebody who acts for the whole alliance."""
    require(actor, Permission.PERSON_REVIEW, person)
    if actor.actor_id == person.id:
        raise Forbidden(_("不能管理自己的账号和角色"))
    if any(role.role in ALLIANCE_ROLES for role in person.roles):
        require(actor, Permission.ALLIANCE_MANAGE)


def _require_place(
    role: str, hospital_id: int | None, department_id: int | None
) -> Hospital | None:
    """The hospital a role is to be held at; None for alliance roles. Raises Invalid."""
    if role in ALLIANCE_ROLES:
        if hospital_id is not None or department_id is not None:
            raise Invalid({"hospital_id": _("这个角色面向整个医联体，不限医院")})
        return None
    hospital = db.session.get(Hospital, hospital_id) if hospital_id is not None else None
    if hospital is None:
        raise Invalid({"hospital_id": _("请选择医院")})
    if department_id is not None:
        department = db.session.get(Department, department_id)
        if department is None or department.hospital_id != hospital_id:
            raise Invalid({"department_id": _("这家医院没有这个科室")})
    elif role is Role.DEPARTMENT_DIRECTOR:
        raise Invalid({"department_id": _("科室主任须指定科室")})
    return hospital


def _require_fit(person: Person, role: str) -> None:
    if not person.is_approved:
        raise Conflict(_("此人尚未通过审核或已停用"))
    if role is Role.EXPERT and person.title not in EXPERT_TITLES:
        raise Invalid({"role": _("会诊专家须为副主任医师及以上职称")})
    if role in APART and any(each.role in APART - {role} for each in person.roles):
        raise Invalid({"role": _("平台管理员与审计员不能由同一人担任")})
