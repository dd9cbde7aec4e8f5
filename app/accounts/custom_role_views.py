"""The page on which managers add roles for their diagrams."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_login import current_user

from app.accounts import custom_roles
from app.accounts.models import Person
from app.accounts.schemas import CustomRoleInput
from app.permissions import Permission, require
from app.web.inputs import form_page

bp = Blueprint("roles", __name__, url_prefix="/roles")


@bp.before_request
def _definers_only() -> None:
    require(_me(), Permission.ROLE_DEFINE)


@bp.get("")
def index() -> ResponseReturnValue:
    """The roles that managers added."""
    return render_template("accounts/roles.html", roles=custom_roles.every(), values={}, errors={})


@bp.post("")
def add() -> ResponseReturnValue:
    """Add a role."""

    def submit() -> ResponseReturnValue:
        custom_roles.add(_me(), **CustomRoleInput().read_form())
        return _done(_("已添加，可在流程图的泳道中选用，并由医院管理员授予人员"))

    return form_page("accounts/roles.html", submit, roles=custom_roles.every())


@bp.post("/<int:role_id>/retire")
def retire(role_id: int) -> ResponseReturnValue:
    """Offer a role no longer."""
    custom_roles.retire(_me(), role_id)
    return _done(_("已停用，已有的人员和办理中的会诊不受影响"))


@bp.post("/<int:role_id>/revive")
def revive(role_id: int) -> ResponseReturnValue:
    """Offer it again."""
    custom_roles.revive(_me(), role_id)
    return _done(_("已恢复"))


def _me() -> Person:
    me: Person = current_user._get_current_object()
    return me


def _done(message: object) -> ResponseReturnValue:
    flash(str(message), "success")
    return redirect(url_for("roles.index"))
