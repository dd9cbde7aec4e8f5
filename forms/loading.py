"""From what a browser sent to typed answers, or all that is wrong with it."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from marshmallow import ValidationError

from forms import rules
from forms.messages import Fault, Language
from forms.schema import Placed, placed_fields
from forms.scope import Scope, look, opened_with
from forms.values import JSON, empty_value, faults_in, field_of, same

WHOLE_FORM = ""
"""The key under which a fault of no single field is told."""

_MAX_UNKNOWN_TOLD = 20
_CHINA = timezone(timedelta(hours=8))


class Invalid(Exception):
    """The answers are refused.

    errors: field key -> message in the language asked for; faults: the same by code, all of them.
    """

    def __init__(self, faults: Mapping[str, list[Fault]], language: Language = "zh") -> None:
        super().__init__(", ".join(f"{key}: {found[0].code}" for key, found in faults.items()))
        self.faults = faults
        self.errors = self.messages(language)

    def messages(self, language: Language) -> dict[str, str]:
        return {key: found[0].text(language) for key, found in self.faults.items()}


def load(
    form: Mapping[str, Any],
    answers: object,
    context: Mapping[str, Any],
    *,
    language: Language = "zh",
    now: datetime | None = None,
) -> dict[str, JSON]:
    """The answers of all visible fields, as JSON values: text, number, bool, list, None.

    form: one that `check` passes. answers: untrusted JSON. context: the variables the form was
    opened with, among them option lists (`valuesKey`) and prefilled fields. A visible field that is
    left out keeps the value the form was opened with; an answer to a hidden field is dropped, as
    form-js drops it. now: what "today" means, for FEEL and for dates that may not be past; aware;
    default: the clock in China.

    Raises Invalid with every fault, unknown fields included.
    """
    if not isinstance(answers, Mapping):
        raise Invalid({WHOLE_FORM: [Fault("type")]}, language)
    placed = placed_fields(form)
    typed, misfits = _read(placed, answers)
    scope = look(form, typed, context, now or datetime.now(_CHINA))
    visible = [field for field in scope.visible if not field.component.get("disabled")]
    faults = _unknown(placed, answers)
    for field in visible:
        found = misfits.get(field.key) or _faults(field, scope)
        if found:
            faults[field.key] = found
    if faults:
        raise Invalid(faults, language)
    return {field.key: scope.data[field.key] for field in visible}


def open_values(form: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, JSON]:
    """What the fields hold when the form is opened, hidden ones too."""
    placed = placed_fields(form)
    opened = opened_with(placed, context)
    return {field.key: opened[field.key] for field in placed}


def _read(
    placed: list[Placed], answers: Mapping[Any, Any]
) -> tuple[dict[str, JSON], dict[str, list[Fault]]]:
    typed: dict[str, JSON] = {}
    faults: dict[str, list[Fault]] = {}
    for field in placed:
        if field.key not in answers or field.component.get("disabled"):
            continue
        try:
            value = field_of(field.component).deserialize(answers[field.key])
        except ValidationError as refused:
            faults[field.key] = faults_in(refused)
        else:
            typed[field.key] = empty_value(field.component) if value is None else value
    return typed, faults


def _unknown(placed: list[Placed], answers: Mapping[Any, Any]) -> dict[str, list[Fault]]:
    # A disabled field is never sent by a browser, so it is as unknown as any other.
    known = {field.key for field in placed if not field.component.get("disabled")}
    strange = [str(key)[:100] for key in answers if key not in known]
    return {key: [Fault("unknown")] for key in strange[:_MAX_UNKNOWN_TOLD]}


def _faults(field: Placed, scope: Scope) -> list[Fault]:
    value = scope.data[field.key]
    if field.component.get("readonly") is True and not _equal(value, scope.opened[field.key]):
        return [Fault("readonly")]
    return rules.faults(field.component, value, scope)


def _equal(one: JSON, other: JSON) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return same(one, other)
