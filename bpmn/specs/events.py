"""Events: timers on the given clock, messages, errors, and who is interrupted by them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.util.task import TaskState

from bpmn import timers
from bpmn.diagram import Node
from bpmn.environment import leave, plain, worth
from bpmn.run import Stuck, moment_at, no_time, stuck

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task


class Timer(TimerEventDefinition):  # type: ignore[misc]
    """Waits for a moment, computed once, of the clock that is given."""

    def __init__(self, node: Node) -> None:
        super().__init__(node.id, node.triggers[0].text)
        self.kind = node.triggers[0].kind

    def due(self, my_task: Task) -> datetime:
        known = my_task.internal_data.setdefault("due", {})
        if self.name not in known:
            known[self.name] = self._first(my_task).astimezone(UTC).isoformat()
        return datetime.fromisoformat(known[self.name])

    def has_fired(self, my_task: Task) -> bool:
        return bool(self.due(my_task) <= my_task.workflow.top_workflow.now)

    def reset(self, my_task: Task) -> None:
        my_task.internal_data.pop("event_fired", None)

    def again(self, my_task: Task) -> dict[str, Any] | None:
        """What the next waiting task of a repeating timer must know; None: it was the last.

        What was missed while nobody ticked is made up for by this one firing.
        """
        cycle = my_task.internal_data.get("cycle")
        if cycle is None:
            return None
        every = timers.Duration(cycle["months"], timedelta(seconds=cycle["seconds"]))
        first, now = datetime.fromisoformat(cycle["first"]), my_task.workflow.top_workflow.now
        fired = cycle["fired"] + 1
        if not every.months:
            fired = max(fired, (now - first) // every.rest + 1)
        while every.after(first, fired) <= now:
            fired += 1
        if cycle["count"] is not None and fired >= cycle["count"]:
            return None
        due = every.after(first, fired).astimezone(UTC).isoformat()
        return {"cycle": {**cycle, "fired": fired}, "due": {self.name: due}}

    def _first(self, my_task: Task) -> datetime:
        value = worth(self.expression, my_task)
        if self.kind != "cycle":
            return moment_at(my_task, value)
        try:
            cycle = timers.cycle(value, my_task.workflow.top_workflow.now)
        except timers.NotATime as error:
            raise no_time(my_task, error) from error
        my_task.internal_data["cycle"] = {
            "first": cycle.first.isoformat(),
            "months": cycle.every.months,
            "seconds": cycle.every.rest.total_seconds(),
            "count": cycle.count,
            "fired": 0,
        }
        return cycle.first


class Message(MessageEventDefinition):  # type: ignore[misc]
    """Waits for a message by name, and by key if the diagram gives one."""

    def __init__(self, name: str, node: Node | None = None) -> None:
        super().__init__(name)
        self.node = node

    def has_fired(self, my_task: Task) -> bool:
        key = self.node.triggers[0].key if self.node else ""
        if key and self.name not in my_task.internal_data.setdefault("keys", {}):
            my_task.internal_data["keys"][self.name] = plain(worth(key, my_task))
        return bool(super().has_fired(my_task))

    def catches(self, my_task: Task, event: BpmnEvent) -> bool:
        key = event.correlations.get("key")
        mine = my_task.internal_data.get("keys", {}).get(self.name)
        return bool(self == event.event_definition and (key is None or key == mine))

    def update_internal_data(self, my_task: Task, event: BpmnEvent) -> None:
        my_task.internal_data["payload"] = event.payload

    def update_task_data(self, my_task: Task) -> None:
        leave(my_task, self.node.outputs if self.node else (), _payload(my_task))

    def reset(self, my_task: Task) -> None:
        my_task.internal_data.pop("event_fired", None)

    def again(self, my_task: Task) -> dict[str, Any] | None:
        return {}


def _payload(task: Task) -> dict[str, Any]:
    return task.internal_data.pop("payload", None) or {}


class Error(ErrorEventDefinition):  # type: ignore[misc]
    """A BPMN error: goes outward from its activity to the first boundary that knows its code."""

    def throw(self, my_task: Task) -> None:
        owner = my_task.workflow.top_workflow.owner(my_task)
        if owner is None or not throw_error(owner, self.code):
            raise uncaught(my_task, self.code)

    def reset(self, my_task: Task) -> None:
        my_task.internal_data.pop("event_fired", None)

    def again(self, my_task: Task) -> None:
        return None


def throw_error(task: Task, code: str) -> bool:
    """Let the nearest error boundary around an activity catch; False if there is none.

    The library lets any error boundary of the same process catch, wherever it is attached.
    """
    inner: Task | None = task
    while inner is not None:
        for boundary in _guards(inner):
            definition = boundary.task_spec.event_definition
            if isinstance(definition, Error) and definition.code in (None, "", code):
                boundary.task_spec.catch(boundary, BpmnEvent(definition))
                boundary.task_spec._update(boundary)
                return True
        inner = task.workflow.top_workflow.owner(inner)
    return False


def uncaught(task: Task, code: str) -> Stuck:
    return stuck(task, f"没有边界事件处理错误“{code}”", f"no boundary event catches error {code!r}")


def _guards(task: Task) -> list[Task]:
    """The boundary events that wait on an activity."""
    activity = task.parent if "item" in task.internal_data else task
    if not isinstance(activity.parent.task_spec, BoundaryEventSplit):
        return []
    return [
        one
        for one in activity.parent.children
        if isinstance(one.task_spec, BoundaryEvent) and one.has_state(TaskState.WAITING)
    ]


class FirstOf(MultipleEventDefinition):  # type: ignore[misc]
    """Whatever an event-based gateway waits for: the first to happen, and only that."""

    def has_fired(self, my_task: Task) -> bool:
        if my_task.internal_data.get("seen_events"):
            return True
        for one in self.event_definitions:
            one.has_fired(my_task)  # lets it fix its moment or its key
        dues = [(one.due(my_task), one) for one in self.event_definitions if isinstance(one, Timer)]
        due, first = min(dues, key=lambda one: one[0], default=(None, None))
        if due is None or due > my_task.workflow.top_workflow.now:
            return False
        my_task.internal_data["seen_events"] = [BpmnEvent(first)]
        return True

    def catch(self, my_task: Task, event: BpmnEvent) -> None:
        one = next(one for one in self.event_definitions if one.catches(my_task, event))
        my_task.internal_data["seen_events"] = [BpmnEvent(one, event.payload)]


class _Catching:
    """What all waiting events need."""

    node: Node

    def _update_hook(self, my_task: Task) -> bool | None:
        # The library puts an event back to waiting that was cancelled in the same breath.
        if my_task.has_state(TaskState.FINISHED_MASK):
            return None
        return super()._update_hook(my_task)  # type: ignore[misc,no-any-return]


class CatchEvent(_Catching, stock.IntermediateCatchEvent):  # type: ignore[misc]
    """Waits in the flow; a receive task is one too."""


class EventGateway(_Catching, stock.EventBasedGateway):  # type: ignore[misc]
    """Waits for the first of the events behind it."""

    def _run_hook(self, my_task: Task) -> bool:
        done = super()._run_hook(my_task)
        for name in ("seen_events", "event_fired", "keys", "due"):
            my_task.internal_data.pop(name, None)
        return bool(done)


class BoundaryEvent(_Catching, stock.BoundaryEvent):  # type: ignore[misc]
    """Interrupts at once or not at all."""

    def _on_ready_hook(self, my_task: Task) -> None:
        super()._on_ready_hook(my_task)
        # The library cancels the activity only when the path behind the event joins, so two events
        # due at once, or an activity that ends in the same step, would both go on.
        if self.cancel_activity:
            for other in my_task.parent.children:
                if other is not my_task and not other.has_state(TaskState.FINISHED_MASK):
                    other.cancel()

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)
        # The library's events that do not interrupt fire once only.
        if not self.cancel_activity and (again := self.event_definition.again(my_task)) is not None:
            self._rearm(my_task.parent, again)

    def _rearm(self, split: Task, known: dict[str, Any]) -> None:
        if all(
            one.has_state(TaskState.FINISHED_MASK)
            for one in split.children
            if not isinstance(one.task_spec, BoundaryEvent)
        ):
            return
        waiting = split._add_child(self, TaskState.FUTURE)
        waiting.internal_data.update(known)
        self._predict(waiting, mask=TaskState.NOT_FINISHED_MASK)
        self._update(waiting)
