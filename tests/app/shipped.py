"""Cases in the shipped process, and what its forms are answered."""

from datetime import timedelta
from typing import Any

from app.accounts.models import Person
from app.consultations.models import Consultation
from app.db import today
from app.organisations.models import Hospital
from bpmn import shipped
from tests.app.cases import People, do, open_case

APPROVAL = {"decision": "approve"}


def application(invited: Hospital, **changes: Any) -> dict[str, Any]:
    """A whole application of an invented patient, to a hospital."""
    return {
        "patient_name": "示例患者",
        "patient_sex": "female",
        "patient_birth_on": "1955-04-01",
        "patient_phone": "13800000000",
        "urgency": "urgent",
        "department_wanted": "心内科",
        "title_wanted": "chief",
        "expected_at": f"{today() + timedelta(days=2)}T10:00+08:00",
        "reason": "胸痛三天，原因不明",
        "purpose": "明确诊断，指导治疗",
        "summary": "患者三天前无明显诱因出现胸痛，心电图示 ST 段改变。",
        "preliminary_diagnosis": "冠心病？",
        "preliminary_diagnosis_code": "I25.1",
        "invited_hospital": str(invited.id),
        "consent_given": True,
        "consent_by": "patient",
        "consent_on": (today() - timedelta(days=1)).isoformat(),
        **changes,
    }


def naming(people: People) -> dict[str, Any]:
    """The invited side's approval, which names the department and both experts."""
    return {
        **APPROVAL,
        "expert_department": str(people.invited_department.id),
        "experts": [str(expert.id) for expert in people.experts],
    }


def scheduling() -> dict[str, Any]:
    """The agreed time: tomorrow."""
    return {"scheduled_at": f"{today() + timedelta(days=1)}T09:00+08:00", "duration_min": 30}


def ask(applicant: Person, invited: Hospital) -> Consultation:
    """A case of the shipped process whose application waits for the department's director."""
    case = open_case(applicant, shipped.bundle("consultation"))
    do(case, applicant, **application(invited))
    return case
