"""Plays a script against a definition, in memory: trial cases and scenarios of the studio.

A trial is its script: nothing is stored, nothing leaves, and the same script yields the same
trial. Steps name elements, so a script outlives a change of the diagram.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bpmn import feel, timers
from bpmn.bundle import Operation
from bpmn.diagram import formula
from bpmn.engine import Call, ElementEvent, Execution, Snapshot, UserTask, Wait
from bpmn.environment import plain
from bpmn.limits import LIMITS
from bpmn.parser import Definition
from bpmn.run import Stuck
from bpmn.scenario import Scenario, Step

MOST_CALLS = LIMITS.service_rounds  # in one step; more is a loop without a wait
MOST_TIMERS = 1_000  # in one step of time
MOST_EVENTS = 20_000  # of a trial


class AnswersRefused(Exception):
    """A form does not take the answers; field key -> why."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


@dataclass(frozen=True)
class Setting:
    """What the product does around the engine.

    operations: what service tasks may name. transitions: status -> those a case may take next.
    remembered: kinds of record whose form opens with what the same step was answered before.
    load: (form id, answers, answered before, now) -> typed answers; raises AnswersRefused.
    """

    operations: Mapping[str, Operation]
    transitions: Mapping[str, frozenset[str]]
    remembered: frozenset[str]
    load: Callable[[str, Mapping[str, Any], Mapping[str, Any], datetime], Mapping[str, Any]]


@dataclass(frozen=True)
class Problem:
    """Why a script went no further than a step; step -1 is the start.

    kind: stuck (the diagram leads nowhere), astray (it does not wait for this step) or answers.
    """

    kind: str
    step: int
    element_id: str
    zh: str
    en: str
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """A service call and what it yielded; error: the code it failed with.

    step: the one that mocked it, or after which it answered itself.
    """

    step: int
    element_id: str
    operation: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    is_scripted: bool
    error: str = ""


@dataclass(frozen=True)
class Open:
    """A user task that waits; before: what the same step was answered the last time."""

    task: UserTask
    before: Mapping[str, Any]


@dataclass(frozen=True)
class Trial:
    """Where a script leads: who is to act, what is waited for, and the way there.

    flows: the sequence flows taken. After a problem, where it stood before that step.
    """

    at: datetime
    ready: tuple[Open, ...]
    waits: tuple[Wait, ...]
    variables: Mapping[str, Any]
    status: str | None
    is_finished: bool
    path: tuple[ElementEvent, ...]
    calls: tuple[Answered, ...]
    flows: frozenset[str]
    problem: Problem | None = None

    @property
    def entered(self) -> tuple[str, ...]:
        """The elements a token came to, in order."""
        return tuple(one.element_id for one in self.path if one.kind == "entered")

    @property
    def standing(self) -> tuple[str, ...]:
        """The elements at which tokens are now."""
        inside = {one.task_id: one.element_id for one in self.path if one.kind == "entered"}
        for one in self.path:
            if one.kind != "entered":
                inside.pop(one.task_id, None)
        return tuple(dict.fromkeys(inside.values()))


def play(definition: Definition, scenario: Scenario, setting: Setting) -> Trial:
    """Run a script. What speaks against a step ends the trial and is told as its problem.

    Service calls nobody mocks answer themselves, with the examples their operation declares.
    """
    return _Player(definition, scenario, setting).play()


def outputs_of(call: Call, operation: Operation, now: datetime) -> dict[str, Any]:
    """What a service yields by its examples. Raises Stuck for what the real one would choke on."""
    for name in sorted(operation.inputs):
        if call.inputs.get(name) is None:
            raise _choked(call, f"服务没有得到“{name}”", f"its service gets no {name!r}")
    for name, texts in sorted(operation.choices.items()):
        value = call.inputs.get(name)
        if value is not None and value not in tuple(texts):
            raise _choked(
                call,
                f"服务不认识“{name}”的值“{value}”",
                f"its service does not know {value!r} as {name!r}",
            )
    return {
        name: plain(feel.parse(formula(text)).evaluate(call.inputs, now=now))
        if text.startswith("=")
        else text
        for name, text in operation.examples.items()
    }


def _choked(call: Call, zh: str, en: str) -> Stuck:
    return Stuck(call.element_id, "", en, zh)


def _mocked(step: Step | None) -> str | None:
    return step.name if step is not None and step.kind in ("answer", "fail") else None


