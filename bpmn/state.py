"""A run as a JSON document and back, small: definitions stay out, what is over is cut away.

    {"format": 1, "definition": digest, "variables": {…}, "process": P, "inner": {task id: P}}
    P = {"done": bool, "tasks": [[id, parent's index, spec name, state, data], …]}, root first

Later formats are read by adding a step to MIGRATIONS, never by changing one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpmn.specs import BoundaryEvent, Run

if TYPE_CHECKING:
    from SpiffWorkflow import Workflow

    from bpmn.parser import Definition

FORMAT = 1
MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}  # from format -> next

# Gateways that count what came to them before, finished or not.
_COUNTING = (ParallelGateway, InclusiveGateway)


class BadState(ValueError):
    """A state that is none, is of a later format, or belongs to another definition."""


def dump(run: Run) -> str:
    """The state of a run at rest, as JSON text."""
    document = {
        "format": FORMAT,
        "definition": run.definition.digest,
        "variables": run.variables,
        "process": _process(run),
        "inner": {str(owner): _process(inner) for owner, inner in run.subprocesses.items()},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def load(definition: Definition, text: str) -> Run:
    """The run that was dumped. Raises BadState."""
    document = _document(text)
    if document["definition"] != definition.digest:
        raise BadState("the state belongs to another definition")
    run = Run(
        definition, document["variables"], datetime.min.replace(tzinfo=UTC), deserializing=True
    )
    try:
        _restore(run, run, document["process"])
        _restore_inner(run, run, document["inner"])
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise BadState(f"the state does not fit its definition: {error!r}") from error
    return run


def prune(run: Run) -> None:
    """Cut away what is over and cannot matter any more, so that loops leave no trail."""
    for workflow in [run, *run.subprocesses.values()]:
        _cut(workflow)
    standing = {task.id for one in [run, *run.subprocesses.values()] for task in _open(one)}
    for owner in [one for one in run.subprocesses if one not in standing]:
        del run.subprocesses[owner]


def _process(workflow: Workflow) -> dict[str, Any]:
    order: dict[UUID, int] = {}
    tasks = []
    waiting = [workflow.task_tree]
    while waiting:
        task = waiting.pop()
        order[task.id] = len(order)
        parent = -1 if task._parent is None else order[task._parent]
        row = [task.id.hex, parent, task.task_spec.name, task.state, task.internal_data]
        tasks.append([*row, 1] if task.triggered else row)
        waiting.extend(reversed(task.children))
    return {"done": workflow.completed, "tasks": tasks}


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
        number = document["format"]
    except (ValueError, TypeError, KeyError) as error:
        raise BadState("this is no state") from error
    while number != FORMAT:
        if number not in MIGRATIONS:
            raise BadState(f"format {number} is not known")
        document = MIGRATIONS[number](document)
        number = document["format"]
    return document  # type: ignore[no-any-return]


def _restore(run: Run, workflow: Workflow, document: Mapping[str, Any]) -> None:
    made: list[Task] = []
    for name, parent, spec_name, state, data, *triggered in document["tasks"]:
        above = made[parent] if parent >= 0 else None
        task = Task(workflow, workflow.spec.task_specs[spec_name], above, state, UUID(name))
        task.internal_data = data
        task.triggered = bool(triggered)
        made.append(task)
        if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            run.event_manager.add_task(task)
    workflow.task_tree = made[0]
    workflow.completed = document["done"]


def _restore_inner(run: Run, workflow: Workflow, documents: Mapping[str, Any]) -> None:
    """Sub-processes from the outside in: each asks for the task that holds it."""
    for task in list(workflow.tasks.values()):
        document = documents.get(str(task.id))
        if document is None:
            continue
        spec = run.subprocess_specs[task.task_spec.spec]
        inner = BpmnSubWorkflow(spec, task.id, run, deserializing=True)
        run.subprocesses[task.id] = inner
        _restore(run, inner, document)
        inner.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
        _restore_inner(run, inner, documents)


def _open(workflow: Workflow) -> list[Task]:
    return [one for one in workflow.tasks.values() if one.has_state(TaskState.NOT_FINISHED_MASK)]


def _cut(workflow: Workflow) -> None:
    root = workflow.task_tree
    if workflow.completed:
        root._children = []
        workflow.tasks = {root.id: root}
        return
    fork = _fork(workflow)
    if fork is not root:
        root._children, fork._parent = [fork.id], root.id
        workflow.tasks = {one.id: one for one in (root, *_below(fork))}
    for task in list(workflow.tasks.values()):
        if isinstance(task.task_spec, BoundaryEventSplit):
            _cut_reminders(workflow, task)


def _fork(workflow: Workflow) -> Task:
    """The last task that all open ones come from. Joins look no further back than to it."""
    common: list[Task] | None = None
    for task in _open(workflow):
        parent = task.parent
        if parent is None or parent.has_state(TaskState.NOT_FINISHED_MASK):
            continue
        line = _line(parent)
        if common is None:
            common = line
        else:
            common = [one for one, other in zip(common, line, strict=False) if one is other]
    return common[-1] if common else workflow.task_tree


def _line(task: Task) -> list[Task]:
    line = [task]
    while (above := line[-1].parent) is not None:
        line.append(above)
    return line[::-1]


def _below(task: Task) -> list[Task]:
    """A task and all under it, parents first."""
    found = [task]
    for one in found:
        found.extend(one.children)
    return found


def _cut_reminders(workflow: Workflow, split: Task) -> None:
    """Paths behind a boundary event that did not interrupt, once they came to their end."""
    for child in split.children:
        below = _below(child)
        if (
            isinstance(child.task_spec, BoundaryEvent)
            and child.has_state(TaskState.COMPLETED)
            and not any(one.has_state(TaskState.NOT_FINISHED_MASK) for one in below)
            and not any(isinstance(one.task_spec, _COUNTING) for one in below)
        ):
            split._children.remove(child.id)
            for one in below:
                del workflow.tasks[one.id]
