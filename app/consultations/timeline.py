"""The case's story (S4-44): its audit chain, told to its people in their language."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.models import Person
from app.audit import AuditEntry, Deed
from app.consultations.models import Consultation, Intervention
from app.db import db
from app.processes.queries import english_names

# What is told; reading and joining are evidence, not story, and what the diagram does because a
# task was completed is told by that task.
_TOLD: dict[str, Any] = {
    Deed.CONSULTATION_STARTED: _("发起会诊"),
    Deed.CONSULTATION_WITHDRAWN: _("撤回申请"),
    Deed.CONSULTATION_CANCELLED: _("取消会诊"),
    Deed.CONSULTATION_RESCHEDULED: _("要求改期"),
    Deed.CONSULTATION_URGED: _("催办"),
    Deed.CONSULTATION_REFUSED: _("拒绝申请"),
    Deed.CASE_SUSPENDED: _("暂停会诊"),
    Deed.CASE_RESUMED: _("恢复会诊"),
    Deed.CASE_SENT_BACK: _("退回到较早的步骤"),
    Deed.STEP_SKIPPED: _("跳过步骤"),
    Deed.TASK_REASSIGNED: _("改派任务"),
    Deed.VARIABLE_CORRECTED: _("更正流程变量"),
    Deed.CASE_ENDED: _("终止会诊"),
    Deed.CASE_MIGRATED: _("迁移到新版流程"),
    Deed.MIGRATION_REVERTED: _("撤销迁移"),
    Deed.INCIDENT_RAISED: _("流程异常"),
    Deed.INCIDENT_RETRIED: _("重试异常的步骤"),
    Deed.INCIDENT_RESOLVED: _("异常已解决"),
    Deed.CONSENT_GIVEN: _("登记知情同意"),
    Deed.TASK_COMPLETED: _("完成"),
    Deed.TASK_DELEGATED: _("转办"),
    Deed.SIGNER_ADDED: _("请同事加签"),
    Deed.SIGNER_ANSWERED: _("答复加签"),
    Deed.RECORD_ADDED: _("上传病历资料"),
    Deed.RECORD_REMOVED: _("移除病历资料"),
    Deed.ROOM_OPENED: _("会诊室开放"),
    Deed.ROOM_CLOSED: _("会诊室关闭"),
    Deed.REPORT_PUBLISHED: _("发布会诊报告"),
}


@dataclass(frozen=True)
class Happening:
    """One line of the story."""

    what: Any
    step: str
    who: str | None
    at: datetime
    is_refusal: bool
    reason: str = ""  # of a supervisor


def timeline(consultation: Consultation, language: str = "zh") -> list[Happening]:
    """What happened to a case, latest first, its steps named in a language."""
    reasons = _reasons(consultation)
    titles = english_names(consultation.instance.digest) if language == "en" else {}
    statement = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .where(AuditEntry.chain == consultation.audit_chain, AuditEntry.deed.in_(list(_TOLD)))
        .order_by(AuditEntry.place.desc())
    )
    return [
        Happening(
            what=_TOLD[entry.deed],
            step=titles.get(str(entry.details.get("element")))
            or str(entry.details.get("name", "")),
            who=name,
            at=entry.at,
            is_refusal=entry.deed == Deed.CONSULTATION_REFUSED,
            reason=reasons.get(entry.details.get("intervention", 0), ""),
        )
        for entry, name in db.session.execute(statement)
    ]


def _reasons(consultation: Consultation) -> dict[int, str]:
    statement = select(Intervention.id, Intervention.reason).where(
        Intervention.consultation_id == consultation.id
    )
    return {row.id: row.reason for row in db.session.execute(statement)}
