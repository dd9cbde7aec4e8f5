"""Broken diagrams, forms and tables are judged, run or refused: none raises, none goes on for ever.

Here without a server; tests/app/studio/test_mutations.py sends some of them to it.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import forms
from bpmn import dmn, lint, parser, shipped
from bpmn.bundle import Bundle, Refused
from bpmn.difference import changes
from bpmn.engine import Execution, Stuck
from bpmn.environment import ReservedName
from tests.app.diagrams import small_bundle
from tests.bpmn.consultation import VOCABULARY
from tests.bpmn.mutations import broken_json, broken_xml

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SMALL = small_bundle()
SHIPPED = shipped.bundle("consultation")
TABLE = SHIPPED.decisions["response_limits"]
THOROUGH = settings(deadline=None, suppress_health_check=list(HealthCheck))


def look(bundle: Bundle) -> None:
    """All that the studio does with a diagram: judge it, compare it, start it if it may run."""
    findings = lint.judge(bundle, VOCABULARY)
    assert all(one.zh and one.en for one in findings)
    with suppress(Refused):
        changes(SMALL, bundle)
    if any(one.severity == "error" for one in findings):
        with pytest.raises(Refused):
            parser.parse(bundle, VOCABULARY)
        return
    definition = parser.parse(bundle, VOCABULARY)
    with suppress(Stuck, ReservedName):
        execution = Execution.start(definition, {"applicant": "1", "consultation": 1}, NOW)
        for task in execution.snapshot(NOW).ready[:1]:
            execution.complete(task.id, {"decision": "approve"}, NOW)
        Execution.resume(definition, execution.snapshot(NOW).state)


@settings(THOROUGH, max_examples=500)
@given(broken_xml(SMALL.process))
def test_broken_diagrams(text: str) -> None:
    look(replace(SMALL, process=text))


@settings(THOROUGH, max_examples=40)
@given(broken_xml(SHIPPED.process))
def test_the_shipped_diagram_broken(text: str) -> None:
    look(replace(SHIPPED, process=text))


@settings(THOROUGH, max_examples=250)
@given(st.sampled_from(sorted(SHIPPED.forms)).flatmap(lambda key: broken_json(SHIPPED.forms[key])))
def test_broken_forms(form: object) -> None:
    problems = forms.check(form)
    assert all(one.zh and one.en for one in problems)
    if not problems:
        with suppress(forms.Invalid):
            forms.load(form, {}, {})


@settings(THOROUGH, max_examples=250)
@given(broken_xml(TABLE), st.sampled_from(["routine", "critical", "", None, 1]))
def test_broken_tables(text: str, urgency: object) -> None:
    with suppress(dmn.DmnError):
        dmn.evaluate(text, "response_limits", {"urgency": urgency})
    with suppress(Refused):
        changes(Bundle("", {}, {"a": TABLE}), Bundle("", {}, {"a": text}))