class _Astray(Exception):
    """The diagram does not wait for a step."""

    def __init__(self, element_id: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.element_id, self.zh, self.en = element_id, zh, en


class _Player:
    """A script under way."""

    def __init__(self, definition: Definition, scenario: Scenario, setting: Setting) -> None:
        self._definition, self._scenario, self._setting = definition, scenario, setting
        self._now, self._index = scenario.at, -1
        self._path: list[ElementEvent] = []
        self._calls: list[Answered] = []
        self._answered: dict[str, Mapping[str, Any]] = {}
        self._status: str | None = None
        self._at_rest = Trial(scenario.at, (), (), {}, None, False, (), (), frozenset())

    def play(self) -> Trial:
        try:
            self._start()
            steps = self._scenario.steps
            for index, (step, following) in enumerate(zip(steps, (*steps, None)[1:], strict=True)):
                self._settle(_mocked(step))
                self._index = index
                self._take(step, _mocked(following))
            self._settle(None)
        except (Stuck, _Astray, AnswersRefused, ValueError) as error:
            return self._ended(self._problem(error))
        return self._ended(None)

    def _start(self) -> None:
        variables = self._scenario.variables
        self._execution = Execution.start(self._definition, variables, self._now)
        self._look()

    def _take(self, step: Step, mocked: str | None) -> None:
        if step.kind == "advance":
            self._advance(step, mocked)
        else:
            {
                "complete": self._complete,
                "answer": self._answer,
                "fail": self._fail,
                "deliver": self._deliver,
            }[step.kind](step)
        self._look()

    def _complete(self, step: Step) -> None:
        waiting = [one.task for one in self._at_rest.ready if one.task.element_id == step.name]
        task = next((one for one in waiting if step.item is None or one.item == step.item), None)
        if task is None:
            raise self._absent(step.name, "没有在等待办理", "is not waiting to be done")
        answers = step.values
        if task.form_id is not None:
            answers = self._setting.load(task.form_id, answers, self._before(task), self._now)
        elif answers:
            raise AnswersRefused(dict.fromkeys(answers, ""))
        self._answered[task.element_id] = answers
        self._execution.complete(task.id, answers, self._now)

    def _before(self, task: UserTask) -> Mapping[str, Any]:
        is_remembered = task.record in self._setting.remembered
        return self._answered.get(task.element_id, {}) if is_remembered else {}

    def _answer(self, step: Step) -> None:
        call = self._call(step.name)
        self._execution.answer(call.id, step.values, self._now)
        self._calls.append(self._noted(call, step.values, is_scripted=True))

    def _fail(self, step: Step) -> None:
        call = self._call(step.name)
        self._calls.append(self._noted(call, {}, is_scripted=True, error=step.code))
        self._execution.fail(call.id, step.code, self._now)

    def _noted(
        self, call: Call, outputs: Mapping[str, Any], is_scripted: bool, error: str = ""
    ) -> Answered:
        where = call.element_id, call.operation, call.inputs
        return Answered(self._index, *where, dict(outputs), is_scripted, error)

    def _call(self, element: str) -> Call:
        for call in self._execution.calls():
            if call.element_id == element:
                return call
        raise self._absent(element, "没有在等待服务应答", "is not waiting for its service")

    def _advance(self, step: Step, mocked: str | None) -> None:
        """Let time pass; each timer fires at its own moment."""
        try:
            until = timers.duration(step.name).after(self._now)
        except timers.NotATime as error:
            raise _Astray("", "时间超出了日历", "the time is beyond the calendar") from error
        for _round in range(MOST_TIMERS):
            due = min((one.due_at for one in self._execution.waits() if one.due_at), default=None)
            if due is None or due > until:
                self._now = max(self._now, until)
                return
            self._now = max(self._now, due.astimezone(self._now.tzinfo))
            self._execution.tick(self._now)
            self._look()
            self._settle(mocked)
        raise Stuck(
            "", "", "too many timers fire in this time", "这段时间里触发的定时器太多，请分几次推进"
        )

    def _deliver(self, step: Step) -> None:
        if not self._execution.deliver(step.name, step.values, self._now):
            raise _Astray(
                "",
                f"现在没有步骤等待消息“{step.name}”",
                f"nothing waits for the message {step.name!r} now",
            )

    def _settle(self, mocked: str | None) -> None:
        """Let the calls that wait answer themselves, but not those the script mocks next."""
        for _round in range(MOST_CALLS):
            waiting = [one for one in self._execution.calls() if one.element_id != mocked]
            if not waiting:
                return
            for call in waiting:
                outputs = outputs_of(call, self._setting.operations[call.operation], self._now)
                self._execution.answer(call.id, outputs, self._now)
                self._calls.append(self._noted(call, outputs, is_scripted=False))
            self._look()
        raise Stuck(
            "",
            "",
            f"more than {MOST_CALLS} rounds of calls in one step",
            f"一步之内连续调用服务超过 {MOST_CALLS} 轮",
        )

    def _look(self) -> None:
        """Keep what happened since the last look, and where it stands."""
        snapshot = self._execution.snapshot(self._now)
        self._path += snapshot.events
        if len(self._path) > MOST_EVENTS:
            raise Stuck("", "", "the script goes on for too long", "场景走得太长")
        self._set_status(snapshot)
        self._at_rest = Trial(
            at=self._now,
            ready=tuple(Open(one, self._before(one)) for one in snapshot.ready),
            waits=self._execution.waits(),
            variables=self._execution.variables,
            status=self._status,
            is_finished=snapshot.is_finished,
            path=tuple(self._path),
            calls=(),
            flows=self._execution.passed,
        )

    def _set_status(self, snapshot: Snapshot) -> None:
        present, status = self._status, snapshot.status
        if status is None or status == present:
            return
        if present is not None and status not in self._setting.transitions[present]:
            raise Stuck(
                "",
                "",
                f"a case that is {present} cannot become {status}",
                f"状态为“{present}”的会诊不能变为“{status}”",
            )
        self._status = status

    def _problem(self, error: Exception) -> Problem:
        if isinstance(error, AnswersRefused):
            step = self._scenario.steps[self._index]
            zh, en = "表单没有接受填写的内容", "the form does not take the answers"
            return Problem("answers", self._index, step.name, zh, en, error.errors)
        if isinstance(error, _Astray):
            return Problem("astray", self._index, error.element_id, error.zh, error.en)
        if isinstance(error, Stuck):
            zh, en = error.reason_zh, error.reason
            return Problem("stuck", self._index, error.element_id, zh, en)
        return Problem("stuck", self._index, "", f"变量不能使用：{error}", str(error))

    def _ended(self, problem: Problem | None) -> Trial:
        return replace(self._at_rest, calls=tuple(self._calls), problem=problem)

    def _absent(self, element: str, zh: str, en: str) -> _Astray:
        if element not in self._definition.diagram.nodes:
            return _Astray(element, f"图中没有“{element}”", f"there is no {element!r}")
        name = self._name(element)
        return _Astray(element, f"“{name}”{zh}", f"{name!r} {en}")

    def _name(self, element: str) -> str:
        return self._definition.diagram.nodes[element].name or element
