"""Small diagrams for tests, put together from nodes and chains of ids, and who walks them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from bpmn.bundle import Bundle, Operation, Vocabulary
from bpmn.engine import Execution, Snapshot
from bpmn.parser import Definition, parse

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)

VOCABULARY = Vocabulary(
    roles=frozenset({"applicant", "expert", "medical_affairs"}),
    sides=frozenset({"inviting", "invited"}),
    operations={
        "open_room": Operation(
            "open_room", frozenset({"title"}), frozenset({"minutes"}), frozenset({"room"})
        ),
        "notify": Operation("notify", frozenset({"to"})),
        "number": Operation("number", outputs=frozenset({"case_number"})),
    },
    records={"opinion": frozenset({"opinion"})},
    statuses=frozenset({"draft", "pending", "completed", "cancelled"}),
    variables=frozenset({"applicant", "consultation"}),
)

FORMS: dict[str, dict[str, Any]] = {
    "review": {
        "components": [
            {"type": "radio", "key": "decision", "values": []},
            {"type": "textarea", "key": "reason"},
        ]
    },
    "opinion": {
        "components": [
            {"type": "textarea", "key": "opinion"},
            {"type": "select", "key": "verdict"},
            {"type": "number", "key": "days"},
        ]
    },
    "times": {
        "components": [{"type": "datetime", "key": "at"}, {"type": "textfield", "key": "reason"}]
    },
    "experts": {"components": [{"type": "taglist", "key": "experts"}]},
}

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="defs" targetNamespace="urn:test">
"""


def document(*parts: str, outside: str = "") -> str:
    """A BPMN file with one process of these parts; `outside` stands before it."""
    inside = "\n".join(parts)
    return (
        f'{_HEAD}{outside}<bpmn:process id="p" isExecutable="true">{inside}'
        "</bpmn:process></bpmn:definitions>"
    )


def bundle(*parts: str, outside: str = "", decisions: dict[str, str] | None = None) -> Bundle:
    return Bundle(document(*parts, outside=outside), FORMS, decisions or {})


def definition(*parts: str, outside: str = "", **kwargs: Any) -> Definition:
    return parse(bundle(*parts, outside=outside, **kwargs), VOCABULARY)


def flows(*chains: str) -> str:
    """Sequence flows from chains of ids: `a > b > c`, a condition as `a > [=x = 1] b`."""
    made: list[str] = []
    for chain in chains:
        first, *rest = [one.strip() for one in chain.split(" > ")]
        for step in rest:
            condition, _, target = step.rpartition("] ")
            made.append(_flow(first, target, condition.removeprefix("[")))
            first = target
    return "\n".join(made)


def _flow(source: str, target: str, condition: str) -> str:
    text = condition.replace("&", "&amp;").replace("<", "&lt;")
    inside = f"<bpmn:conditionExpression>{text}</bpmn:conditionExpression>" if condition else ""
    return (
        f'<bpmn:sequenceFlow id="{source}__{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inside}</bpmn:sequenceFlow>"
    )


def node(kind: str, name: str, *inside: str, extension: str = "", **attributes: str) -> str:
    """Any element: its zeebe extensions, what stands inside it, its attributes."""
    words = "".join(f' {key}="{value}"' for key, value in attributes.items())
    wrapped = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
    return (
        f'<bpmn:{kind} id="{name}" name="名{name}"{words}>{wrapped}{"".join(inside)}</bpmn:{kind}>'
    )


def start(name: str = "start") -> str:
    return node("startEvent", name)


def end(name: str = "end", *inside: str, **kwargs: str) -> str:
    return node("endEvent", name, *inside, **kwargs)


def user(name: str, form: str = "review", more: str = "", many: str = "", **assigned: str) -> str:
    who = assigned or {"candidateGroups": "expert"}
    words = "".join(f" {key}='{value}'" for key, value in who.items())
    shown = f'<zeebe:formDefinition formId="{form}"/>' if form else ""
    extension = f"{shown}<zeebe:assignmentDefinition{words}/>{more}"
    return node("userTask", name, many, extension=extension)


def service(name: str, operation: str = "notify", more: str = "", many: str = "") -> str:
    inputs = more or io(inputs={"to": '="somebody"'} if operation == "notify" else {})
    extension = f'<zeebe:taskDefinition type="{operation}"/>{inputs}'
    return node("serviceTask", name, many, extension=extension)


