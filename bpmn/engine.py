"""Runs one case along its diagram: state in, new state, ready tasks, calls and wake-up out.

Pure and in memory: what is stored, who may act and what a call does is the caller's business.
All times are aware datetimes given by the caller; nothing here reads a clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from bpmn import environment, specs, state
from bpmn.journal import ElementEvent, Journal
from bpmn.parser import Definition
from bpmn.run import Run, Stuck

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

__all__ = [
    "Call",
    "Definition",
    "ElementEvent",
    "Execution",
    "NotReady",
    "Snapshot",
    "Stuck",
    "UserTask",
    "Wait",
]

USUAL_PRIORITY = 50  # of 0 to 100, as in Camunda 8


class NotReady(Exception):
    """The task or call is not waiting (any more): done, cancelled or never there."""


@dataclass(frozen=True)
class UserTask:
    """A task that waits for a person.

    role and side come from the lane; assignee and candidates from the task and overrule them.
    item: the element of the collection, when the task is one of many. inputs: its input mappings.
    """

    id: str
    element_id: str
    name: str
    name_en: str = ""
    form_id: str | None = None
    role: str | None = None
    side: str | None = None
    assignee: str | None = None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = USUAL_PRIORITY
    record: str | None = None
    item: Any = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def roles(self) -> tuple[str, ...]:
        """Whose task it is where nobody is named: its candidate groups, else its lane's role."""
        return self.candidate_groups or ((self.role,) if self.role else ())


@dataclass(frozen=True)
class Call:
    """A service task that waits for the product to do what it names."""

    id: str
    element_id: str
    operation: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Wait:
    """An event that waits, for a moment or a message. id: another one each time it waits anew."""

    id: str
    element_id: str
    due_at: datetime | None = None
    message: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """An execution between two steps.

    state: JSON text for Execution.resume. events: since the last start, resume or snapshot.
    standing: task id -> element id, for each token at rest.
    status: of the last status-bearing element entered since then, or None.
    """

    state: str
    ready: tuple[UserTask, ...]
    wake_at: datetime | None
    messages: frozenset[str]
    events: tuple[ElementEvent, ...]
    standing: Mapping[str, str]
    status: str | None
    is_finished: bool


class Execution:
    """One case's run of a definition.

    After Stuck or any other exception from a step it is in between states: throw it away.
    """

    def __init__(self, run: Run, is_new: bool = False) -> None:
        """Not for callers: use start or resume."""
        self._run = run
        self._journal = Journal(run, is_new)

    @classmethod
    def start(
        cls, definition: Definition, variables: Mapping[str, Any], now: datetime
    ) -> Execution:
        """Put the first token on the start event and run to where someone must act.

        Raises Stuck, environment.ReservedName.
        """
        run = Run(definition, environment.variables(variables), _aware(now))
        run.plant()
        execution = cls(run, is_new=True)
        execution._proceed()
        return execution

    @classmethod
    def resume(cls, definition: Definition, state_text: str) -> Execution:
        """Take up a run from the state of a snapshot. Raises state.BadState."""
        return cls(state.load(definition, state_text))

    @property
    def variables(self) -> dict[str, Any]:
        """A copy of the process's variables."""
        return deepcopy(self._run.variables)

    @property
    def passed(self) -> frozenset[str]:
        """The sequence flows taken since start or resume. Two between the same elements are one."""
        ways, flows = self._journal.passed, self._run.definition.diagram.flows
        return frozenset(flow.id for flow in flows if (flow.source, flow.target) in ways)

    def waits(self) -> tuple[Wait, ...]:
        """The timers and messages that are waited for, oldest first."""
        waiting = self._run.event_manager.tasks.values()
        return tuple(wait for task in waiting for wait in _waits(task))

    def complete(self, task_id: str, answers: Mapping[str, Any], now: datetime) -> None:
        """Finish a user task with validated answers. Raises NotReady, Stuck.

        Of the answers, the choices of the form reach the process; or, if the task has output
        mappings, what these yield and nothing else.
        """
        with self._step(now):
            task = self._waiting(task_id, specs.UserTask, TaskState.READY)
            node = task.task_spec.node
            results = _as_variables(self._run.definition, node.form_id, answers)
            if not node.outputs:
                choices = self._run.definition.choices.get(node.form_id, frozenset())
                results = {name: value for name, value in results.items() if name in choices}
            environment.leave(task, node.outputs, results)
            task.run()

    def deliver(
        self, message: str, payload: Mapping[str, Any], now: datetime, key: Any = None
    ) -> bool:
        """Hand a message to all that wait for it; False if nobody does. Raises Stuck.

        key: where the diagram correlates, only those with this key get it.
        """
        event = BpmnEvent(specs.Message(message), environment.variables(payload), {"key": key})
        is_heard = False
        with self._step(now):
            for task in list(self._run.event_manager.tasks.values()):
                # One that caught it may have ended another.
                if task.state == TaskState.WAITING and task.task_spec.catches(task, event):
                    task.task_spec.catch(task, event)
                    task.task_spec._update(task)
                    is_heard = True
        return is_heard

    def tick(self, now: datetime) -> None:
        """Fire the timers that are due. Raises Stuck."""
        with self._step(now):
            pass

    def calls(self) -> tuple[Call, ...]:
        """The service tasks that wait to be answered, oldest first."""
        return tuple(
            Call(task.id, node.id, node.operation or "", _inputs(task))
            for task in self._tasks(TaskState.STARTED, specs.ServiceTask)
            if (node := task.task_spec.node)
        )

    def answer(self, call_id: str, outputs: Mapping[str, Any], now: datetime) -> None:
        """Finish a call with what it yielded. Raises NotReady, Stuck."""
        with self._step(now):
            task = self._waiting(call_id, specs.ServiceTask, TaskState.STARTED)
            results = environment.variables(outputs)
            environment.leave(task, task.task_spec.node.outputs, results)
            task.complete()

    def fail(self, call_id: str, error_code: str, now: datetime) -> None:
        """Throw a BPMN error from a call to its boundary. Raises NotReady, Stuck if uncaught."""
        with self._step(now):
            task = self._waiting(call_id, specs.ServiceTask, TaskState.STARTED)
            if not specs.throw_error(task, error_code):
                raise specs.uncaught(task, error_code)

    def change(self, now: datetime, deed: Callable[[Run], None]) -> None:
        """Let a supervisor's deed, from bpmn.repair, change where the case stands or what it
        knows. Raises what the deed raises, Stuck."""
        with self._step(now):
            deed(self._run)

    def snapshot(self, now: datetime) -> Snapshot:
        """What to keep and what to show after a step."""
        run = self._run
        waiting = list(run.event_manager.tasks.values())
        events, status = self._journal.take()
        return Snapshot(
            state=state.dump(run),
            ready=tuple(_user_task(one) for one in self._tasks(TaskState.READY, specs.UserTask)),
            wake_at=min((due for one in waiting for due in _dues(one)), default=None),
            messages=frozenset(name for one in waiting for name in _messages(one)),
            events=events,
            standing={
                key: node.id
                for key, node in self._journal.inside().items()
                if node.kind != "subProcess"  # what stands in it tells more
            },
            status=status,
            is_finished=run.completed,
        )

    @contextmanager
    def _step(self, now: datetime) -> Iterator[None]:
        """Set the clock, do the step, run on to where someone must act."""
        self._run.now = _aware(now)
        self._run.problems.clear()
        with self._explained():
            yield
        self._proceed()

    def _proceed(self) -> None:
        with self._explained():
            self._run.proceed()
        self._run.is_completed()
        self._journal.note()
        state.prune(self._run)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """SpiffWorkflow's complaint as ours: after the linter, only a gateway can have one."""
        try:
            yield
        except WorkflowException as error:
            spec = error.task_spec
            why = self._run.problems[-1] if self._run.problems else None
            raise Stuck(
                spec.bpmn_id or "",
                spec.bpmn_name or "",
                "no condition is true and there is no default flow"
                + (f" ({why.words}: {why.en})" if why else ""),
                "没有条件成立，也没有默认流向" + (f"（{why.words}：{why.zh}）" if why else ""),
            ) from error

    def _tasks(self, task_state: int, kind: type) -> list[Task]:
        run = self._run
        return [
            task
            for workflow in (run, *run.subprocesses.values())
            for task in workflow.tasks.values()
            if task.state == task_state and isinstance(task.task_spec, kind)
        ]

    def _waiting(self, task_id: str, kind: type, task_state: int) -> Task:
        for task in self._tasks(task_state, kind):
            if task.id == task_id:
                return task
        raise NotReady(task_id)


