"""Who is signed in: proof by password, the session cookie, its idle and absolute end."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask import Flask, current_app, session
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlalchemy import Table, bindparam, select

from app.accounts import passwords
from app.accounts.models import Person, RoleAssignment, Standing, normal_login
from app.audit import Deed, record
from app.config import Settings
from app.db import db, locked, now, transactional
from app.permissions import Grant, role_of

manager = LoginManager()
TOUCH_EVERY_S = 60  # the cookie is not rewritten on every click


def init_app(app: Flask) -> None:
    """Install flask-login with our own rules of expiry."""
    manager.init_app(app)
    manager.session_protection = None  # village links change address; epoch and expiry guard us
    manager.user_loader(load)


@dataclass(frozen=True)
class Door:
    """What somebody knocked at who gave a login that nobody has."""

    audit_chain: str = "sign-in"
    audit_subject: str = "sign-in"


def authenticate(login: str, password: str) -> Person | None:
    """The person whose login and password these are, or None; either way it is recorded.

    An unknown login, a wrong password, a locked and a suspended account look the same to whoever
    asks, also by the time it takes (S3-23, G-3).
    """
    known = db.session.execute(
        select(Person.id, Person.password_hash).where(Person.login == normal_login(login))
    ).first()
    db.session.rollback()  # nobody should wait for the database while a password is hashed
    is_right = passwords.is_right(known.password_hash if known else None, password)
    return _note_attempt(known.id if known else None, is_right)


@transactional
def _note_attempt(person_id: int | None, is_right: bool) -> Person | None:
    """Count failures under the row's lock, so that guesses made at the same time all count."""
    if person_id is None:
        record(None, Deed.SIGN_IN_FAILED, Door())
        return None
    person, settings = locked(Person, person_id), _settings()
    is_locked = person.locked_until is not None and person.locked_until > now()
    if is_right and not is_locked and may_sign_in(person):
        person.failed_sign_ins, person.locked_until = 0, None
        record(person, Deed.SIGNED_IN, person)
        return person
    record(None, Deed.SIGN_IN_FAILED, person, locked=is_locked)
    if not is_right and not is_locked:
        person.failed_sign_ins += 1
        if person.failed_sign_ins >= settings.lock_after:
            person.failed_sign_ins = 0
            person.locked_until = now() + timedelta(seconds=settings.lock_s)
            record(None, Deed.LOCKED_OUT, person)
    return None


@transactional
def sign_out(person: Person) -> None:
    """End all sign-ins of a person: a copied cookie must be worthless afterwards (ASVS 7.4.1)."""
    person.epoch += 1
    record(person, Deed.SIGNED_OUT, person)


def begin(person: Person) -> None:
    """Start a fresh session for a person whose identity has just been proven."""
    session.clear()
    moment = int(now().timestamp())
    session.update(since=moment, seen=moment, epoch=person.epoch)
    session.permanent = True
    login_user(person)


def end() -> None:
    """Forget who is signed in."""
    logout_user()
    session.clear()


@dataclass(frozen=True, eq=False)
class SignedIn(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """Who asks: what every request needs of a person, and no more."""

    id: int
    login: str
    name: str
    language: str
    standing: str
    epoch: int
    roles: tuple[Grant, ...]

    @property
    def actor_id(self) -> int:
        return self.id

    @property
    def is_approved(self) -> bool:
        """Reviewed and not suspended: only then may a person act (S0-6)."""
        return self.standing == Standing.ACTIVE

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The roles in force; none before approval."""
        return self.roles if self.is_approved else ()


def load(key: str) -> SignedIn | None:
    """The person of this session, or None if it has ended: idle, too old, or ended for them."""
    settings = _settings()
    moment = int(now().timestamp())
    since, seen = session.get("since", 0), session.get("seen", 0)
    if moment - seen > settings.idle_s or moment - since > settings.absolute_s:
        return None
    person = _person(int(key))
    if person is None or person.epoch != session.get("epoch") or not may_sign_in(person):
        return None
    if moment - seen >= TOUCH_EVERY_S:
        session["seen"] = moment
    return person


def _person(key: int) -> SignedIn | None:
    found = db.session.connection().execute(_WITH_ROLES, {"id": key}).all()
    if not found:
        return None
    roles = (
        Grant(role_of(row.role), row.hospital_id, row.department_id) for row in found if row.role
    )
    of = found[0]
    return SignedIn(of.id, of.login, of.name, of.language, of.standing, of.epoch, tuple(roles))


# Made once, and without objects of the session: it is asked on every request.
_people, _held = cast(Table, Person.__table__), cast(Table, RoleAssignment.__table__)
_of = _people.c
_WITH_ROLES = (
    select(_of.id, _of.login, _of.name, _of.language, _of.standing, _of.epoch)
    .add_columns(_held.c.role, _held.c.hospital_id, _held.c.department_id)
    .outerjoin(_held, _held.c.person_id == _of.id)
    .where(_of.id == bindparam("id"))
    .order_by(_held.c.id)
)


def may_sign_in(person: Person | SignedIn) -> bool:
    """Whether the account is usable at all; one not approved may look after its profile."""
    return person.standing != Standing.SUSPENDED


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
