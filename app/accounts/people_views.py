"""Administration of people: the list, one person, roles, standing, and what awaits review."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.accounts import queries, review, roles, words
from app.accounts.models import EXPERT_TITLES, Person, ProfileChange, RoleAssignment, Title
from app.accounts.schemas import DecisionInput, GrantInput
from app.db import db, get_or_404
from app.errors import NotFound
from app.permissions import ALLIANCE_ROLES, Permission, Role, allows, hospitals_within, require
from app.web import actor
from app.web.inputs import form_page

bp = Blueprint("people", __name__, url_prefix="/people")
PER_PAGE = 25


@bp.before_request
def _administrators_only() -> None:
    require(actor(), Permission.PERSON_REVIEW)


@bp.get("")
def index() -> ResponseReturnValue:
    """The people of the administrator's hospitals, narrowed down."""
    asked: dict[str, Any] = {
        "text": request.args.get("q", "").strip(),
        "hospital_id": request.args.get("hospital", type=int),
        "standing": request.args.get("standing", ""),
        "role": request.args.get("role", ""),
    }
    found = db.paginate(
        queries.people(actor(), **asked), per_page=PER_PAGE, error_out=False, count=True
    )
    return render_template(
        "accounts/people.html",
        found=found,
        asked=asked,
        hospitals=queries.workplaces(hospitals_within(actor(), Permission.PERSON_REVIEW)),
        role_options=words.role_options(Role),
        words=words,
        url_of=_page_url,
    )


def _page_url(page: int) -> str:
    asked: dict[str, Any] = request.args.to_dict()
    return url_for("people.index", **(asked | {"page": page}))


@bp.get("/<int:person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """One person with roles and standing."""
    return _person_page(_administered(person_id))


@bp.post("/<int:person_id>/roles")
def grant(person_id: int) -> ResponseReturnValue:
    """Give a role."""
    found = _administered(person_id)

    def submit() -> ResponseReturnValue:
        values = GrantInput().read_form()
        if values["role"] in ALLIANCE_ROLES:
            values |= {"hospital_id": None, "department_id": None}
        roles.grant_role(actor(), found, **values)
        return _done(_("已授予角色"), person_id)

    return form_page("accounts/person.html", submit, **_person_context(found))


@bp.post("/<int:person_id>/roles/<int:assignment_id>/revoke")
def revoke(person_id: int, assignment_id: int) -> ResponseReturnValue:
    """Take a role back."""
    assignment = get_or_404(RoleAssignment, assignment_id)
    if assignment.person_id != person_id:
        raise NotFound
    roles.revoke_role(actor(), assignment)
    return _done(_("已收回角色"), person_id)


@bp.post("/<int:person_id>/suspend")
def suspend(person_id: int) -> ResponseReturnValue:
    """Shut the person out."""
    roles.suspend(actor(), get_or_404(Person, person_id))
    return _done(_("账号已停用"), person_id)


@bp.post("/<int:person_id>/reactivate")
def reactivate(person_id: int) -> ResponseReturnValue:
    """Let the person in again."""
    roles.reactivate(actor(), get_or_404(Person, person_id))
    return _done(_("账号已恢复"), person_id)


@bp.post("/<int:person_id>/end-sessions")
def end_sessions(person_id: int) -> ResponseReturnValue:
    """Sign the person out everywhere."""
    roles.end_sessions(actor(), get_or_404(Person, person_id))
    return _done(_("此人的所有登录已结束"), person_id)


@bp.get("/reviews")
def reviews() -> ResponseReturnValue:
    """Registrations and changed profiles that wait for this administrator."""
    return render_template(
        "accounts/reviews.html", changes=queries.waiting_changes(actor()), words=words
    )


@bp.route("/reviews/<int:change_id>", methods=["GET", "POST"])
def decide(change_id: int) -> ResponseReturnValue:
    """Show what is asked for beside what is in force, and take the verdict."""
    change = get_or_404(ProfileChange, change_id)
    require(actor(), Permission.PERSON_REVIEW, change)

    def submit() -> ResponseReturnValue:
        values = DecisionInput().read_form()
        if values["decision"] == "approve":
            review.approve(actor(), change, values["roles"])
            flash(str(_("已通过")), "success")
        else:
            review.refuse(actor(), change, values["reason"])
            flash(str(_("已退回，申请人会看到理由")), "success")
        return redirect(url_for("people.reviews"))

    return form_page(
        "accounts/review.html",
        submit,
        change=change,
        differences=queries.differences(change),
        role_options=_roles_on_approval(change),
        words=words,
    )


def _roles_on_approval(change: ProfileChange) -> list[tuple[str, str]]:
    """Roles a reviewer may tick: those of a hospital that fit the proposed profile."""
    offered = [role for role in Role if role not in ALLIANCE_ROLES | {Role.APPLICANT}]
    if Title(change.proposed["title"]) not in EXPERT_TITLES:
        offered.remove(Role.EXPERT)
    if change.proposed["department_id"] is None:
        offered.remove(Role.DEPARTMENT_DIRECTOR)
    return words.role_options(offered)


def _person_page(found: Person) -> ResponseReturnValue:
    return render_template("accounts/person.html", values={}, errors={}, **_person_context(found))


def _person_context(found: Person) -> dict[str, Any]:
    may_everywhere = allows(actor(), Permission.ALLIANCE_MANAGE)
    offered = [role for role in Role if may_everywhere or role not in ALLIANCE_ROLES]
    return {
        "person": found,
        "change": queries.open_change(found),
        "role_options": words.role_options(offered),
        "hospitals": queries.workplaces(hospitals_within(actor(), Permission.ROLE_GRANT)),
        "may_administer": roles.may_administer(actor(), found),
        "words": words,
    }


def _administered(person_id: int) -> Person:
    found = get_or_404(Person, person_id)
    require(actor(), Permission.PERSON_REVIEW, found)
    return found


def _done(message: object, person_id: int) -> ResponseReturnValue:
    flash(str(message), "success")
    return redirect(url_for("people.person", person_id=person_id))
