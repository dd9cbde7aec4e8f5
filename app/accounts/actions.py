"""A person's own doings: register, propose a profile, change what needs no review (S0-5…7)."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts import passwords, queries
from app.accounts.models import (
    REVIEWED,
    ChangeState,
    Person,
    ProfileChange,
    Standing,
    normal_login,
)
from app.audit import Deed, record
from app.db import db, locked, now, transactional
from app.errors import Invalid
from app.organisations.models import Department, Hospital
from app.permissions import Permission, require

Values = Mapping[str, Any]


def register(values: Values) -> Person:
    """Open an account that waits for review. Raises Invalid.

    values: login, password, phone, email and the reviewed fields.
    """
    _require_good_password("password", values["password"], values["login"], values["name"])
    password_hash = passwords.hash_password(values["password"])  # before the database is locked
    return _register(values, password_hash)


@transactional
def _register(values: Values, password_hash: str) -> Person:
    if queries.is_login_taken(values["login"]):
        raise Invalid({"login": _("这个登录名已被使用")})
    profile = _profile(values)
    person = Person(
        login=normal_login(values["login"]),
        password_hash=password_hash,
        name=values["name"],
        phone=values["phone"],
        email=values["email"],
        created_at=now(),
    )
    db.session.add(person)
    try:
        db.session.flush()
    except IntegrityError as error:  # two people asked for it at the same time
        raise Invalid({"login": _("这个登录名已被使用")}) from error
    _propose(person, profile)
    record(person, Deed.REGISTERED, person)
    return person


@transactional
def propose_profile(actor: Person, values: Values) -> ProfileChange | None:
    """Ask for other reviewed fields; the profile in force stays until it is approved (S0-7).

    A new proposal replaces one that still waits. None if nothing would change. Raises Invalid.
    """
    require(actor, Permission.PERSON_EDIT, actor)
    person = locked(Person, actor.id)
    profile = _profile(values)
    waiting = queries.open_change(person)
    if waiting:
        waiting.state, waiting.decided_at = ChangeState.REPLACED, now()
    in_force = {field: getattr(person, field) for field in REVIEWED}
    if person.is_approved and profile == in_force:
        return None
    if person.standing == Standing.REFUSED:
        person.standing = Standing.PENDING
    change = _propose(person, profile)
    changed = sorted(field for field in REVIEWED if profile[field] != in_force[field])
    record(person, Deed.PROFILE_PROPOSED, person, change=change.id, fields=changed)
    return change


@transactional
def change_contact(actor: Person, values: Values) -> None:
    """Phone, e-mail and language count at once."""
    require(actor, Permission.PERSON_EDIT, actor)
    changed = sorted(field for field in values if getattr(actor, field) != values[field])
    for field in changed:
        setattr(actor, field, values[field])
    if changed:
        record(actor, Deed.PERSON_CHANGED, actor, fields=changed)


def change_password(actor: Person, old: str, new: str) -> Person:
    """Set another password and end every other session. Raises Invalid."""
    require(actor, Permission.PERSON_EDIT, actor)
    if not passwords.is_right(actor.password_hash, old):
        raise Invalid({"old_password": _("原密码不正确")})
    _require_good_password("password", new, actor.login, actor.name)
    return _set_password(actor, passwords.hash_password(new))


@transactional
def _set_password(actor: Person, password_hash: str) -> Person:
    person = locked(Person, actor.id)
    person.password_hash = password_hash
    person.epoch += 1
    record(person, Deed.PASSWORD_CHANGED, person)
    return person


def _propose(person: Person, profile: dict[str, Any]) -> ProfileChange:
    change = ProfileChange(
        person=person, hospital_id=profile["hospital_id"], proposed=profile, proposed_at=now()
    )
    db.session.add(change)
    db.session.flush()
    return change


def _profile(values: Values) -> dict[str, Any]:
    """The reviewed fields. Raises Invalid if hospital and department do not belong together."""
    if db.session.get(Hospital, values["hospital_id"]) is None:
        raise Invalid({"hospital_id": _("没有这家医院")})
    if values["department_id"] is not None:
        department = db.session.get(Department, values["department_id"])
        if department is None or department.hospital_id != values["hospital_id"]:
            raise Invalid({"department_id": _("这家医院没有这个科室")})
    return {field: values[field] for field in REVIEWED}


def _require_good_password(field: str, password: str, *about: str) -> None:
    weakness = passwords.weakness(password, *about)
    if weakness:
        raise Invalid({field: weakness})
