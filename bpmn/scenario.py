"""A script of what happens to a case, and the way it is expected to take. Read from JSON.

    {"name": …, "at": ISO time with zone, "variables": {…}, "steps": [step, …], "expected": [id, …]}

A step is one of {"complete": element, "answers": {…}, "item"?}, {"answer": element, "outputs":
{…}}, {"fail": element, "code": …}, {"advance": ISO duration}, {"deliver": message, "payload": {…}}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpmn import timers

MOST_STEPS = 500  # of a script


class BadScenario(ValueError):
    """A scenario that cannot be read. zh, en: why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Step:
    """One thing that happens. kind: complete, answer, fail, advance or deliver.

    name: the element, the message, or the ISO 8601 duration. values: answers, outputs or payload.
    item: which of many instances; None: whichever waits first.
    """

    kind: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    item: Any = None


@dataclass(frozen=True)
class Scenario:
    """A script and the elements it is expected to enter, in order; none: just not to get stuck."""

    name: str
    at: datetime
    variables: Mapping[str, Any]
    steps: tuple[Step, ...]
    expected: tuple[str, ...] = ()


def read(document: object) -> Scenario:
    """A scenario from its JSON. Raises BadScenario."""
    if not isinstance(document, Mapping):
        raise _shape("scenario")
    steps = _of(document, "steps", list)
    if len(steps) > MOST_STEPS:
        raise BadScenario(f"场景最多 {MOST_STEPS} 步", f"a scenario has at most {MOST_STEPS} steps")
    expected = document.get("expected", [])
    if not isinstance(expected, list) or not all(isinstance(one, str) for one in expected):
        raise _shape("expected")
    return Scenario(
        name=_of(document, "name", str),
        at=_moment(_of(document, "at", str)),
        variables=_of(document, "variables", dict),
        steps=tuple(_step(one) for one in steps),
        expected=tuple(expected),
    )


_VALUES = {"complete": "answers", "answer": "outputs", "deliver": "payload"}


def _step(document: object) -> Step:
    if not isinstance(document, Mapping):
        raise _shape("steps")
    kind = next((one for one in (*_VALUES, "fail", "advance") if one in document), None)
    if kind is None:
        raise _shape("steps")
    name = _of(document, kind, str)
    values = document.get(_VALUES.get(kind, ""), {})
    code = document.get("code", "")
    if not isinstance(values, Mapping) or not isinstance(code, str):
        raise _shape(kind)
    if kind == "advance":
        _check_period(name)
    return Step(kind, name, values, code, document.get("item"))


def _check_period(text: str) -> None:
    try:
        timers.duration(text)
    except timers.NotATime as error:
        raise BadScenario(f"“{text}”不是时长", f"{text!r} is no duration") from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise _shape("at") from error
    if moment.tzinfo is None or not 1900 <= moment.year <= 2200:
        raise _shape("at")
    return moment


def _of(document: Mapping[Any, Any], key: str, kind: type) -> Any:
    value = document.get(key, kind() if kind is dict else None)
    if not isinstance(value, kind):
        raise _shape(key)
    return value


def _shape(key: str) -> BadScenario:
    return BadScenario(f"场景的“{key}”无法识别", f"the scenario's {key!r} cannot be read")
