"""What roles, titles and standings are called on a page."""

from collections.abc import Iterable

from flask import g, has_request_context
from flask_babel import lazy_gettext as _

from app.accounts import custom_roles
from app.accounts.models import Standing, Title
from app.permissions import Role
from app.web import language

ROLES = {
    Role.APPLICANT: _("申请医生"),
    Role.DEPARTMENT_DIRECTOR: _("科室主任"),
    Role.MEDICAL_AFFAIRS: _("医务科"),
    Role.TRIAGE_COORDINATOR: _("分诊协调员"),
    Role.EXPERT: _("会诊专家"),
    Role.FOLLOW_UP_STAFF: _("随访人员"),
    Role.PROCESS_MANAGER: _("流程管理员"),
    Role.HOSPITAL_ADMINISTRATOR: _("医院管理员"),
    Role.PLATFORM_ADMINISTRATOR: _("平台管理员"),
    Role.AUDITOR: _("审计员"),
}

TITLES = {
    Title.CHIEF: _("主任医师"),
    Title.ASSOCIATE_CHIEF: _("副主任医师"),
    Title.ATTENDING: _("主治医师"),
    Title.RESIDENT: _("住院医师"),
    Title.OTHER: _("其他"),
}

STANDINGS = {
    Standing.PENDING: _("待审核"),
    Standing.ACTIVE: _("正常"),
    Standing.REFUSED: _("未通过"),
    Standing.SUSPENDED: _("已停用"),
}


def role_name(role: str) -> str:
    """What a role is called, be it one that managers added."""
    if role in ROLES:
        return str(ROLES[Role(role)])
    return _custom_names().get(role, role)


def role_options(offered: Iterable[Role]) -> list[tuple[str, str]]:
    """These roles and every custom one in use, as choices: (role, name)."""
    added = [one.key for one in custom_roles.in_use()]
    return [(str(role), role_name(role)) for role in (*offered, *added)]


def _custom_names() -> dict[str, str]:
    """Names by key, asked for once a request."""
    names: dict[str, str] | None = g.get("custom_role_names") if has_request_context() else None
    if names is None:
        is_english = language() == "en"
        names = {one.key: one.name_en if is_english else one.name for one in custom_roles.every()}
        if has_request_context():
            g.custom_role_names = names
    return names
