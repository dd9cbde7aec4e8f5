"""Multi-instance: one activity for each element of a list.

The library keeps lists in the tasks' data and merges them as branches join; here each instance
has a scope of its own, and only its result leaves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.bpmn.specs.data_spec import BpmnDataSpecification

from bpmn.diagram import Node
from bpmn.environment import assign, plain, worth
from bpmn.run import stuck

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task


class Collection(BpmnDataSpecification):  # type: ignore[misc]
    """The list to run over, evaluated once."""

    def get(self, my_task: Task) -> list[Any]:
        items = my_task.internal_data.get("items")
        if items is None:
            items = plain(worth(self.bpmn_id, my_task))
            if not isinstance(items, list) or None in items:
                raise stuck(
                    my_task,
                    "多实例的集合不是列表，或含有空值",
                    "the collection of a multi-instance activity is no list, or holds null",
                )
            my_task.internal_data["items"] = items
        return items  # type: ignore[no-any-return]

    def exists(self, my_task: Task) -> bool:
        return True


class Item(BpmnDataSpecification):  # type: ignore[misc]
    """One element of the list, in the scope of its instance."""

    def set(self, my_task: Task, value: Any) -> None:
        count = sum(1 for child in my_task.parent.children if child.triggered)
        my_task.internal_data["item"] = value
        scope = my_task.internal_data.setdefault("scope", {})
        scope["loopCounter"] = count
        if self.bpmn_id:
            scope[self.bpmn_id] = value

    def exists(self, my_task: Task) -> bool:
        return False


class Results(BpmnDataSpecification):  # type: ignore[misc]
    """What the instances yielded, kept by index: the order of the list, not of completion."""

    def get(self, my_task: Task) -> dict[Any, Any]:
        return my_task.internal_data.setdefault("results", {})  # type: ignore[no-any-return]

    def exists(self, my_task: Task) -> bool:
        return True


class Result(BpmnDataSpecification):  # type: ignore[misc]
    """What one instance yields."""

    def get(self, my_task: Task) -> Any:
        return plain(worth(self.bpmn_id, my_task))

    def exists(self, my_task: Task) -> bool:
        # The library asks the activity as a whole, where it must not exist, and each instance.
        return "item" in my_task.internal_data


class Instances:
    """What both ways of running an activity many times share."""

    node: Node

    def _on_complete_hook(self, my_task: Task) -> None:
        many = self.node.many
        if many and many.output_collection:
            results = {int(index): value for index, value in Results("").get(my_task).items()}
            assign(my_task, {many.output_collection: [results[one] for one in sorted(results)]})
        super()._on_complete_hook(my_task)  # type: ignore[misc]

    def check_completion_condition(self, my_task: Task) -> bool:
        many = self.node.many
        if not many or not many.until:
            return False
        done = len(my_task.internal_data["merged"])
        total = len(my_task.internal_data["items"])
        counts = {"numberOfInstances": total, "numberOfCompletedInstances": done}
        return worth(many.until, my_task, counts) is True


class ParallelInstances(Instances, stock.ParallelMultiInstanceTask):  # type: ignore[misc]
    """All at once."""


class SequentialInstances(Instances, stock.SequentialMultiInstanceTask):  # type: ignore[misc]
    """One after the other."""
