"""O-5: seeded clinical faults are found, each by its rule at its element, and nothing else is."""

import json
from typing import Any

import pytest

from app.processes.vocabulary import built_in
from bpmn import lint, shipped
from bpmn.bundle import Bundle
from tests.bpmn import diagrams
from tests.bpmn.faults import CLINICAL, SAID, said, seeded, small

FORMS = {**diagrams.FORMS, **shipped.bundle("consultation").forms}


@pytest.mark.parametrize("fault", CLINICAL, ids=lambda fault: fault["says"])
def test_a_seeded_fault_is_found_by_its_rule(fault: dict[str, Any]) -> None:
    findings = lint.judge(seeded(fault), built_in())

    found = {(one.rule, one.element_id, one.severity) for one in findings}
    assert found == {tuple(one) for one in fault["finds"]}
    assert all(one.zh and one.en for one in findings)


@pytest.mark.parametrize("name", shipped.names())
def test_what_ships_raises_nothing(name: str) -> None:
    assert lint.judge(shipped.bundle(name), built_in()) == ()


def test_the_browser_is_tested_by_what_the_server_says_now() -> None:
    is_up_to_date = said() == json.loads(SAID.read_text("utf-8"))
    assert is_up_to_date, "run: python -m tests.bpmn.faults"


CONSENT, TOLD, WORD = "session-without-consent", "refusal-untold", "inviting-not-last"
FOUND = {
    "nobody asks": {(CONSENT, "room")},
    "consent is asked in the session": {(CONSENT, "room")},
    "consent beside the session": {(CONSENT, "room")},
    "a choice passes consent by": {(CONSENT, "room")},
    "who interrupts the application comes to the session": {(CONSENT, "room")},
    "consent for each of a list that may be empty": {(CONSENT, "room")},
    "a task for each of a list asks": {(CONSENT, "room")},
    "a boundary of the sub-process leads to the session": {(CONSENT, "room")},
    "a refusal tells whom FEEL computes": {(TOLD, "no")},
    "a refusal tells nobody and says no status": {(TOLD, "no")},
    "what is no review but cancels": {(TOLD, "no"), ("refusal-without-reason", "review")},
    "nobody decides": {(WORD, "report")},
    "for each of nobody": {(WORD, "report")},
    "a notice with the patient's name": {("patient-data-in-notice", "one")},
    "a loop of services": {("loop-without-wait", "a")},
    "a loop through a sub-process that does not": {("loop-without-wait", "group")},
    "a node that leads to itself": {("loop-without-wait", "a"), ("two-flows", "a")},
    "round and round": {("no-way-out", "a")},
}
# What small diagrams leave out, and what is about names.
BESIDE = {"no-due-time", "no-escalation", "unknown-name"}


@pytest.mark.parametrize("says", [*small.CLINICAL, *small.WAYS])
def test_a_small_diagram_raises_what_is_wrong_with_it_and_no_more(says: str) -> None:
    """Branches, sub-processes, boundaries and lists; those not named above are sound."""
    made = Bundle({**small.CLINICAL, **small.WAYS}[says].process, FORMS)

    found = {(one.rule, one.element_id) for one in lint.judge(made, built_in())}
    assert {one for one in found if one[0] not in BESIDE} == FOUND.get(says, set())


def test_every_fault_is_of_a_small_diagram() -> None:
    assert FOUND.keys() <= {*small.CLINICAL, *small.WAYS}
