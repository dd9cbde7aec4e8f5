"""The door and the own account: sign-in, registration, profile, password."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user

from app.accounts import actions, queries, words
from app.accounts import sign_in as sessions
from app.accounts.models import REVIEWED, Person
from app.accounts.schemas import ContactInput, PasswordInput, ProfileInput, RegistrationInput
from app.db import get_or_404
from app.errors import Invalid
from app.web import (
    LANGUAGES,
    actor,
    for_unreviewed,
    limiter,
    public,
    safe_target,
    someone_is_signed_in,
)
from app.web.inputs import form_page

bp = Blueprint("accounts", __name__)
FORM = ["GET", "POST"]


def init_app(app: Flask) -> None:
    """Install the pages."""
    app.register_blueprint(bp)
    app.context_processor(_who)


def _who() -> dict[str, Any]:
    """The signed-in person's own corner of every page."""
    if not someone_is_signed_in():
        return {}
    names = [words.role_name(grant.role) for grant in current_user.grants]
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


_REFUSED = _("登录名或密码不正确。连续多次失败后，账号会锁定一段时间。")


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the person's sessions; harmless when there is none."""
    if current_user.is_authenticated:
        sessions.sign_out(_me())
        sessions.end()
    return redirect(url_for("accounts.sign_in"))


@bp.route("/register", methods=FORM)
@public
@limiter.limit("30/hour", key_func=get_remote_address, methods=["POST"])
def register() -> ResponseReturnValue:
    """A doctor opens an account, which then waits for review (S0-5)."""

    def submit() -> ResponseReturnValue:
        values = RegistrationInput().read_form()
        _require_repeated(values)
        sessions.begin(actions.register(values))
        return redirect(url_for("accounts.waiting"))

    return form_page("accounts/register.html", submit, **_choices())


@bp.get("/waiting")
@for_unreviewed
def waiting() -> ResponseReturnValue:
    """What somebody sees who has registered and is not yet approved (S0-6)."""
    person = _me()
    if person.is_approved:
        return redirect(url_for("web.home"))
    change = queries.open_change(person)
    return render_template(
        "accounts/waiting.html",
        refusal=queries.last_refusal(person),
        proposed=queries.differences(change) if change else [],
    )


@bp.get("/profile")
@for_unreviewed
def profile() -> ResponseReturnValue:
    """The person's own data, and what of it waits for review."""
    person = _me()
    change = queries.open_change(person)
    return render_template(
        "accounts/profile.html",
        person=person,
        differences=queries.differences(change) if change else [],
        refusal=queries.last_refusal(person),
        words=words,
        languages=LANGUAGES,
    )


@bp.route("/profile/edit", methods=FORM)
@for_unreviewed
def edit_profile() -> ResponseReturnValue:
    """Ask for other reviewed data (S0-7)."""
    person = _me()
    change = queries.open_change(person)
    shown = change.proposed if change else {field: getattr(person, field) for field in REVIEWED}

    def submit() -> ResponseReturnValue:
        proposed = actions.propose_profile(person, ProfileInput().read_form())
        flash(str(_("已提交审核") if proposed else _("资料没有变化")), "success")
        return redirect(url_for("accounts.profile"))

    return form_page("accounts/edit_profile.html", submit, shown, **_choices())


@bp.route("/profile/contact", methods=FORM)
@for_unreviewed
def edit_contact() -> ResponseReturnValue:
    """Change phone, e-mail and language at once."""
    person = _me()
    shown = {field: getattr(person, field) for field in ("phone", "email", "language")}

    def submit() -> ResponseReturnValue:
        actions.change_contact(person, ContactInput().read_form())
        flash(str(_("已保存")), "success")
        answer = redirect(url_for("accounts.profile"))
        answer.delete_cookie("language")  # the person's own language counts again
        return answer

    return form_page("accounts/edit_contact.html", submit, shown, languages=LANGUAGES)


@bp.route("/profile/password", methods=FORM)
@for_unreviewed
@limiter.limit("10/minute", methods=["POST"])
def edit_password() -> ResponseReturnValue:
    """Change the password; other sign-ins end, this one goes on."""

    def submit() -> ResponseReturnValue:
        values = PasswordInput().read_form()
        _require_repeated(values)
        person = actions.change_password(_me(), values["old_password"], values["password"])
        sessions.begin(person)
        flash(str(_("密码已修改，其他设备上的登录已结束")), "success")
        return redirect(url_for("accounts.profile"))

    return form_page("accounts/edit_password.html", submit)


def _me() -> Person:
    return get_or_404(Person, actor().actor_id)


def _require_repeated(values: dict[str, Any]) -> None:
    if values.pop("password_again") != values["password"]:
        raise Invalid({"password_again": _("两次输入的密码不一致")})


def _choices() -> dict[str, Any]:
    return {"hospitals": queries.workplaces(), "titles": words.TITLES}
