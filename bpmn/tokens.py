"""SpiffWorkflow's trees of tasks, kept light: each step of a case builds and walks them anew.

The library's ids hash slowly, each change of state composes a record for a log that nobody reads,
and after every task it walks the whole tree to find those that wait.
"""

from __future__ import annotations

from time import time
from typing import Any
from uuid import uuid4

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


class Token(Task):  # type: ignore[misc]
    """A task whose id is the text of a UUID."""

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: Task | None = None,
        state: int = TaskState.MAYBE,
        name: str | None = None,
    ) -> None:
        super().__init__(workflow, task_spec, parent, state, name or str(uuid4()))

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> Token:
        token = Token(self.workflow, task_spec, self, state)
        token.thread_id = self.thread_id
        if state == TaskState.READY:
            token._ready()
        return token

    def _set_state(self, value: int) -> None:
        if value != self.state:
            self._state, self.last_state_change = value, time()


class Tree:
    """What a process and its sub-processes do alike; a part of their classes."""

    spec: Any
    tasks: dict[str, Token]
    task_tree: Token

    def plant(self) -> None:
        """Put a token on the start event."""
        self.task_tree = Token(self, self.spec.start, state=TaskState.FUTURE)
        self.task_tree.task_spec._predict(self.task_tree, mask=TaskState.NOT_FINISHED_MASK)
        self.task_tree._ready()

    def update_waiting_tasks(self) -> None:
        """Let those that wait see whether they still must."""
        for token in list(self.tasks.values()):
            if token.state == TaskState.WAITING:
                token.task_spec._update(token)


class Inner(Tree, BpmnSubWorkflow):  # type: ignore[misc]
    """A sub-process, not yet begun."""

    def __init__(self, spec: Any, owner: str, run: Any) -> None:
        super().__init__(spec, owner, run, deserializing=True)
