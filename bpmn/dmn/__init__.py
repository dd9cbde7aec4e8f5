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
from bpmn.dmn.model import DmnError, Problem, Table
from bpmn.dmn.reader import ids, load
from bpmn.feel import Value

__all__ = ["DmnError", "Problem", "check", "evaluate", "ids", "inputs"]


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


def inputs(xml: str, name: str) -> frozenset[str]:
    """The names that the input columns of a decision, and of those it requires, look at.

    Raises DmnError if there is no such decision.
    """
    model = load(xml)
    names, decided, waiting = set[str](), set[str](), [name]
    while waiting:
        decision = model.find(waiting.pop())
        waiting += [one for one in decision.requires if one not in decided]
        decided.update({decision.id, decision.name})
        if isinstance(decision.logic, Table):
            columns = [one.expression for one in decision.logic.inputs if one.expression]
            names.update(name for one in columns for name in one.names())
    return frozenset(names - decided)