# form-js writes no seconds; to FEEL a time without them is none.
_NO_SECONDS = re.compile(r"((?:\d{4}-\d\d-\d\dT)?\d\d:\d\d)(Z|[+-]\d\d:\d\d)?")


def _as_variables(
    definition: Definition, form_id: str | None, answers: Mapping[str, Any]
) -> dict[str, Any]:
    results = environment.variables(answers)
    for name in definition.moments.get(form_id or "", ()):
        if isinstance(text := results.get(name), str) and (match := _NO_SECONDS.fullmatch(text)):
            results[name] = f"{match[1]}:00{match[2] or ''}"
    return results


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    return now


def _inputs(task: Task) -> dict[str, Any]:
    scope = task.internal_data.get("scope", {})
    return {one.target: deepcopy(scope.get(one.target)) for one in task.task_spec.node.inputs}


def _user_task(task: Task) -> UserTask:
    node, person = task.task_spec.node, task.internal_data["person"]
    return UserTask(
        id=task.id,
        element_id=node.id,
        name=node.name,
        name_en=node.name_en,
        form_id=node.form_id,
        role=node.lane.role if node.lane else None,
        side=node.lane.side if node.lane else None,
        assignee=person.get("assignee"),
        candidate_users=tuple(person.get("users", ())),
        candidate_groups=tuple(person.get("groups", ())),
        due_at=_moment(person.get("due")),
        follow_up_at=_moment(person.get("follow_up")),
        priority=person.get("priority", USUAL_PRIORITY),
        record=node.properties.get("record"),
        item=_item(task),
        inputs=_inputs(task),
        properties=node.properties,
    )


def _item(task: Task | None) -> Any:
    """The element this task, or the innermost sub-process around it, runs for."""
    while task is not None:
        if "item" in task.internal_data:
            return deepcopy(task.internal_data["item"])
        task = task.workflow.top_workflow.owner(task)
    return None


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _definitions(task: Task) -> list[Any]:
    definition = task.task_spec.event_definition
    return list(getattr(definition, "event_definitions", [definition]))


def _waits(task: Task) -> Iterator[Wait]:
    for one in _definitions(task):
        if isinstance(one, specs.Timer):
            yield Wait(str(task.id), one.name, due_at=one.due(task))
        elif isinstance(one, specs.Message) and one.node is not None:
            yield Wait(str(task.id), one.node.id, message=one.name)


def _dues(task: Task) -> list[datetime]:
    return [one.due(task) for one in _definitions(task) if isinstance(one, specs.Timer)]


def _messages(task: Task) -> list[str]:
    return [one.name for one in _definitions(task) if isinstance(one, specs.Message)]
