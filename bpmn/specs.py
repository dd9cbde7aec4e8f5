"""SpiffWorkflow's specifications with this product's manners: FEEL, scopes, a clock that is given.

Each class is a stock one with a hook or two. Where a hook mends a fault of the library, its
comment says which.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import _BpmnCondition
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.data_spec import BpmnDataSpecification
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import ErrorEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.util.task import TaskState

from bpmn import dmn, feel, timers
from bpmn.diagram import Node
from bpmn.environment import FeelEngine, assign, enter, leave, plain, visible, worth

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from bpmn.parser import Definition

# Each state change would put all variables, and so patient data, into the log's extras.
for name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(name).setLevel(logging.WARNING)


MOST_STEPS = 2_000  # elements run in one step before it is given up


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


class Run(BpmnWorkflow):  # type: ignore[misc]
    """One workflow with its clock and its variables."""

    def __init__(
        self, definition: Definition, variables: dict[str, Any], now: datetime, **kwargs: Any
    ) -> None:
        self.definition, self.variables, self.now = definition, variables, now
        self.problems: list[feel.Problem] = []  # of expressions, in this step
        super().__init__(
            definition.spec, definition.subprocess_specs, script_engine=FeelEngine(self), **kwargs
        )
        self.task_removed_event.connect(self._forget)

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
                    return
            task.run()
        raise Stuck("", "", "the process runs on and on without a stop", "流程一直空转，停不下来")

    def _automatic(self) -> Task | None:
        inner = [one for one in self.subprocesses.values() if not one.completed]
        for workflow in [*sorted(inner, key=lambda one: one.depth, reverse=True), self]:
            for task in workflow.tasks.values():
                if task.state == TaskState.READY and not task.task_spec.manual:
                    return task
        return None

    def all_tasks(self) -> Iterator[Task]:
        """Every task of the run, sub-processes where they stand, parents before children."""
        return self.get_tasks_iterator()  # type: ignore[no-any-return]

    def owner(self, task: Task) -> Task | None:
        """The sub-process task around a task."""
        inside = task.workflow is not self
        return self.get_task_from_id(task.workflow.parent_task_id) if inside else None


def stuck(task: Task, zh: str, en: str) -> Stuck:
    return Stuck(task.task_spec.bpmn_id or "", task.task_spec.bpmn_name or "", en, zh)


class Condition(_BpmnCondition):  # type: ignore[misc]
    """A gateway's condition: true is true, and nothing else is."""

    def _matches(self, task: Task) -> bool:
        return worth("=" + self.args[0].removeprefix("="), task) is True


# --- activities -----------------------------------------------------------------------------------


class UserTask(stock.UserTask):  # type: ignore[misc]
    """Decides who may do it and until when at the moment it becomes ready."""

    node: Node

    def _on_ready_hook(self, my_task: Task) -> None:
        super()._on_ready_hook(my_task)
        enter(my_task, self.node.inputs)
        my_task.internal_data["person"] = _person(my_task, self.node)


def _person(task: Task, node: Node) -> dict[str, Any]:
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
    return _moment(task, value).isoformat()


def _moment(task: Task, value: Any) -> datetime:
    try:
        return timers.moment(value, task.workflow.top_workflow.now)
    except timers.NotATime as error:
        raise _no_time(task, error) from error


def _no_time(task: Task, error: timers.NotATime) -> Stuck:
    return stuck(task, f"时间表达式没有给出时间：{error}", f"no time is given: {error}")


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


# --- multi-instance -------------------------------------------------------------------------------


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


# --- events ---------------------------------------------------------------------------------------


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
            return _moment(my_task, value)
        try:
            cycle = timers.cycle(value, my_task.workflow.top_workflow.now)
        except timers.NotATime as error:
            raise _no_time(my_task, error) from error
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
