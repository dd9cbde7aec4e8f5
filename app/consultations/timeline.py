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
from app.deeds import DEEDS
from app.processes.queries import english_names

# What is told; reading and joining are evidence, not story, and what the diagram does because a
# task was completed is told by that task.
_TOLD: dict[str, Any] = {
    deed: DEEDS[deed]
    for deed in (
        Deed.CONSULTATION_STARTED,
        Deed.CONSULTATION_WITHDRAWN,
        Deed.CONSULTATION_CANCELLED,
        Deed.CONSULTATION_RESCHEDULED,
        Deed.CONSULTATION_URGED,
        Deed.CONSULTATION_REFUSED,
        Deed.CASE_SUSPENDED,
        Deed.CASE_RESUMED,
        Deed.CASE_SENT_BACK,
        Deed.STEP_SKIPPED,
        Deed.TASK_REASSIGNED,
        Deed.VARIABLE_CORRECTED,
        Deed.CASE_ENDED,
        Deed.CASE_MIGRATED,
        Deed.MIGRATION_REVERTED,
        Deed.INCIDENT_RAISED,
        Deed.INCIDENT_RETRIED,
        Deed.INCIDENT_RESOLVED,
        Deed.CONSENT_GIVEN,
        Deed.TASK_DELEGATED,
        Deed.SIGNER_ADDED,
        Deed.SIGNER_ANSWERED,
        Deed.RECORD_ADDED,
        Deed.RECORD_REMOVED,
        Deed.ROOM_OPENED,
        Deed.ROOM_CLOSED,
        Deed.REPORT_PUBLISHED,
    )
} | {Deed.TASK_COMPLETED: _("完成")}  # its step is named behind it


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
