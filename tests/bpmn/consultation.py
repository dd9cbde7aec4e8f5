"""What the product offers to the shipped consultation, as tests of the diagram alone need it."""

from bpmn.bundle import Meaning, Operation, Vocabulary

THREE_PARTS = frozenset({"analysis", "diagnosis", "plan"})
MEANINGS: dict[str, Meaning] = {
    "open_room": "session",
    "notify": "notice",
    "publish_report": "report",
}
OUTPUTS = {"arrange_session": frozenset({"session_at"})}

VOCABULARY = Vocabulary(
    roles=frozenset(
        {
            "applicant",
            "department_director",
            "medical_affairs",
            "triage_coordinator",
            "expert",
            "follow_up_staff",
        }
    ),
    sides=frozenset({"inviting", "invited", "alliance"}),
    operations={
        name: Operation(
            name,
            frozenset(inputs),
            outputs=OUTPUTS.get(name, frozenset()),
            meaning=MEANINGS.get(name, ""),
        )
        for name, inputs in {
            "assign_experts": ("department", "experts"),
            "arrange_session": ("scheduled_at", "duration_min"),
            "open_room": (),
            "close_room": (),
            "notify": ("template", "audience"),
            "refuse": ("step",),
            "publish_report": (),
            "schedule_follow_up": ("days",),
        }.items()
    },
    records={
        "application": frozenset(
            {
                "patient_name",
                "patient_sex",
                "patient_birth_on",
                "patient_id_number",
                "patient_phone",
                "urgency",
                "department_wanted",
                "title_wanted",
                "expected_at",
                "reason",
                "purpose",
                "summary",
                "preliminary_diagnosis",
                "preliminary_diagnosis_code",
                "invited_hospital",
                "consent_given",
                "consent_by",
                "consent_on",
            }
        ),
        "review": frozenset({"decision", "reason"}),
        "opinion": THREE_PARTS | {"track"},
        "report": THREE_PARTS | {"dissent"},
        "signature": frozenset({"confirm"}),
        "acceptance": frozenset({"decision", "remarks"}),
        "follow_up": frozenset({"condition", "efficacy", "readmission", "final_diagnosis"}),
    },
    statuses=frozenset({"draft", "pending", "assigned", "in_progress", "completed", "cancelled"}),
    variables=frozenset({"applicant", "consultation"}),
)
