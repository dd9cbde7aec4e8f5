"""Diagrams with seeded faults, which pytest and vitest read alike: both linters must say the same.

clinical.json: changes to the shipped consultation, of its text and of fields in its forms, with
what each must raise and nothing else. small.py: small diagrams, sound, faulty and hostile.
said.json: all of them with what the server says, and what it says it by. Written anew by

    python -m tests.bpmn.faults
"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from app.processes.vocabulary import built_in
from bpmn import lint, shipped
from bpmn.bundle import Bundle, Finding, Operation
from bpmn.lint.forms import fields

FOLDER = Path(__file__).parent
SAID = FOLDER / "said.json"
CLINICAL: list[dict[str, Any]] = json.loads((FOLDER / "clinical.json").read_text("utf-8"))


def seeded(fault: dict[str, Any]) -> Bundle:
    """The shipped consultation with a fault in it."""
    whole = shipped.bundle("consultation")
    process = whole.process
    for old, new in fault.get("edits", ()):
        assert process.count(old) == 1, old
        process = process.replace(old, new)
    forms = deepcopy(dict(whole.forms))
    for form, changes in fault.get("fields", {}).items():
        for field in fields(forms[form]):
            field.update(changes.get(field["key"], {}))  # type: ignore[attr-defined]
    return Bundle(process, forms, whole.decisions)


def said() -> dict[str, Any]:
    """What the server says of every example, as the browser's tests read it."""
    from tests.bpmn.diagrams import FORMS
    from tests.bpmn.faults.small import examples

    forms = {**FORMS, **shipped.bundle("consultation").forms}
    words = built_in()
    return {
        "vocabulary": {
            "roles": _choices(words.roles),
            "sides": _choices(words.sides),
            "statuses": _choices(words.statuses),
            "operations": [_operation(one) for _, one in sorted(words.operations.items())],
            "records": [
                {"name": name, "label": "", "needs": sorted(needs)}
                for name, needs in sorted(words.records.items())
            ],
            "options": [],
            "notices": [],
            "variables": sorted(words.variables),
        },
        "forms": forms,
        "seeded": [{"says": fault["says"], "findings": _told(seeded(fault))} for fault in CLINICAL],
        "shipped": [
            {"says": name, "findings": _told(shipped.bundle(name))} for name in shipped.names()
        ],
        "small": [
            {"says": says, "diagram": xml, "findings": _told(Bundle(xml, forms))}
            for says, xml in examples()
        ],
    }


def _told(made: Bundle) -> list[list[str]]:
    return sorted(_row(one) for one in lint.judge(made, built_in()))


def _row(one: Finding) -> list[str]:
    return [one.rule, one.element_id, one.element_name, one.severity, one.zh, one.en]


def _choices(names: frozenset[str]) -> list[dict[str, str]]:
    return [{"value": str(name), "label": ""} for name in sorted(names)]


def _operation(one: Operation) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": "",
        "inputs": sorted(one.inputs),
        "optional": sorted(one.optional),
        "outputs": sorted(one.outputs),
        "choices": {name: _choices(texts) for name, texts in sorted(one.choices.items())},
        "notices": sorted(one.notices),
        "meaning": one.meaning,
    }
