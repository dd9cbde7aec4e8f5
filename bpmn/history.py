"""Runs past cases along another diagram: the same answers, after the same times, elsewhere.

A past case is first lived again under its own version, which shows how late each timer fired and
when each message came. Then it is simulated under another one: a task is completed as long after
it became ready as it was then, a timer fires as late after its due time as it did then, a message
comes as long after somebody began to wait for it as it did then. Under its own version a case so
takes its past way exactly.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bpmn.bundle import Operation
from bpmn.diagram import Node
from bpmn.engine import ElementEvent, Execution, UserTask, Wait
from bpmn.parser import Definition
from bpmn.run import Stuck
from bpmn.trial import MOST_CALLS, outputs_of

MOST_EVENTS = 2_000  # of one case
_A_LITTLE = timedelta(seconds=1)
_LAST = 10**9
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?")

Place = tuple[str, int]  # an element, and which of its visits


@dataclass(frozen=True)
class Visit:
    """A user task of a past case. answers: None if it was ended without being done."""

    task_id: str
    element_id: str
    item: Any
    began_at: datetime
    ended_at: datetime
    answers: Mapping[str, Any] | None


@dataclass(frozen=True)
class Past:
    """A case that is over. log: what its tokens did, in order."""

    began_at: datetime
    variables: Mapping[str, Any]
    visits: tuple[Visit, ...]
    log: tuple[ElementEvent, ...]

    @property
    def entered(self) -> tuple[str, ...]:
        return tuple(one.element_id for one in self.log if one.kind == "entered")


@dataclass(frozen=True)
class Assumptions:
    """What is taken for what history does not know.

    operations: what services yield. seconds: of a task by role, "" for any. answers: of a form,
    None if nobody can tell.
    """

    operations: Mapping[str, Operation]
    seconds: Mapping[str, float]
    answers: Callable[[str, datetime], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Course:
    """How a past case goes along a diagram.

    outcome: finished, stuck (the diagram leads nowhere) or unknown (history does not tell what
    happens next). waited: role -> seconds its tasks were waiting. assumed: tasks without history.
    """

    outcome: str
    entered: tuple[str, ...]
    waited: Mapping[str, float]
    total_s: float
    assumed: tuple[str, ...] = ()
    element_id: str = ""
    zh: str = ""
    en: str = ""


class Unlike(Exception):
    """A case that its own version does not explain: somebody intervened, or it was moved."""


@dataclass
class Memory:
    """What a past case teaches. Places count the visits of a task and the times an event waited.

    late: how long after its due time a timer fired, and its place in the order of things.
    heard: message, time from the beginning of the wait, time from the beginning of the case, order.
    """

    visits: Mapping[tuple[str, str], Sequence[tuple[int, Visit]]]
    late: dict[Place, tuple[timedelta, int]] = field(default_factory=dict)
    heard: dict[Place, tuple[str, timedelta, timedelta, int]] = field(default_factory=dict)


def relive(definition: Definition, past: Past, assumptions: Assumptions) -> Memory:
    """Take a case along its own version exactly as it went. Raises Unlike if that cannot be."""
    try:
        return _Reliving(definition, past, assumptions).memory()
    except (Stuck, ValueError, KeyError) as error:
        raise Unlike(str(error)) from error


def simulate(
    definition: Definition, past: Past, memory: Memory, assumptions: Assumptions
) -> Course:
    """How a case would have gone along a diagram."""
    return _Simulation(definition, past, memory, assumptions).course()


class _Case:
    """An execution, with its services answered and its visits counted."""

    def __init__(self, definition: Definition, past: Past, assumptions: Assumptions) -> None:
        self.definition, self.past, self.assumptions = definition, past, assumptions
        self.now = past.began_at
        self.path: list[ElementEvent] = []
        self.waiting: dict[tuple[str, str], tuple[Place, Wait, datetime]] = {}
        self.ready: dict[str, UserTask] = {}
        self.is_finished = False
        self._armed: defaultdict[str, int] = defaultdict(int)

    def begin(self) -> tuple[ElementEvent, ...]:
        self.execution = Execution.start(self.definition, self.past.variables, self.now)
        return self._settle()

    def do(
        self, at: datetime, act: Callable[[Execution, datetime], object]
    ) -> tuple[ElementEvent, ...]:
        """Let something happen and go on to where the case waits; what happened."""
        self.now = max(self.now, at)
        act(self.execution, self.now)
        return self._settle()

    def _settle(self) -> tuple[ElementEvent, ...]:
        for _round in range(MOST_CALLS):
            calls = self.execution.calls()
            if not calls:
                return self._look()
            for call in calls:
                operation = self.assumptions.operations[call.operation]
                outputs = outputs_of(call, operation, self.now)
                self.execution.answer(call.id, outputs, self.now)
        raise Stuck("", "", "calls without end", "连续调用服务，停不下来")

    def _look(self) -> tuple[ElementEvent, ...]:
        snapshot = self.execution.snapshot(self.now)
        self.path += snapshot.events
        if len(self.path) > MOST_EVENTS:
            raise Stuck("", "", "the case goes on for too long", "这一例走得太长")
        self.ready = {one.id: one for one in snapshot.ready}
        self.is_finished = snapshot.is_finished
        self._count_waits()
        return snapshot.events

    def _count_waits(self) -> None:
        found = {(one.id, one.element_id): one for one in self.execution.waits()}
        self.waiting = {key: kept for key, kept in self.waiting.items() if key in found}
        for key, wait in found.items():
            if key not in self.waiting:
                place = (wait.element_id, self._armed[wait.element_id])
                self._armed[wait.element_id] += 1
                self.waiting[key] = (place, wait, self.now)


class _Reliving:
    """A past case, driven by its log."""

    def __init__(self, definition: Definition, past: Past, assumptions: Assumptions) -> None:
        self._case = _Case(definition, past, assumptions)
        self._past, self._nodes = past, definition.diagram.nodes
        self._tasks = {one.task_id: one for one in past.visits}
        self._order = 0
        self._orders: dict[str, int] = {}  # of completions, by task id
        self._memory = Memory({})

    def memory(self) -> Memory:
        self._case.begin()
        for order, event in enumerate(self._past.log):
            self._order = order
            self._follow(event)
        if tuple(one.element_id for one in self._case.path if one.kind == "entered") != (
            self._past.entered
        ):
            raise Unlike("it took another way")
        visits: defaultdict[tuple[str, str], list[tuple[int, Visit]]] = defaultdict(list)
        for one in self._past.visits:
            key = (one.element_id, repr(one.item))
            visits[key].append((self._orders.get(one.task_id, _LAST), one))
        self._memory.visits = visits
        return self._memory

    def _follow(self, event: ElementEvent) -> None:
        """Do what an entry of the log tells of, unless it is a consequence of what was done."""
        visit = self._tasks.get(event.task_id)
        node = self._nodes.get(event.element_id)
        kind = node.trigger.kind if node and node.trigger else ""
        if visit is not None and event.kind == "completed":
            self._complete(visit)
        elif node and kind == "message" and event.kind == self._heard_by(node):
            self._hear(event, node)
        elif kind in ("date", "duration", "cycle") and event.at > self._case.now:
            self._step(event.at, lambda execution, at: execution.tick(at))

    def _complete(self, visit: Visit) -> None:
        ready = [
            one
            for one in self._case.ready.values()
            if one.element_id == visit.element_id and one.item == visit.item
        ]
        if not ready or visit.answers is None:
            raise Unlike(f"{visit.element_id} was not waiting")
        answers = visit.answers
        self._orders[visit.task_id] = self._order
        self._step(visit.ended_at, lambda run, at: run.complete(ready[0].id, answers, at))

    def _heard_by(self, node: Node) -> str:
        """What a message makes of the event that waits for it: others were entered to wait."""
        sources = [one.source for one in self._case.definition.diagram.incoming.get(node.id, ())]
        is_behind = any(self._nodes[one].kind == "eventBasedGateway" for one in sources)
        return "entered" if node.kind == "boundaryEvent" or is_behind else "completed"

    def _hear(self, event: ElementEvent, node: Node) -> None:
        waiting = self._case.waiting.values()
        known = [(place, since) for place, wait, since in waiting if wait.element_id == node.id]
        if not known or node.trigger is None:
            return  # the same message woke another one before
        (place, since), message, at = known[0], node.trigger.name, event.at
        self._memory.heard[place] = message, at - since, at - self._past.began_at, self._order
        self._step(at, lambda execution, now: execution.deliver(message, {}, now))

    def _step(self, at: datetime, act: Callable[[Execution, datetime], object]) -> None:
        """Do it, and see which timers fired by it, or did not although they were due."""
        before = dict(self._case.waiting)
        events = self._case.do(at, act)
        fired = {one.element_id for one in events if one.kind != "cancelled"}
        for key, (place, wait, _since) in before.items():
            if wait.due_at is None or key in self._case.waiting:
                continue
            if wait.element_id in fired:
                self._memory.late[place] = at - wait.due_at, self._order
            elif wait.due_at <= at:
                self._memory.late[place] = at - wait.due_at + _A_LITTLE, _LAST


@dataclass(frozen=True)
class _Next:
    """What may happen next."""

    at: datetime
    order: int
    act: Callable[[Execution, datetime], object]


class _Simulation:
    """A past case on its way along another diagram."""

    def __init__(
        self, definition: Definition, past: Past, memory: Memory, assumptions: Assumptions
    ) -> None:
        self._case = _Case(definition, past, assumptions)
        self._definition, self._past, self._memory = definition, past, memory
        self._assumptions = assumptions
        self._plans: dict[str, _Next] = {}  # completions, by task id
        self._began: dict[str, tuple[UserTask, datetime]] = {}
        self._visited: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._waited: defaultdict[str, float] = defaultdict(float)
        self._assumed: list[str] = []
        self._unknown: tuple[str, str, str] | None = None
        self._said: set[int] = set()  # messages that came, by their order

    def course(self) -> Course:
        try:
            self._case.begin()
            self._plan()
            while not self._case.is_finished:
                following = self._next()
                if following is None:
                    return self._ended("unknown", *self._open_end())
                self._case.do(following.at, following.act)
                self._plan()
        except Stuck as stuck:
            return self._ended("stuck", stuck.element_id, stuck.reason_zh, stuck.reason)
        except ValueError as error:
            return self._ended("stuck", "", str(error), str(error))
        return self._ended("finished")

    def _plan(self) -> None:
        """Foresee when the tasks that have become ready are done; count those that are over."""
        for task_id in [one for one in self._began if one not in self._case.ready]:
            task, since = self._began.pop(task_id)
            self._plans.pop(task_id, None)
            waited = (self._case.now - since).total_seconds()
            self._waited[task.role or ""] += waited
        for task in self._case.ready.values():
            if task.id not in self._began:
                self._began[task.id] = task, self._case.now
                self._foresee(task)

    def _foresee(self, task: UserTask) -> None:
        key = (task.element_id, repr(task.item))
        place = self._visited[key]
        self._visited[key] += 1
        known = self._memory.visits.get(key, ())
        if place < len(known):
            order, visit = known[place]
            if visit.answers is not None:
                at = self._case.now + (visit.ended_at - visit.began_at)
                answers = self._moved(task, visit.answers, at - visit.ended_at)
                self._plans[task.id] = _completion(task, at, order, answers)
            return
        self._assume(task)

    def _assume(self, task: UserTask) -> None:
        seconds = self._assumptions.seconds
        typical = seconds.get(task.role or "", seconds.get(""))
        if typical is None:
            return
        at = self._case.now + timedelta(seconds=typical)
        answers = self._assumptions.answers(task.form_id, at) if task.form_id else {}
        if answers is not None:
            self._assumed.append(task.element_id)
            self._plans[task.id] = _completion(task, at, _LAST, answers)

    def _moved(
        self, task: UserTask, answers: Mapping[str, Any], by: timedelta
    ) -> Mapping[str, Any]:
        """What was agreed for a time is agreed for as much earlier or later as the answer comes."""
        names = self._definition.moments.get(task.form_id or "", frozenset())
        if not by or not names:
            return answers
        return {
            name: _shifted(value, by) if name in names else value for name, value in answers.items()
        }

    def _next(self) -> _Next | None:
        found = [*self._plans.values(), *self._timers(), *self._messages()]
        return min(found, key=lambda one: (max(one.at, self._case.now), one.order), default=None)

    def _timers(self) -> Iterable[_Next]:
        for place, wait, _since in self._case.waiting.values():
            if wait.due_at is not None:
                late, order = self._memory.late.get(place, (timedelta(), _LAST))
                yield _Next(wait.due_at + late, order, lambda run, at: run.tick(at))

    def _messages(self) -> Iterable[_Next]:
        """Those that came when it was waited for here; where the diagram waits elsewhere now,
        those that came so long after the case began."""
        waiting = {place: since for place, _wait, since in self._case.waiting.values()}
        nodes = self._definition.diagram.nodes
        for place, (message, after, since_start, order) in self._memory.heard.items():
            if order in self._said:
                continue
            if place in waiting:
                yield self._message(message, waiting[place] + after, order)
            elif place[0] not in nodes and self._hears(message):
                yield self._message(message, self._past.began_at + since_start, order)

    def _hears(self, message: str) -> bool:
        return any(wait.message == message for _, wait, _ in self._case.waiting.values())

    def _message(self, message: str, at: datetime, order: int) -> _Next:
        def say(execution: Execution, now: datetime) -> None:
            self._said.add(order)
            execution.deliver(message, {}, now)

        return _Next(at, order, say)

    def _open_end(self) -> tuple[str, str, str]:
        """What a case waits for of which history does not tell."""
        for task, _since in self._began.values():
            return (
                task.element_id,
                "历史中没有可用的办理结果",
                "history does not tell what would be answered",
            )
        for _place, wait, _since in self._case.waiting.values():
            return (
                wait.element_id,
                f"历史中没有消息“{wait.message}”",
                f"history knows of no message {wait.message!r}",
            )
        return "", "没有任何步骤在等待", "nothing is waited for"

    def _ended(self, outcome: str, element: str = "", zh: str = "", en: str = "") -> Course:
        return Course(
            outcome,
            tuple(one.element_id for one in self._case.path if one.kind == "entered"),
            dict(self._waited),
            (self._case.now - self._past.began_at).total_seconds(),
            tuple(self._assumed),
            element,
            zh,
            en,
        )


def _completion(task: UserTask, at: datetime, order: int, answers: Mapping[str, Any]) -> _Next:
    return _Next(at, order, lambda run, now: run.complete(task.id, answers, now))


def _shifted(value: Any, by: timedelta) -> Any:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return value
    return (datetime.fromisoformat(value) + by).isoformat()
