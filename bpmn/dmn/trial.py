"""Trying a decision out: what it wants to know, what comes of it, and which rules said so.

Values come as a person types them and are read by the types the decision declares. The decision
is a draft of a stranger: `try_out` reads and evaluates it in a child process.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from bpmn import feel
from bpmn.child import SECONDS, TooMuch, answer, ask
from bpmn.dmn.evaluation import Evaluation
from bpmn.dmn.model import Column, Decision, DmnError, Model, Problem, Table
from bpmn.dmn.reader import load
from bpmn.feel import Expression, Value, tree
from bpmn.feel.jsonvalues import Json

MOST_CHOICES = 50
# DMN's names of types -> FEEL's function that reads such a value from a text.
_READ = {
    "date": "date(text)",
    "time": "time(text)",
    "dateTime": "date and time(text)",
    "dayTimeDuration": "duration(text)",
    "yearMonthDuration": "duration(text)",
}
_NUMBER = re.compile(r"\s*-?[0-9]{1,30}(\.[0-9]{1,30})?\s*")
_MINUTES = re.compile(r"(^|T)\d\d:\d\d$")
_BOOLEANS = {"true": True, "false": False}
_TOO_MUCH = ("求值超出了时间或内存限制", "the evaluation took too much time or memory")


@dataclass(frozen=True)
class Field:
    """A value that the decision wants to know. choices: those it tests for, if they are plain."""

    name: str
    label: str
    type: str
    choices: tuple[Json, ...] = ()


@dataclass(frozen=True)
class Step:
    """A decision that was evaluated. inputs: label and value of each column."""

    decision: str
    name: str
    inputs: tuple[tuple[str, Json], ...]
    rules: tuple[int, ...]
    value: Json


@dataclass(frozen=True)
class Trial:
    """What came of a decision. faults: field -> why its text could not be read, zh and en."""

    fields: tuple[Field, ...] = ()
    value: Json = None
    steps: tuple[Step, ...] = ()
    problems: tuple[Problem, ...] = ()
    faults: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def try_out(
    xml: str, decision: str, given: Mapping[str, str], now: datetime, seconds: float = SECONDS
) -> Trial:
    """Evaluate a decision of a file on what was typed. Never raises: problems say why not."""
    message = {"xml": xml, "decision": decision, "given": dict(given), "now": now.isoformat()}
    try:
        told = ask("bpmn.dmn.trial", message, seconds)
    except TooMuch:
        return Trial(problems=(Problem("", None, *_TOO_MUCH),))
    return Trial(
        fields=tuple(Field(**one) for one in told["fields"]),
        value=told["value"],
        steps=tuple(Step(**one) for one in told["steps"]),
        problems=tuple(Problem(**one) for one in told["problems"]),
        faults=told["faults"],
    )


def run(xml: str, name: str, given: Mapping[str, str], now: datetime) -> Trial:
    """The same in this process."""
    try:
        model = load(xml)
        decision = model.find(name)
    except DmnError as error:
        return Trial(problems=(Problem("", None, error.zh, error.en),))
    if model.problems:
        return Trial(problems=model.problems)
    fields = tuple(_fields(model, decision))
    inputs, faults = _typed(fields, given)
    if faults:
        return Trial(fields, faults=faults)
    found: list[Problem] = []
    evaluation = Evaluation(model, inputs, now, found)
    value = _json(evaluation.value(decision), decision.name, found)
    steps = tuple(_steps(evaluation, found))
    return Trial(fields, value, steps, tuple(dict.fromkeys(found)))


def _steps(evaluation: Evaluation, found: list[Problem]) -> Iterator[Step]:
    for id_, value in evaluation.done.items():
        name, seen = evaluation.model.find(id_).name, evaluation.seen.get(id_)
        inputs = [(label, _json(one, name, found)) for label, one in seen.inputs] if seen else []
        rules = tuple(seen.rules) if seen else ()
        yield Step(id_, name, tuple(inputs), rules, _json(value, name, found))


def _json(value: Value, name: str, found: list[Problem]) -> Json:
    try:
        return feel.to_json(value)
    except TypeError:
        zh, en = (
            "结果中有区间或函数，无法显示",
            "a range or a function in the result cannot be shown",
        )
        found.append(Problem(name, None, zh, en))
        return None


def _fields(model: Model, decision: Decision) -> Iterator[Field]:
    """What the decision and those it requires read, each once, the columns of tables first."""
    needed = list(_needed(model, decision))
    known = [one.name for one in needed]
    for one in needed:
        for wanted in (*_columns(one), *_names(one)):
            if not any(_overlap(wanted.name, name) for name in known):
                known.append(wanted.name)
                kind = wanted.type or model.types.get(wanted.name, "")
                yield Field(wanted.name, wanted.label, kind.rpartition(":")[2], wanted.choices)


def _overlap(one: str, other: str) -> bool:
    """Whether they are the same name, or one is a path inside the other."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _needed(model: Model, decision: Decision) -> Iterator[Decision]:
    """The decision and all it requires, which cannot be itself: the reader refuses that."""
    seen: set[str] = set()
    ahead = [decision]
    while ahead:
        one = ahead.pop(0)
        if one.id not in seen:
            seen.add(one.id)
            yield one
            ahead += [model.find(id_) for id_ in one.requires]


