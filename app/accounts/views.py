"""Sign-in and sign-out."""

from typing import Any

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user

from app.accounts import sign_in as sessions
from app.accounts import words
from app.permissions import Role
from app.web import (
    for_unreviewed,
    limiter,
    public,
    safe_target,
    someone_is_signed_in,
)

bp = Blueprint("accounts", __name__)


def init_app(app: Flask) -> None:
    """Install the pages."""
    app.register_blueprint(bp)
    app.context_processor(_who)


def _who() -> dict[str, Any]:
    """The signed-in person's own corner of every page."""
    if not someone_is_signed_in():
        return {}
    names = [words.ROLES[Role(grant.role)] for grant in current_user.grants]
    return {
        "person_url": url_for("accounts.profile"),
        "sign_out_url": url_for("accounts.sign_out"),
        "current_role": names[0] if names else words.STANDINGS[current_user.standing],
    }


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """Ask for login and password."""
    if current_user.is_authenticated:
        return redirect(safe_target(request.args.get("next")))
    return render_template("accounts/sign_in.html", next=request.args.get("next", ""))


@bp.post("/sign-in")
@public
@limiter.limit("10/minute", key_func=get_remote_address)
def try_sign_in() -> ResponseReturnValue:
    """Start a session, or show the form again with one message for every reason."""
    login, password = request.form.get("login", ""), request.form.get("password", "")
    target = request.form.get("next", "")
    person = sessions.authenticate(login, password)
    if person is None:
        return render_template(
            "accounts/sign_in.html", next=target, login=login, error=_REFUSED
        ), 422
    sessions.begin(person)
    return redirect(safe_target(target))


_REFUSED = _("登录名或密码不正确。连续多次失败后,账号会锁定一段时间。")


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the person's sessions; harmless when there is none."""
    if current_user.is_authenticated:
        sessions.sign_out(current_user._get_current_object())
        sessions.end()
    return redirect(url_for("accounts.sign_in"))


@bp.get("/waiting")
@for_unreviewed
def waiting() -> ResponseReturnValue:
    """What somebody sees who has registered and is not yet approved (S0-6)."""
    if current_user.is_approved:
        return redirect(url_for("web.home"))
    return render_template("accounts/waiting.html", person=current_user)


@bp.get("/profile")
@for_unreviewed
def profile() -> ResponseReturnValue:
    """The person's own data."""
    return render_template("accounts/profile.html", person=current_user)
