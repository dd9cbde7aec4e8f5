"""What expressions see and what may be written: FEEL over the variables of one run.

Variables live in scopes, not in SpiffWorkflow's tasks: the run has one, an activity may have one
of its own for its inputs and for its item. So finished tasks hold no copies, nothing recorded can
be rewritten, and parallel branches never merge each other's lists. Nothing here, and nothing
SpiffWorkflow reaches through here, ever evaluates Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment

from bpmn import feel
from bpmn.bundle import RESERVED
from bpmn.diagram import formula

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from bpmn.diagram import Io
    from bpmn.run import Run


class ReservedName(ValueError):
    """A name that no process variable may have."""


class NotAllowed(Exception):
    """SpiffWorkflow was about to run a script. There are none."""


class FeelEnvironment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]
    """FEEL in the place of SpiffWorkflow's Python, for whoever reaches past the engine too."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def evaluate(
        self, expression: str, context: Mapping[str, Any], external_context: object = None
    ) -> Any:
        found: list[feel.Problem] = []
        value = feel.parse(formula(expression)).evaluate(context, now=self._run.now, problems=found)
        self._run.problems += found
        return value

    def execute(self, script: str, context: object, external_context: object = None) -> bool:
        raise NotAllowed(script)

    def call_service(self, context: object, **kwargs: object) -> object:
        raise NotAllowed("call_service")


class FeelEngine:
    """What SpiffWorkflow calls its script engine: evaluates where a task stands."""

    def __init__(self, run: Run) -> None:
        self.environment = FeelEnvironment(run)

    def evaluate(self, task: Task, expression: str, external_context: object = None) -> Any:
        return self.environment.evaluate(expression, visible(task))

    def execute(self, task: Task, script: str, external_context: object = None) -> bool:
        raise NotAllowed(script)

    def call_service(self, task: Task, **kwargs: object) -> object:
        raise NotAllowed("call_service")


def worth(text: str, task: Task, more: Mapping[str, Any] | None = None) -> Any:
    """The value of a diagram's text at a task: FEEL if it begins with `=`, else itself."""
    if not text.startswith("="):
        return text
    context = visible(task)
    context.update(more or {})
    return task.workflow.script_engine.environment.evaluate(text, context)


def visible(task: Task) -> dict[str, Any]:
    """All variables as seen from a task, inner ones before outer ones."""
    top = task.workflow.top_workflow
    scopes = [task.internal_data.get("scope")]
    while task.workflow is not top:
        task = top.get_task_from_id(task.workflow.parent_task_id)
        scopes.append(task.internal_data.get("scope"))
    context = dict(top.variables)
    for scope in reversed(scopes):
        context.update(scope or {})
    return context


def enter(task: Task, inputs: Iterable[Io]) -> dict[str, Any]:
    """Give an activity its inputs as variables of its own; later ones see the earlier."""
    scope: dict[str, Any] = {}
    for one in inputs:
        scope[one.target] = plain(worth(one.source, task, scope))
    if scope:
        task.internal_data.setdefault("scope", {}).update(scope)
    return scope


def leave(task: Task, outputs: Iterable[Io], results: Mapping[str, Any]) -> None:
    """Hand on what an activity yields: its output mappings if it has some, else all of it."""
    mappings = tuple(outputs)
    if not mappings:
        assign(task, results)
        return
    seen = dict(results)
    for one in mappings:
        seen[one.target] = plain(worth(one.source, task, seen))
    assign(task, {one.target: seen[one.target] for one in mappings})


def assign(task: Task, values: Mapping[str, Any]) -> None:
    """Write variables where they live: in the nearest scope around that has them, else the run's.

    One of many instances keeps what it writes to itself; only its list of outputs leaves it.
    """
    check_names(values)
    for name, value in values.items():
        _home(task, name)[name] = deepcopy(value)


def _home(task: Task, name: str) -> dict[str, Any]:
    top = task.workflow.top_workflow
    while "item" not in task.internal_data:
        if task.workflow is top:
            return top.variables  # type: ignore[no-any-return]
        task = top.get_task_from_id(task.workflow.parent_task_id)
        if name in task.internal_data.get("scope", {}):
            break
    return task.internal_data.setdefault("scope", {})  # type: ignore[no-any-return]


def check_names(values: object) -> None:
    """Raises ReservedName, however deep the name stands."""
    if isinstance(values, Mapping):
        for name, value in values.items():
            if name in RESERVED:
                raise ReservedName(f"{name} is no name for a variable")
            check_names(value)
    elif isinstance(values, list | tuple):
        for value in values:
            check_names(value)


def plain(value: Any) -> Any:
    """A value as JSON knows it; times and durations become ISO 8601 text. Raises TypeError."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return feel.to_json(value)


def variables(values: Mapping[str, Any]) -> dict[str, Any]:
    """A checked copy of variables that come from outside. Raises ReservedName, TypeError."""
    check_names(values)
    copied = plain(values)
    json.dumps(copied, allow_nan=False)
    return copied  # type: ignore[no-any-return]
