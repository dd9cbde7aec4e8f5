"""Runs past cases along a draft. Run as a child process: `python -m forms.history`.

In: draft and vocabulary (bpmn.isolation.message), `versions` by digest, the digest `in_force`,
typical `seconds` of a task by role, and `cases`: {digest, began_at, variables, visits, log}. Out:
{findings}, or {courses, names}: for each case {past, present, draft}, or null where it cannot be
told; names of elements in the `language`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import forms
from bpmn.bundle import Bundle, Refused
from bpmn.child import answer
from bpmn.engine import ElementEvent
from bpmn.history import Assumptions, Past, Unlike, Visit, relive, simulate
from bpmn.isolation import read
from bpmn.parser import Definition, load, parse
from forms.schema import walk

JSON = dict[str, Any]
# What whoever decides says if all is well, in this order.
_CONSENTS = ("approve", "accept", "agree", "yes", "held")


def said(message: Mapping[str, Any]) -> JSON:
    """What the child has to say. Expects forms that `forms.check` has passed."""
    bundle, vocabulary = read(dict(message))
    try:
        draft = parse(bundle, vocabulary)
    except Refused as refused:
        return {"findings": [vars(one) for one in refused.findings]}
    versions = {key: load(Bundle(**one)) for key, one in message["versions"].items()}
    present = versions[message["in_force"]]
    assumptions = {
        which: Assumptions(vocabulary.operations, message["seconds"], _Assumed(definition).answers)
        for which, definition in (("present", present), ("draft", draft))
    }
    return {
        "courses": [
            _courses(_past(one), versions[one["digest"]], present, draft, assumptions)
            for one in message["cases"]
        ],
        "names": _names(present, message["language"]) | _names(draft, message["language"]),
    }


def _names(definition: Definition, language: str) -> dict[str, str]:
    nodes = definition.diagram.nodes.values()
    return {one.id: (language == "en" and one.name_en) or one.name or one.id for one in nodes}


def _courses(
    past: Past,
    own: Definition,
    present: Definition,
    draft: Definition,
    assumptions: Mapping[str, Assumptions],
) -> JSON | None:
    try:
        memory = relive(own, past, assumptions["present"])
    except Unlike:
        return None
    return {
        "past": list(past.entered),
        "present": vars(simulate(present, past, memory, assumptions["present"])),
        "draft": vars(simulate(draft, past, memory, assumptions["draft"])),
    }


class _Assumed:
    """What a form that nobody has answered yet would be answered."""

    def __init__(self, definition: Definition) -> None:
        self._forms = definition.bundle.forms

    def answers(self, form_id: str, now: datetime) -> JSON | None:
        """Its defaults, and consent where it asks for that; None if it wants more than that."""
        form = self._forms[form_id]
        given = {field.key: _consent(form, field.key) for field in forms.fields(form)}
        answers = {key: value for key, value in given.items() if value is not None}
        try:
            return forms.load(form, answers, {}, now=now)
        except forms.Invalid:
            return None


def _consent(form: Mapping[str, Any], key: str) -> Any:
    for component in (one.component for one in walk(form)):
        if component.get("key") != key or "defaultValue" in component:
            continue
        offered = [one.get("value") for one in component.get("values") or ()]
        return next((one for one in _CONSENTS if one in offered), None)
    return None


def _past(document: Mapping[str, Any]) -> Past:
    return Past(
        datetime.fromisoformat(document["began_at"]),
        document["variables"],
        tuple(
            Visit(
                one["task_id"],
                one["element_id"],
                one["item"],
                datetime.fromisoformat(one["began_at"]),
                datetime.fromisoformat(one["ended_at"]),
                one["answers"],
            )
            for one in document["visits"]
        ),
        tuple(
            ElementEvent(element, "", kind, datetime.fromisoformat(at), task)
            for element, kind, at, task in document["log"]
        ),
    )


if __name__ == "__main__":
    answer(said)
