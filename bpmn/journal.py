"""Which elements a token came to and left, and the status the case took on its way.

SpiffWorkflow keeps no such record, so each step is compared with the one before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from SpiffWorkflow.util.task import TaskState

from bpmn import specs
from bpmn.run import Run

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from bpmn.diagram import Node

_FORESEEN = TaskState.FUTURE | TaskState.PREDICTED_MASK

Kind = Literal["entered", "completed", "cancelled"]


@dataclass(frozen=True)
class ElementEvent:
    """A token came to an element, left it, or was taken from it."""

    element_id: str
    name: str
    kind: Kind
    at: datetime
    task_id: str


class Journal:
    """The events of a run since they were last taken."""

    def __init__(self, run: Run, is_new: bool) -> None:
        self._run = run
        self._inside: dict[str, Node] = {}
        self._over: set[str] = set()
        self._events: list[ElementEvent] = []
        self._status: str | None = None
        self._met: set[str] = set()  # tasks whose coming was noted
        self._many: set[str] = set()  # activities whose instances speak for them
        self.passed: set[tuple[str, str]] = set()  # from which element to which a token went
        if not is_new:
            for task, node, phase in self._seen(is_past=True):
                self._remember(task, node, phase)

    def note(self) -> None:
        """Write down what changed. Call after each step, before what is over is cut away."""
        left, known = self._inside, self._over
        self._inside, self._over = {}, set()
        came: list[tuple[Task, Node, Kind]] = []
        for task, node, phase in self._seen():
            if task.id in left:
                del left[task.id]
                if phase != "entered":
                    self._add(task.id, node, phase)
            elif task.id not in known:
                came.append((task, node, phase))
            self._remember(task, node, phase)
        for task_id, node in left.items():
            self._add(task_id, node, "cancelled")
        for task, node, phase in came:
            self._enter(task, node, phase)

    def inside(self) -> dict[str, Node]:
        """The elements that tokens stand at, by the ids of their tasks."""
        return dict(self._inside)

    def take(self) -> tuple[tuple[ElementEvent, ...], str | None]:
        """The events since the last call, and the last status among the elements entered."""
        events, status = tuple(self._events), self._status
        self._events, self._status = [], None
        return events, status

    def _enter(self, task: Task, node: Node, phase: Kind) -> None:
        self._add(task.id, node, "entered")
        self._status = node.properties.get("status", self._status)
        if phase != "entered":
            self._add(task.id, node, phase)

    def _add(self, task_id: str, node: Node, kind: Kind) -> None:
        self._events.append(ElementEvent(node.id, node.name, kind, self._run.now, task_id))

    def _remember(self, task: Task, node: Node, phase: Kind) -> None:
        if phase == "entered":
            self._inside[task.id] = node
        else:
            self._over.add(task.id)

    def _seen(self, is_past: bool = False) -> list[tuple[Task, Node, Kind]]:
        """The tasks a token is at or was at, in the order of the tree.

        is_past: what a resumed run brings; the ways there were taken before.
        """
        seen, met = [], set()
        for task in self._run.all_tasks():
            node = getattr(task.task_spec, "node", None)
            if node is None or task.has_state(_FORESEEN):
                continue
            met.add(task.id)
            is_new = not is_past and task.id not in self._met
            if is_new and (source := _source(task)) is not None:
                self.passed.add((source, node.id))
            if not self._is_many(task) and (phase := _phase(task)) is not None:
                seen.append((task, node, phase))
        self._met = met
        return seen

    def _is_many(self, task: Task) -> bool:
        """Whether a task has instances, or had them before they were cut away."""
        is_activity = isinstance(task.task_spec, specs.Instances)
        if is_activity and any(one.triggered for one in task.children):
            self._many.add(task.id)
        return task.id in self._many


def _source(task: Task) -> str | None:
    """The element a token came from, also to a join where it waits for others."""
    above = task.parent
    while above is not None and _is_between(above, task):
        above = above.parent
    if above is None or above.state != TaskState.COMPLETED:
        return None
    return above.task_spec.node.id  # type: ignore[no-any-return]


def _is_between(above: Task, task: Task) -> bool:
    """Whether a task stands for no element, or for the many instances of the same."""
    node = getattr(above.task_spec, "node", None)
    is_activity = isinstance(above.task_spec, specs.Instances)
    return node is None or (is_activity and node is task.task_spec.node)


def _phase(task: Task) -> Kind | None:
    spec, state = task.task_spec, task.state
    if state == TaskState.COMPLETED:
        return "completed"
    if state in (TaskState.READY, TaskState.STARTED):
        return "entered"
    if state == TaskState.WAITING and isinstance(spec, specs.CatchEvent | specs.EventGateway):
        return "entered"
    return None
