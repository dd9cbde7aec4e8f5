"""Gateways that wait for several tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task


class ParallelGateway(stock.ParallelGateway):  # type: ignore[misc]
    """Takes the tokens that came together, so that none of them counts in the next round."""

    def _run_hook(self, my_task: Task) -> bool:
        done = super()._run_hook(my_task)
        # The library leaves the others that came in the tree, and a loop around the gateway would
        # find them there and not wait.
        for other in my_task.workflow.get_tasks(spec_name=self.name, skip_subprocesses=True):
            if other is not my_task and other.state == TaskState.CANCELLED:
                my_task.workflow._remove_task(other.id)
        return bool(done)
