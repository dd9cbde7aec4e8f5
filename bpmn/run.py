"""One workflow of SpiffWorkflow with this product's clock, variables and loop."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bpmn import feel, timers
from bpmn.environment import FeelEngine
from bpmn.limits import LIMITS
from bpmn.tokens import Inner, Tree

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from bpmn.parser import Definition

# Each state change would put all variables, and so patient data, into the log's extras.
for name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(name).setLevel(logging.WARNING)


MOST_STEPS = LIMITS.loop_steps  # elements run in one step before it is given up


_TOKENS = TaskState.READY | TaskState.STARTED | TaskState.WAITING


class Stuck(Exception):
    """The case cannot go on from an element; the step must not be kept.

    reason, reason_zh: why, in English and in Chinese.
    """

    def __init__(
        self, element_id: str, element_name: str, reason: str, reason_zh: str = ""
    ) -> None:
        super().__init__(f"{element_name or element_id}: {reason}")
        self.element_id, self.element_name = element_id, element_name
        self.reason, self.reason_zh = reason, reason_zh or reason


class Run(Tree, BpmnWorkflow):  # type: ignore[misc]
    """One workflow with its clock and its variables, not yet begun."""

    def __init__(self, definition: Definition, variables: dict[str, Any], now: datetime) -> None:
        self.definition, self.variables, self.now = definition, variables, now
        self.problems: list[feel.Problem] = []  # of expressions, in this step
        super().__init__(
            definition.spec,
            definition.subprocess_specs,
            script_engine=FeelEngine(self),
            deserializing=True,
        )
        self.task_removed_event.connect(self._forget)

    def create_subprocess(self, my_task: Task, spec_name: str) -> Inner:
        """What a sub-process task calls when a token reaches it."""
        inner = Inner(self.subprocess_specs[spec_name], my_task.id, self)
        inner.plant()
        self.subprocesses[my_task.id] = inner
        return inner

    def _forget(self, workflow: object, task: Task) -> None:
        # The library drops instances of a cancelled multi-instance activity from the tree, but
        # leaves their sub-processes running and their events waiting.
        self.event_manager.remove_task(task)
        subprocess = self.subprocesses.pop(task.id, None)
        if subprocess is not None:
            subprocess.cancel()

    def proceed(self) -> None:
        """Run whatever needs nobody until all that is left waits. Raises Stuck.

        Inner processes first. The library's own loop also runs what was cancelled within it.
        """
        for _ in range(MOST_STEPS):
            task = self._automatic()
            if task is None:
                self.refresh_timers()
                task = self._automatic()
                if task is None:
                    self._require_few()
                    return
            task.run()
        raise Stuck("", "", "the process runs on and on without a stop", "流程一直空转，停不下来")

    def _require_few(self) -> None:
        waiting = sum(task.has_state(_TOKENS) for task in self.all_tasks())
        if waiting > LIMITS.tokens:
            raise Stuck(
                "",
                "",
                f"the case would wait at {waiting} places, at most {LIMITS.tokens} are allowed",
                f"流程将同时停在 {waiting} 处，上限 {LIMITS.tokens} 处",
            )

    def _automatic(self) -> Task | None:
        inner = [one for one in self.subprocesses.values() if not one.completed]
        for workflow in [*sorted(inner, key=lambda one: one.depth, reverse=True), self]:
            for task in workflow.tasks.values():
                if task.state == TaskState.READY and not task.task_spec.manual:
                    return task
        return None

    def all_tasks(self) -> Iterator[Task]:
        """Every task of the run, sub-processes where they stand, parents before children."""
        waiting = [self.task_tree]
        while waiting:
            task = waiting.pop()
            yield task
            waiting.extend(reversed(task.children))
            if (inner := self.subprocesses.get(task.id)) is not None:
                waiting.append(inner.task_tree)

    def owner(self, task: Task) -> Task | None:
        """The sub-process task around a task."""
        inside = task.workflow is not self
        return self.get_task_from_id(task.workflow.parent_task_id) if inside else None


def stuck(task: Task, zh: str, en: str) -> Stuck:
    return Stuck(task.task_spec.bpmn_id or "", task.task_spec.bpmn_name or "", en, zh)


def moment_at(task: Task, value: Any) -> datetime:
    try:
        return timers.moment(value, task.workflow.top_workflow.now)
    except timers.NotATime as error:
        raise no_time(task, error) from error


def no_time(task: Task, error: timers.NotATime) -> Stuck:
    return stuck(task, f"时间表达式没有给出时间：{error}", f"no time is given: {error}")
