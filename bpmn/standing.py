"""Where the tokens of a run stand, and how they are put anywhere else.

SpiffWorkflow's tree of tasks holds what was, what is and what it predicts. Only what is matters
to a run that is moved: `read` finds it, and `Planter` builds a tree from it that goes on as any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpmn import soundness
from bpmn.run import Run
from bpmn.specs import BoundaryEvent, CatchEvent, EventGateway, Instances
from bpmn.tokens import Inner, Token

if TYPE_CHECKING:
    from SpiffWorkflow import Workflow

    from bpmn.diagram import Node

_OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED
_PREDICTED = TaskState.FUTURE | TaskState.PREDICTED_MASK
_JOINS = (ParallelGateway, InclusiveGateway)
_EVENTS = (CatchEvent, EventGateway, BoundaryEvent)


@dataclass(frozen=True)
class Place:
    """A token. guards: the boundary events that wait beside it.

    came_from: at a join that waits for others, the elements whose tokens have arrived.
    """

    task: Task
    node: Node
    guards: tuple[Task, ...] = ()
    came_from: tuple[str, ...] = ()

    def tokens(self, names: Names) -> list[soundness.Token]:
        """As the flow of the diagram sees them, under other names."""
        here = names.element(self.node.id)
        return [(here, names.element(one)) for one in self.came_from] or [here]


def read(workflow: Workflow) -> list[Place]:
    """The tokens of one level, in the order of its tree."""
    found = []
    for task in workflow.get_tasks(skip_subprocesses=True):
        node: Node | None = getattr(task.task_spec, "node", None)
        if node is None or node.kind == "boundaryEvent":
            continue
        if not task.has_state(_OPEN) or not _is_over(task.parent):
            continue
        if isinstance(task.task_spec, _JOINS):
            found.append(Place(task, node, came_from=tuple(sorted(_arrived(task)))))
        else:
            found.append(Place(task, node, tuple(_guards(task))))
    return found


def levels(run: Run) -> Iterator[Workflow]:
    """The process and the sub-processes that go on in it, from the outside in."""
    waiting = [run]
    while waiting:
        workflow = waiting.pop(0)
        yield workflow
        waiting += [
            run.subprocesses[task.id]
            for task in workflow.tasks.values()
            if task.id in run.subprocesses and not _is_over(task)
        ]


def _guards(task: Task) -> Iterator[Task]:
    if isinstance(task.parent.task_spec, BoundaryEventSplit):
        for one in task.parent.children:
            if isinstance(one.task_spec, BoundaryEvent) and one.state == TaskState.WAITING:
                yield one


def _arrived(join: Task) -> set[str]:
    """From where the tokens came for which a join need not wait any more."""
    return {
        one.parent.task_spec.name
        for one in join.workflow.get_tasks(spec_name=join.task_spec.name, skip_subprocesses=True)
        if one.parent.state == TaskState.COMPLETED
        and one.state in (TaskState.WAITING, TaskState.CANCELLED)
        and not join.is_descendant_of(one)
    }


def _is_over(task: Task | None) -> bool:
    return task is not None and bool(task.has_state(TaskState.FINISHED_MASK))


class Planter:
    """Puts tokens into one level of a run, whose tree begins anew."""

    def __init__(self, run: Run, workflow: Workflow) -> None:
        self._run, self._workflow = run, workflow
        workflow.tasks.clear()
        self._root = Token(workflow, workflow.spec.start, None, TaskState.COMPLETED)
        workflow.task_tree = self._root

    def keep(self, place: Place, names: Names) -> Task:
        """Let a token stand where it stood, under the name its element has here."""
        name = names.element(place.node.id)
        if place.came_from:
            return self._arrive(place, names)
        above = self._root
        split = self._workflow.spec.task_specs.get(f"{name}.BoundaryEventSplit")
        if split is not None:
            above = Token(self._workflow, split, above, TaskState.COMPLETED)
        made = self._copy(place.task, above, names)
        if split is not None:
            self._guard(above, made, place, names)
        return made

    def enter(self, element: str) -> None:
        """Put a token before an element, which it enters as if it came along a flow."""
        specs = self._workflow.spec.task_specs
        spec = specs.get(f"{element}.BoundaryEventSplit") or specs[element]
        task = Token(self._workflow, spec, self._root, TaskState.FUTURE)
        spec._predict(task, mask=_PREDICTED)
        spec._update(task)

    def _arrive(self, place: Place, names: Names) -> Task:
        specs = self._workflow.spec.task_specs
        join = specs[names.element(place.node.id)]
        for index, source in enumerate(place.came_from):
            is_last = index == len(place.came_from) - 1
            before = Token(
                self._workflow, specs[names.element(source)], self._root, TaskState.COMPLETED
            )
            made = Token(
                self._workflow,
                join,
                before,
                TaskState.FUTURE if is_last else TaskState.CANCELLED,
                place.task.id if is_last else None,
            )
        join._predict(made, mask=_PREDICTED)
        made._set_state(TaskState.WAITING)
        return made

    def _copy(self, old: Task, above: Task, names: Names) -> Task:
        spec = self._workflow.spec.task_specs[names.spec(old)]
        new = Token(self._workflow, spec, above, TaskState.FUTURE, old.id)
        new.internal_data = names.data(old)
        new.triggered = old.triggered
        if not _is_over(old):
            spec._predict(new, mask=_PREDICTED)
        new._set_state(old.state)
        for child in old.children if isinstance(old.task_spec, Instances) else ():
            if child.triggered:
                self._copy(child, new, names)
        inner = old.workflow.top_workflow.subprocesses.get(old.id)
        if inner is not None and not _is_over(old):
            self._move_inner(inner, new, names)
        if isinstance(spec, _EVENTS):
            _arm(new)
        return new

    def _move_inner(self, inner: Workflow, holder: Task, names: Names) -> None:
        spec = self._run.subprocess_specs[holder.task_spec.spec]
        made = Inner(spec, holder.id, self._run)
        self._run.subprocesses[holder.id] = made
        made.completed_event.connect(holder.task_spec._on_subworkflow_completed, holder)
        planter = Planter(self._run, made)
        for place in read(inner):
            planter.keep(place, names)

    def _guard(self, split: Task, activity: Task, place: Place, names: Names) -> None:
        """The boundary events: those that waited wait on, new ones begin now, and those that fired
        without repeating stay silent."""
        had = place.task.workflow.top_workflow.definition.diagram.boundaries
        known = {names.element(one.id) for one in had.get(place.node.id, ())}
        waited: dict[str, list[Task]] = {}
        for one in place.guards:
            waited.setdefault(names.element(one.task_spec.node.id), []).append(one)
        for spec in split.task_spec.outputs:
            is_new = spec is not activity.task_spec and spec.name not in known
            for old in waited.get(spec.name) or [None] * is_new:
                self._wait(split, spec, old, names)

    def _wait(self, split: Task, spec: Any, old: Task | None, names: Names) -> None:
        new = Token(self._workflow, spec, split, TaskState.MAYBE, old.id if old else None)
        new.internal_data = names.data(old) if old else {}
        spec._predict(new, mask=_PREDICTED)
        new._set_state(TaskState.WAITING)
        _arm(new)


def _arm(event: Task) -> None:
    """Let an event fix its moment or key now, where it has none yet. Raises Stuck."""
    definition = event.task_spec.event_definition
    for one in getattr(definition, "event_definitions", [definition]):
        one.has_fired(event)
    event.workflow.top_workflow.event_manager.add_task(event)


@dataclass(frozen=True)
class Names:
    """What the elements of one diagram are called in another; where nothing is said, the same."""

    mapping: Mapping[str, str]

    def element(self, name: str) -> str:
        return self.mapping.get(name, name)

    def spec(self, task: Task) -> str:
        name = str(task.task_spec.name)
        is_instance = name.endswith(" [child]")
        return self.element(name.removesuffix(" [child]")) + " [child]" * is_instance

    def data(self, task: Task) -> dict[str, Any]:
        """What a task knows; its moments are kept under the names of their timers."""
        known: dict[str, Any] = deepcopy(task.internal_data)
        if "due" in known:
            known["due"] = {self.element(name): due for name, due in known["due"].items()}
        return known


SAME = Names({})


def places(run: Run) -> list[Place]:
    """All tokens of a run, those of the process first."""
    return [place for workflow in levels(run) for place in read(workflow)]
