"""A run as a JSON document and back, small: definitions stay out, what is over is cut away.

    {"format": 1, "definition": digest, "variables": {…}, "process": P, "inner": {task id: P}}
    P = {"done": bool, "tasks": [[id, parent's index, spec name, state, data], …]}, root first

Later formats are read by adding a step to MIGRATIONS, never by changing one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from bpmn.run import Run
from bpmn.specs import BoundaryEvent
from bpmn.tokens import Inner, Token

if TYPE_CHECKING:
    from SpiffWorkflow import Workflow
    from SpiffWorkflow.task import Task

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
        "inner": {owner: _process(inner) for owner, inner in run.subprocesses.items()},
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def load(definition: Definition, text: str) -> Run:
    """The run that was dumped. Raises BadState."""
    document = _document(text)
    if document["definition"] != definition.digest:
        raise BadState("the state belongs to another definition")
    run = Run(definition, document["variables"], datetime.min.replace(tzinfo=UTC))
    try:
        _restore(run, run, document["process"])
        _restore_inner(run, run, document["inner"])
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise BadState(f"the state does not fit its definition: {error!r}") from error
    return run


def prune(run: Run) -> None:
    """Cut away what is over and cannot matter any more, so that loops leave no trail.

    Leaves all in the order in which a restored run has it: of things due at once, the first in
    order goes first.
    """
    for workflow in [run, *run.subprocesses.values()]:
        _cut(workflow)
        workflow.tasks = {task.id: task for task in _tree(workflow)}
    run.subprocesses = dict(_inner(run, run))
    run.event_manager.tasks = {
        task.id: task
        for workflow in [run, *run.subprocesses.values()]
        for task in workflow.tasks.values()
        if _awaits(task)
    }


def _inner(run: Run, workflow: Workflow) -> Iterator[tuple[str, Workflow]]:
    """The sub-processes that go on, from the outside in."""
    for task in workflow.tasks.values():
        inner = run.subprocesses.get(task.id)
        if inner is not None and not _is_over(task):
            yield task.id, inner
            yield from _inner(run, inner)


def _tree(workflow: Workflow) -> Iterator[Task]:
    """All tasks, each branch to its end before the next."""
    waiting = [workflow.task_tree]
    while waiting:
        task = waiting.pop()
        yield task
        waiting.extend(reversed(task.children))


def _awaits(task: Task) -> bool:
    return task.state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent)


def _process(workflow: Workflow) -> dict[str, Any]:
    order: dict[str | None, int] = {None: -1}
    tasks = []
    for task in _tree(workflow):
        order[task.id] = len(order) - 1
        parent = order[task._parent]
        row = [
            task.id.replace("-", ""),
            parent,
            task.task_spec.name,
            task.state,
            task.internal_data,
        ]
        tasks.append([*row, 1] if task.triggered else row)
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
        task = Token(workflow, workflow.spec.task_specs[spec_name], above, state, _dashed(name))
        task.internal_data = data
        task.triggered = bool(triggered)
        made.append(task)
        if _awaits(task):
            run.event_manager.add_task(task)
    workflow.task_tree = made[0]
    workflow.completed = document["done"]


def _dashed(name: str) -> str:
    """An id as everybody else knows it, from the shorter one in a document."""
    if len(name) != 32:
        raise ValueError(f"{name} is no id")
    return f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"


def _restore_inner(run: Run, workflow: Workflow, documents: Mapping[str, Any]) -> None:
    """Sub-processes from the outside in: each asks for the task that holds it."""
    for task in list(workflow.tasks.values()):
        document = documents.get(task.id)
        if document is None:
            continue
        spec = run.subprocess_specs[task.task_spec.spec]
        inner = Inner(spec, task.id, run)
        run.subprocesses[task.id] = inner
        _restore(run, inner, document)
        inner.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
        _restore_inner(run, inner, documents)


def _cut(workflow: Workflow) -> None:
    root = workflow.task_tree
    if workflow.completed:
        root._children = []
        workflow.tasks = {root.id: root}
    else:
        _shorten(workflow, root, is_alone=True)


def _shorten(workflow: Workflow, above: Task, is_alone: bool) -> None:
    """Take out what lies between a task that is over and the next fork below it, and so on down.

    Joins look no further back than to the fork their branches come from. is_alone: there is
    nothing open beside this, which could count a gateway's former visitors.
    """
    branches = [(one, _fork(one)) for one in above.children if _is_over(one)]
    going_on = len(above.children) - sum(fork is None for _, fork in branches)
    is_alone = is_alone and going_on == 1
    for child, fork in branches:
        if fork is None:
            if isinstance(child.task_spec, BoundaryEvent) and not _counts(_below(child)):
                # A reminder whose path came to its end.
                above._children.remove(child.id)
                _drop(workflow, _below(child))
            continue
        kept = {one.id for one in _below(fork)}
        between = [one for one in _below(child)[1:] if one.id not in kept]
        if between and (is_alone or not _counts(between)):
            child._children, fork._parent = [fork.id], child.id
            _drop(workflow, between)
        _shorten(workflow, fork, is_alone)


def _fork(top: Task) -> Task | None:
    """The last task that all open ones below `top` come from; None if none is open."""
    common: list[Task] | None = None
    for task in _below(top):
        if _is_over(task) or not _is_over(task.parent):
            continue
        line = _line(task.parent)
        if common is None:
            common = line
        else:
            common = [one for one, other in zip(common, line, strict=False) if one is other]
    return common[-1] if common else None


def _is_over(task: Task) -> bool:
    return bool(task.has_state(TaskState.FINISHED_MASK))


def _counts(tasks: list[Task]) -> bool:
    return any(isinstance(one.task_spec, _COUNTING) for one in tasks)


def _drop(workflow: Workflow, tasks: list[Task]) -> None:
    for one in tasks:
        del workflow.tasks[one.id]


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
