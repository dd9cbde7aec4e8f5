"""Who is signed in: the session cookie, its idle and absolute end, and how it is ended early."""

from flask import Flask, current_app, session
from flask_login import LoginManager, login_user, logout_user

from app.accounts.models import Person, Standing
from app.config import Settings
from app.db import db, now

manager = LoginManager()
TOUCH_EVERY_S = 60  # the cookie is not rewritten on every click


def init_app(app: Flask) -> None:
    """Install flask-login with our own rules of expiry."""
    manager.init_app(app)
    manager.session_protection = None  # village links change address; epoch and expiry guard us
    manager.user_loader(load)


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


def load(key: str) -> Person | None:
    """The person of this session, or None if it has ended: idle, too old, or ended for them."""
    settings: Settings = current_app.config["SETTINGS"]
    moment = int(now().timestamp())
    since, seen = session.get("since", 0), session.get("seen", 0)
    if moment - seen > settings.idle_s or moment - since > settings.absolute_s:
        return None
    person = db.session.get(Person, int(key))
    if person is None or person.epoch != session.get("epoch") or not may_sign_in(person):
        return None
    if moment - seen >= TOUCH_EVERY_S:
        session["seen"] = moment
    return person


def may_sign_in(person: Person) -> bool:
    """Whether the account is usable at all; one awaiting review may look after its profile."""
    return person.standing in {Standing.ACTIVE, Standing.PENDING}
