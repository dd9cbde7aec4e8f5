"""Decisions of DMN 1.1 to 1.5 on FEEL: decision tables, literal expressions, required decisions.

    evaluate(xml, "分诊", {"年龄": 71}, problems=found)   -> value
    check(xml)                                          -> why it may not be published
    ids(xml)                                            -> which decisions the file holds

All hit policies are here. Boxed contexts, invocations and business knowledge models are refused.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bpmn.dmn.evaluation import Evaluation
from bpmn.dmn.model import DmnError, Problem
from bpmn.dmn.reader import ids, load
from bpmn.feel import Value

__all__ = ["DmnError", "Problem", "check", "evaluate", "ids"]


def check(xml: str) -> list[Problem]:
    """Why these decisions may not be published; nothing if they may."""
    try:
        return list(load(xml).problems)
    except DmnError as error:
        return [Problem("", None, error.zh, error.en)]


def evaluate(
    xml: str,
    name: str,
    inputs: Mapping[str, Any],
    *,
    now: datetime | None = None,
    problems: list[Problem] | None = None,
) -> Value:
    """The value of a decision, after those it requires, as a FEEL value.

    name: its name or id. A table with several outputs gives a context. Where there is no value,
    it is None and `problems` is told why. Raises DmnError if `check` would find anything.
    """
    model = load(xml)
    if model.problems:
        first = model.problems[0]
        raise DmnError(f"{first.decision}：{first.zh}", f"{first.decision}: {first.en}")
    found: list[Problem] = []
    value = Evaluation(model, inputs, now, found).value(model.find(name))
    if problems is not None:
        problems += found
    return value