def script(name: str, expression: str, result: str) -> str:
    words = expression.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    extension = f'<zeebe:script expression="{words}" resultVariable="{result}"/>'
    return node("scriptTask", name, extension=extension)


def io(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    rows = [
        f"<zeebe:{kind} source='{source}' target='{target}'/>"
        for kind, pairs in (("input", inputs or {}), ("output", outputs or {}))
        for target, source in pairs.items()
    ]
    return f"<zeebe:ioMapping>{''.join(rows)}</zeebe:ioMapping>" if rows else ""


def properties(**words: str) -> str:
    rows = "".join(f'<zeebe:property name="{k}" value="{v}"/>' for k, v in words.items())
    return f"<zeebe:properties>{rows}</zeebe:properties>"


def many(collection: str, element: str = "", sequential: bool = False, **words: str) -> str:
    """Multi-instance; words: outputCollection, outputElement, until."""
    until = words.pop("until", "")
    rest = "".join(f" {key}='{value}'" for key, value in words.items())
    condition = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        "<bpmn:extensionElements><zeebe:loopCharacteristics "
        f"inputCollection='{collection}' inputElement=\"{element}\"{rest}/>"
        f"</bpmn:extensionElements>{condition}</bpmn:multiInstanceLoopCharacteristics>"
    )


def timer(kind: str, text: str) -> str:
    return (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="m_{name}"/>'


def messages(*names: str, key: str = "") -> str:
    words = f'<zeebe:subscription correlationKey="{key}"/>' if key else ""
    inside = f"<bpmn:extensionElements>{words}</bpmn:extensionElements>" if key else ""
    return "".join(
        f'<bpmn:message id="m_{one}" name="{one}">{inside}</bpmn:message>' for one in names
    )


def boundary(name: str, host: str, event: str, interrupts: bool = True, extension: str = "") -> str:
    return node(
        "boundaryEvent",
        name,
        event,
        extension=extension,
        attachedToRef=host,
        cancelActivity=str(interrupts).lower(),
    )


class Driver:
    """Runs a definition as a person would, saved and restored between all steps if asked."""

    def __init__(self, made: Definition, restores: bool = True, **variables: Any) -> None:
        self.definition, self.restores, self.now = made, restores, NOW
        self.execution = Execution.start(made, variables, self.now)
        self.events: list[tuple[str, str]] = []
        self.statuses: list[str] = []
        self.snapshot = self._look()

    def ready(self) -> list[str]:
        return [task.element_id for task in self.snapshot.ready]

    def task(self, element: str, item: Any = None) -> Any:
        return next(
            one
            for one in self.snapshot.ready
            if one.element_id == element and (item is None or one.item == item)
        )

    def complete(self, element: str, item: Any = None, /, **answers: Any) -> Driver:
        self.execution.complete(self.task(element, item).id, answers, self.now)
        return self._after()

    def answer(self, element: str, **outputs: Any) -> Driver:
        call = next(one for one in self.execution.calls() if one.element_id == element)
        self.execution.answer(call.id, outputs, self.now)
        return self._after()

    def fail(self, element: str, code: str) -> Driver:
        call = next(one for one in self.execution.calls() if one.element_id == element)
        self.execution.fail(call.id, code, self.now)
        return self._after()

    def deliver(self, name: str, key: Any = None, /, **payload: Any) -> bool:
        is_heard = self.execution.deliver(name, payload, self.now, key)
        self._after()
        return is_heard

    def wait(self, **period: float) -> Driver:
        """Let time pass, waking the case whenever it asked to be woken."""
        until = self.now + timedelta(**period)
        while self.snapshot.wake_at is not None and self.snapshot.wake_at <= until:
            self.now = max(self.now, self.snapshot.wake_at)
            self.execution.tick(self.now)
            self._after()
        self.now = until
        return self

    @property
    def variables(self) -> dict[str, Any]:
        return self.execution.variables

    @property
    def is_finished(self) -> bool:
        return self.snapshot.is_finished

    def _after(self) -> Driver:
        self.snapshot = self._look()
        return self

    def _look(self) -> Snapshot:
        snapshot = self.execution.snapshot(self.now)
        self.events += [(one.kind, one.element_id) for one in snapshot.events]
        self.statuses += [snapshot.status] if snapshot.status else []
        if self.restores:
            self.execution = Execution.resume(self.definition, snapshot.state)
        return snapshot
