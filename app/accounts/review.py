"""Deciding on registrations and on changed profiles (S0-6, S0-7, O-20)."""

from collections.abc import Callable, Collection

from flask_babel import lazy_gettext as _

from app.accounts import roles
from app.accounts.events import AccessChanged
from app.accounts.models import (
    EXPERT_TITLES,
    ChangeState,
    Person,
    ProfileChange,
    RoleAssignment,
    Standing,
)
from app.audit import Deed, record
from app.db import locked, now, publish, transactional
from app.errors import Conflict, Forbidden, Invalid
from app.permissions import Actor, Permission, Role, require

# Called in the transaction with the person and whether they were approved; filled by notices.
reviewed: list[Callable[[Person, bool], None]] = []


@transactional
def approve(reviewer: Actor, change: ProfileChange, also: Collection[str] = ()) -> Person:
    """Put a proposed profile in force. The first time the person becomes an applicant there.

    also: further roles at the hospital (a director: at the department). Raises Forbidden,
    Conflict if it was decided or replaced meanwhile, Invalid.
    """
    person = _open(reviewer, change)
    is_first = person.standing == Standing.PENDING
    for field, value in change.proposed.items():
        setattr(person, field, value)
    person.standing = Standing.ACTIVE
    _decide(reviewer, change, ChangeState.APPROVED)
    record(reviewer, Deed.PROFILE_APPROVED, person, change=change.id)
    _end_outgrown_roles(reviewer, person)
    _grant(reviewer, person, also, is_first)
    publish(AccessChanged(person.id))
    _announce(person, is_approved=True)
    return person


@transactional
def refuse(reviewer: Actor, change: ProfileChange, reason: str) -> Person:
    """Leave the old profile in force; a registration stays without rights. Raises as above."""
    person = _open(reviewer, change)
    if not reason.strip():
        raise Invalid({"reason": _("请写明不通过的理由")})
    if person.standing == Standing.PENDING:
        person.standing = Standing.REFUSED
    change.reason = reason.strip()
    _decide(reviewer, change, ChangeState.REFUSED)
    record(reviewer, Deed.PROFILE_REFUSED, person, change=change.id)
    _announce(person, is_approved=False)
    return person


def _announce(person: Person, is_approved: bool) -> None:
    for tell in reviewed:
        tell(person, is_approved)


def _open(reviewer: Actor, change: ProfileChange) -> Person:
    require(reviewer, Permission.PERSON_REVIEW, change)
    if change.person_id == reviewer.actor_id:
        raise Forbidden(_("不能审核自己的资料"))
    person = locked(Person, change.person_id)  # proposals are made under the same lock
    if locked(ProfileChange, change.id).state != ChangeState.PROPOSED:
        raise Conflict(_("这份资料已被处理，或本人已提交新的版本"))
    return person


def _decide(reviewer: Actor, change: ProfileChange, state: ChangeState) -> None:
    change.state, change.decided_at, change.decided_by_id = state, now(), reviewer.actor_id


def _grant(reviewer: Actor, person: Person, also: Collection[str], is_first: bool) -> None:
    arrives = not any(role.hospital_id == person.hospital_id for role in person.roles)
    wanted: set[str] = {Role.APPLICANT} if is_first or arrives else set()
    for role in sorted(wanted | set(also)):
        if person.hospital_id is not None and not roles.holds(person, role, person.hospital_id):
            by_department = role is Role.DEPARTMENT_DIRECTOR
            place = person.department_id if by_department else None
            roles.grant_role(reviewer, person, role, person.hospital_id, place)


def _end_outgrown_roles(reviewer: Actor, person: Person) -> None:
    """Roles follow the person's work: not at the hospital or department left, nor as an expert
    below the title it takes (S2-4)."""
    for assignment in [each for each in person.roles if _is_outgrown(each, person)]:
        roles.end_role(reviewer, assignment)


def _is_outgrown(assignment: RoleAssignment, person: Person) -> bool:
    elsewhere = assignment.hospital_id not in {None, person.hospital_id}
    other_ward = assignment.department_id not in {None, person.department_id}
    too_low = assignment.role == Role.EXPERT and person.title not in EXPERT_TITLES
    return elsewhere or other_ward or too_low
