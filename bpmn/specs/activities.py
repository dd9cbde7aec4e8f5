"""Activities: what a person, a service, a script, a decision or a sub-process does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import _BpmnCondition
from SpiffWorkflow.util.task import TaskState

from bpmn import dmn
from bpmn.diagram import Node
from bpmn.environment import enter, leave, plain, visible, worth
from bpmn.run import moment_at

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task


class UserTask(stock.UserTask):  # type: ignore[misc]
    """Decides who may do it and until when at the moment it becomes ready."""

    node: Node

    def _on_ready_hook(self, my_task: Task) -> None:
        super()._on_ready_hook(my_task)
        enter(my_task, self.node.inputs)
        my_task.internal_data["person"] = person_of(my_task, self.node)


def person_of(task: Task, node: Node) -> dict[str, Any]:
    """Who a task is for, until when and how urgent, by its diagram. Raises Stuck."""
    facts = {
        "assignee": "".join(_words(worth(node.assignee, task))[:1]),
        "groups": _words(worth(node.candidate_groups, task)),
        "users": _words(worth(node.candidate_users, task)),
        "due": _at(task, node.due),
        "follow_up": _at(task, node.follow_up),
        "priority": plain(worth(node.priority, task)),
    }
    return {name: value for name, value in facts.items() if value not in ("", [], None)}


def _words(value: Any) -> list[str]:
    """The names in a list, in one text with commas, or one number."""
    words = value.split(",") if isinstance(value, str) else value
    words = words if isinstance(words, list) else [words]
    return [text for word in words if word is not None and (text := str(plain(word)).strip())]


def _at(task: Task, text: str) -> str | None:
    value = worth(text, task)
    if value in ("", None):
        return None
    return moment_at(task, value).isoformat()


class ServiceTask(stock.ServiceTask):  # type: ignore[misc]
    """Starts, and waits for the product to answer."""

    node: Node

    def _execute(self, my_task: Task) -> None:
        enter(my_task, self.node.inputs)


class Step(stock.NoneTask):  # type: ignore[misc]
    """Does its work by itself: a plain task does none."""

    node: Node

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manual = False

    def _run_hook(self, my_task: Task) -> bool:
        enter(my_task, self.node.inputs)
        leave(my_task, self.node.outputs, self.work(my_task))
        return bool(super()._run_hook(my_task))

    def work(self, my_task: Task) -> Mapping[str, Any]:
        return {}

    def _named(self, value: Any) -> Mapping[str, Any]:
        return {self.node.result: plain(value)} if self.node.result else {}


class ScriptTask(Step):
    """Evaluates one FEEL expression."""

    def work(self, my_task: Task) -> Mapping[str, Any]:
        return self._named(worth(self.node.script or "", my_task))


class DecisionTask(Step):
    """Asks a decision of the bundle."""

    def work(self, my_task: Task) -> Mapping[str, Any]:
        run, name = my_task.workflow.top_workflow, self.node.decision or ""
        xml = run.definition.bundle.decisions[name]
        return self._named(dmn.evaluate(xml, name, visible(my_task), now=run.now))


class SubProcess(stock.SubWorkflowTask):  # type: ignore[misc]
    """An embedded sub-process; what it sees, it sees through the scopes, so nothing is copied."""

    node: Node

    def start_workflow(self, my_task: Task) -> None:
        enter(my_task, self.node.inputs)
        super().start_workflow(my_task)

    def _on_subworkflow_completed(self, subworkflow: object, my_task: Task) -> None:
        # The library wakes a cancelled activity when the end event that cancelled it completes.
        if not my_task.has_state(TaskState.FINISHED_MASK):
            super()._on_subworkflow_completed(subworkflow, my_task)

    def copy_data(self, my_task: Task, subworkflow: object) -> None:
        pass

    def update_data(self, my_task: Task, subworkflow: object) -> None:
        pass

    def _on_complete_hook(self, my_task: Task) -> None:
        leave(my_task, self.node.outputs, {})
        super()._on_complete_hook(my_task)


class Condition(_BpmnCondition):  # type: ignore[misc]
    """A gateway's condition: true is true, and nothing else is."""

    def _matches(self, task: Task) -> bool:
        return worth("=" + self.args[0].removeprefix("="), task) is True
