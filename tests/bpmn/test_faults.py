"""O-5: seeded clinical faults are found, each by its rule at its element, and nothing else is."""

import json
from typing import Any

import pytest

from app.processes.vocabulary import built_in
from bpmn import lint, shipped
from tests.bpmn.faults import CLINICAL, SAID, said, seeded


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