def _columns(decision: Decision) -> Iterator[Field]:
    if not isinstance(decision.logic, Table):
        return
    for place, column in enumerate(decision.logic.inputs):
        path = _path(column.expression.tree) if column.expression else ""
        if path:
            cells = [rule.tests[place] for rule in decision.logic.rules]
            choices = tuple(dict.fromkeys(_plain(column, cells)))[:MOST_CHOICES]
            yield Field(path, column.name, column.type, choices)


def _names(decision: Decision) -> Iterator[Field]:
    """What is read elsewhere than as a column by its own name."""
    for expression in _expressions(decision):
        for name in sorted(expression.names()):
            yield Field(name, name, "")


def _expressions(decision: Decision) -> Iterator[Expression]:
    logic = decision.logic
    if isinstance(logic, Table):
        for column in logic.inputs:
            if column.expression and not _path(column.expression.tree):
                yield column.expression
        for rule in logic.rules:
            yield from filter(None, (*rule.tests, *rule.outputs))
    elif logic is not None:
        yield logic


def _path(node: tree.Node) -> str:
    """`patient.age` of an expression that is a name or a path of names, else nothing."""
    match node:
        case tree.Name(name):
            return name
        case tree.Path(base, name) if inner := _path(base):
            return f"{inner}.{name}"
    return ""


def _plain(column: Column, cells: list[Expression | None]) -> Iterator[Json]:
    """The texts, numbers and truth values that a column allows or its rules test for."""
    for expression in (column.allowed, *cells):
        for node in _literals(expression.tree) if expression else ():
            if isinstance(node.value, str | Decimal | bool):
                yield feel.to_json(node.value)


def _literals(node: tree.Node) -> Iterator[tree.Literal]:
    if isinstance(node, tree.Literal):
        yield node
    elif not isinstance(node, tree.Call):
        for child in node.children():
            yield from _literals(child)


def _typed(
    fields: tuple[Field, ...], given: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
    """The values of the fields, nested where a name is a path, and what could not be read.

    What was left empty is null.
    """
    inputs: dict[str, Any] = {}
    faults = {}
    for one in fields:
        text = given.get(one.name, "")
        value = _value(text, one.type) if text else None
        if text and value is None:
            faults[one.name] = _BAD.get(one.type, _BAD["date"])
        *path, last = one.name.split(".")
        inside = inputs
        for name in path:
            inside = inside.setdefault(name, {})
        inside[last] = value
    return inputs, faults


def _value(text: str, kind: str) -> Value:
    """What somebody typed as a value of a type; None if it is none."""
    if kind == "string":
        return text
    if kind == "number":
        return _number(text)
    if kind == "boolean":
        return _BOOLEANS.get(text)
    if kind in _READ:
        # What a browser's field gives has no seconds.
        whole = f"{text}:00" if _MINUTES.search(text) else text
        return feel.evaluate(_READ[kind], {"text": whole})
    number = _number(text)
    return _BOOLEANS.get(text, text) if number is None else number


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


_BAD = {
    "number": ("请填写数字", "enter a number"),
    "boolean": ("请选择是或否", "choose yes or no"),
    "date": ("日期或时间的格式不对", "this is not such a date, time or duration"),
}


def _answer(message: dict[str, Any]) -> dict[str, Any]:
    now = datetime.fromisoformat(message["now"])
    return asdict(run(message["xml"], message["decision"], message["given"], now))


if __name__ == "__main__":
    answer(_answer)
