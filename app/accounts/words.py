"""What roles, titles and standings are called on a page."""

from flask_babel import lazy_gettext as _

from app.accounts.models import Standing, Title
from app.permissions import Role

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
