"""Diagrams with seeded faults, which pytest and vitest read alike: both linters must say the same.

clinical.json: changes to the shipped consultation, of its text and of fields in its forms, with
what each must raise and nothing else. Each other diagram is a file of its own; small.json says
what is found in it.
"""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from bpmn import shipped
from bpmn.bundle import Bundle
from bpmn.lint.forms import fields

FOLDER = Path(__file__).parent
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
