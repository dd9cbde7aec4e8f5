"""What subjects are called on the auditors' page."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

SUBJECTS: dict[str, Any] = {
    "alliance": _("医联体"),
    "hospital": _("医院"),
    "campus": _("院区"),
    "department": _("科室"),
    "person": _("账号"),
    "process": _("流程"),
    "consultation": _("会诊"),
    "room": _("会诊室"),
    "sign-in": _("登录页"),
    "audit": _("操作日志"),
}


def subject_title(subject: str, names: Mapping[str, str]) -> str:
    """会诊 HZ-…, 人员 李文, 医院 3."""
    kind, _colon, key = subject.partition(":")
    return f"{SUBJECTS.get(kind, kind)} {names.get(subject, key)}".strip()
