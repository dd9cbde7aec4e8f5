"""The kinds of clinical record that are the case itself: the application and its reviews."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from app.consultations.models import Consultation, Urgency
from app.consultations.steps import Case, Completion
from app.db import db, write
from app.errors import Invalid
from app.organisations.models import Hospital
from app.patients.actions import keep_patient, record_consent
from app.permissions import Actor
from app.processes.vocabulary import record_kind

IDENTITY = frozenset(
    {"patient_name", "patient_sex", "patient_birth_on", "patient_id_number", "patient_phone"}
)
# S2-28 and L-5: what an invitation must hold at least, beside whose case it is.
APPLICATION = (
    "patient_name",
    "patient_sex",
    "patient_birth_on",
    "urgency",
    "reason",
    "purpose",
    "summary",
    "preliminary_diagnosis",
    "department_wanted",
    "title_wanted",
    "expected_at",
    "invited_hospital",
    "consent_given",
    "consent_by",
    "consent_on",
)


@record_kind("application", needs=APPLICATION)
def save_application(case: Case, completion: Completion) -> None:
    """Keep an application: identity and consent apart, the rest sealed on the case."""
    consultation, answers, actor = case.consultation, completion.answers, _somebody(case)
    if answers["consent_given"] is not True:
        raise Invalid({"consent_given": _("没有患者的书面知情同意，不能申请会诊")})
    consultation.invited_hospital_id = _invited(consultation, answers["invited_hospital"])
    consultation.urgency = Urgency(answers["urgency"])
    patient = keep_patient(
        consultation.patient,
        hospital_id=consultation.inviting_hospital_id,
        name=answers["patient_name"],
        sex=answers["patient_sex"],
        birth_on=_past_day("patient_birth_on", case, answers["patient_birth_on"]),
        id_number=answers.get("patient_id_number") or None,
        phone=answers.get("patient_phone") or None,
    )
    consultation.patient = patient
    consultation.application = {k: v for k, v in answers.items() if k not in IDENTITY}
    record_consent(
        actor,
        consultation,
        consultation_id=consultation.id,
        patient=patient,
        given_by=answers["consent_by"],
        given_on=_past_day("consent_on", case, answers["consent_on"]),
    )


@record_kind("review", needs=("decision", "reason"))
def save_review(case: Case, completion: Completion) -> None:
    """Keep the latest review, so that a refusal or return shows its reason (S2-32)."""
    answers = completion.answers
    decision, reason = answers["decision"], (answers.get("reason") or "").strip()
    if decision != "approve" and not reason:
        raise Invalid({"reason": _("退回或拒绝时必须说明理由")})
    review = {
        "decision": decision,
        "reason": reason,
        "element": completion.element_id,
        "by": _somebody(case).actor_id,
        "at": case.at.isoformat(),
    }
    write(case.consultation, review=review)


def _invited(consultation: Consultation, given: Any) -> int:
    hospital = db.session.get(Hospital, int(given))
    if (
        hospital is None
        or not hospital.can_be_invited
        or hospital.id == consultation.inviting_hospital_id
    ):
        raise Invalid({"invited_hospital": _("请选择可以受邀的医院")})
    return hospital.id


def _past_day(key: str, case: Case, text: str) -> date:
    day = date.fromisoformat(text)
    if day > case.at.date():
        raise Invalid({key: _("日期不能晚于今天")})
    return day


def _somebody(case: Case) -> Actor:
    if case.actor is None:
        raise TypeError("a form is completed by a person")
    return case.actor
