"""The shipped diagram as a document: everything it names exists, and it reads like a drawing.

What it does is in test_consultation_paths.py.
"""

import pytest

import forms
import notifications
from app.consultations.audience import AUDIENCES
from bpmn import diagram, dmn, parser, shipped
from bpmn.bundle import Bundle
from tests.bpmn.consultation import VOCABULARY

DI = {
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
BUNDLE = shipped.bundle("consultation")
ROOT = diagram.read_xml(BUNDLE.process)
READ = diagram.read(ROOT)
NODES = READ.nodes
USER_TASKS = [node for node in NODES.values() if node.kind == "userTask"]


# --- what it names ------------------------------------------------------------------------------


def test_the_product_would_publish_it() -> None:
    """S0-20 to S0-27: no error and no warning, with the operations and records of the contract."""
    definition = parser.parse(BUNDLE, VOCABULARY)

    assert definition.warnings == ()
    assert set(definition.choices["partner_review"]) == {"decision", "expert_department", "experts"}


def test_it_can_be_read_by_its_name_only() -> None:
    assert shipped.names() == (
        "consultation",
        "emergency",
        "imaging_reading",
        "pathology",
        "referral",
    )
    with pytest.raises(KeyError):
        shipped.bundle("../consultation")


def test_its_version_changes_with_any_of_its_parts() -> None:
    other = {**BUNDLE.forms, "review": {**BUNDLE.forms["review"], "id": "other"}}
    assert shipped.bundle("consultation").digest() == BUNDLE.digest()
    assert Bundle(BUNDLE.process, other, BUNDLE.decisions).digest() != BUNDLE.digest()


def test_notices_are_known_and_reach_known_people() -> None:
    sent = [
        {one.target: one.source.strip('="') for one in node.inputs}
        for node in NODES.values()
        if node.operation == "notify"
    ]
    assert {one["template"] for one in sent} <= notifications.TEMPLATES.keys()
    assert {one["audience"] for one in sent} <= AUDIENCES
    # S2-33: a refusal is pushed to the applicant and to the coordinator.
    refused = {one["audience"] for one in sent if one["template"] == "refused"}
    assert refused == {"applicant", "coordinator"}


def test_all_six_statuses_can_be_reached() -> None:
    """S4-40, S4-41."""
    assert {node.properties.get("status") for node in NODES.values()} >= VOCABULARY.statuses


@pytest.mark.parametrize(
    ("urgency", "review", "opinion", "priority"),
    [("routine", 24, 24, 50), ("urgent", 4, 12, 70), ("critical", 1, 2, 90)],
)
def test_the_more_urgent_the_sooner(urgency: str, review: int, opinion: int, priority: int) -> None:
    limits = dmn.evaluate(
        BUNDLE.decisions["response_limits"], "response_limits", {"urgency": urgency}
    )
    assert isinstance(limits, dict)
    assert limits["review_hours"] == review
    assert limits["opinion_hours"] == opinion
    assert limits["priority"] == priority


# --- its forms ----------------------------------------------------------------------------------

APPLICATION = {
    "patient_name": "测试甲",
    "patient_sex": "female",
    "patient_birth_on": "1956-02-03",
    "patient_id_number": "110101195602030021",
    "patient_phone": "13800000000",
    "urgency": "urgent",
    "invited_hospital": "2",
    "department_wanted": "心血管内科",
    "title_wanted": "chief",
    "expected_at": "2999-03-02T10:00+08:00",
    "reason": "反复胸痛，本院不能行冠脉造影",
    "purpose": "明确诊断与手术指征",
    "summary": "间断胸痛三天，活动后加重。",
    "preliminary_diagnosis": "不稳定性心绞痛",
    "preliminary_diagnosis_code": "I20.0",
    "consent_given": True,
    "consent_by": "patient",
    "consent_on": "2026-03-01",
}
OPTIONS = {
    "hospitals_invitable": [{"value": "2", "label": "示范省医院"}],
    "titles": [{"value": "chief", "label": "主任医师"}],
    "invited_departments": [{"value": "5", "label": "心血管内科"}],
    "invited_experts": [{"value": "7", "label": "测试乙"}, {"value": "8", "label": "测试丙"}],
}


def verdict(form: str, **answers: object) -> set[str]:
    """The fields the form does not accept."""
    try:
        forms.load(BUNDLE.forms[form], answers, OPTIONS)
    except forms.Invalid as refused:
        return set(refused.errors)
    return set()


def test_a_complete_application_is_accepted() -> None:
    assert verdict("application", **APPLICATION) == set()


@pytest.mark.parametrize(
    "key",
    sorted(
        APPLICATION.keys()
        - {"patient_id_number", "patient_phone", "preliminary_diagnosis_code", "urgency"}
    ),
)
def test_the_minimum_of_an_application_cannot_be_left_out(key: str) -> None:
    """S2-28, L-4, L-5."""
    assert verdict("application", **{**APPLICATION, key: None}) == {key}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("patient_id_number", "110101195613030021"),
        ("patient_id_number", "1101011956020300"),
        ("patient_phone", "12345"),
        ("preliminary_diagnosis_code", "20.0"),
        ("expected_at", "2001-03-02T10:00+08:00"),
        ("consent_given", False),
        ("invited_hospital", "999"),
        ("summary", "胸痛"),
    ],
)
def test_what_cannot_be_right_is_refused(key: str, value: object) -> None:
    assert verdict("application", **{**APPLICATION, key: value}) == {key}


@pytest.mark.parametrize("decision", ["return", "refuse"])
@pytest.mark.parametrize("form", ["review", "partner_review"])
def test_a_return_or_refusal_needs_its_reason(form: str, decision: str) -> None:
    """S2-32, L-6."""
    assert verdict(form, decision=decision) == {"reason"}
    assert verdict(form, decision=decision, reason="缺少近期心电图") == set()
    assert verdict("review", decision="approve") == set()


def test_the_partner_approves_by_naming_department_and_experts() -> None:
    """S0-24: on the same form."""
    assert verdict("partner_review", decision="approve") == {"expert_department", "experts"}
    chosen = {"expert_department": "5", "experts": ["8", "7"]}
    assert verdict("partner_review", decision="approve", **chosen) == set()


def test_who_was_absent_is_asked_only_of_a_session_that_failed() -> None:
    assert verdict("session", outcome="held") == set()
    assert verdict("session", outcome="no_show") == {"absent"}


def test_an_opinion_has_its_three_parts() -> None:
    """S0-40; marking the case for follow-up (S2-38) is free."""
    assert verdict("opinion") == {"analysis", "diagnosis", "plan"}


def test_the_inviting_doctor_explains_what_is_not_simply_accepted() -> None:
    """S2-35, L-1."""
    assert verdict("acceptance", decision="accept") == set()
    assert verdict("acceptance", decision="adapt") == {"remarks"}
    assert verdict("acceptance", decision="decline") == {"remarks"}


# --- what is written about it -------------------------------------------------------------------


def test_the_manual_lists_every_task_and_operation() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (shipped.ROOT / "docs/process.md").read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    steps = {row[1].strip("`"): row for row in rows if len(row) == 7}
    operations = {name for row in rows if len(row) == 4 for name in row[0].split("`")[1::2]}

    for task in USER_TASKS:
        name, _, role, side, form, _, status = steps[task.id]
        assert task.lane is not None
        assert name == task.name
        assert f"`{task.lane.role}`" in role
        assert f"`{task.lane.side}`" in side
        assert form == f"`{task.form_id}`"
        assert task.properties.get("status", "") in status
    assert VOCABULARY.operations.keys() <= operations
