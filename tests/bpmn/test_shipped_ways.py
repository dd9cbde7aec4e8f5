"""Each shipped process walked along all its ways, saved and restored at each step."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import pytest

from app.processes.vocabulary import built_in
from bpmn import shipped
from bpmn.engine import Execution, Snapshot
from bpmn.parser import Definition, parse
from tests.bpmn.diagrams import NOW

NAMED = {"expert_department": "5", "experts": ["8", "7"]}
AGREED = {"scheduled_at": "2026-03-05T10:00+08:00", "duration_min": 60}
# What may be answered to each form, as far as it leads to different ways.
ANSWERS: dict[str, list[dict[str, Any]]] = {
    "application": [{"urgency": "routine"}, {"urgency": "critical"}],
    "review": [{"decision": one} for one in ("approve", "return", "refuse")],
    "partner_review": [
        {"decision": "approve", **NAMED},
        {"decision": "return"},
        {"decision": "refuse"},
    ],
    "material": [{"decision": "approve"}, {"decision": "return"}],
    "admission": [{"arrived": "yes"}, {"arrived": "no"}],
    "schedule": [AGREED],
    "admission_time": [AGREED],
    "session": [{"outcome": "held"}, {"outcome": "no_show"}],
    # Results of a list are known only when all are in: two that say no come first.
    "opinion": [{"track": False}, {"track": True}],
    "reading": [{"critical": True}, {"critical": False}],
    "signature": [{"confirm": True}],
    "acceptance": [{"decision": "accept"}],
}
MOST_STATES = 4000


class Rest(NamedTuple):
    """Where a case rests: what is ready and for how long, what it hears, knows and waits for."""

    ready: tuple[tuple[str, float], ...]  # element, seconds until it is due
    messages: tuple[str, ...]
    waits_s: float | None
    variables: str
    is_finished: bool


class Standing(NamedTuple):
    state: str
    now: datetime


class Walk:
    """All ways of a process: from each place where a case can rest, everything that can happen."""

    def __init__(self, name: str) -> None:
        self.definition: Definition = parse(shipped.bundle(name), built_in())
        self.entered: set[str] = set()
        self.onward: dict[Rest, set[Rest]] = {}
        execution = Execution.start(self.definition, {"applicant": "3", "consultation": 1}, NOW)
        waiting = deque([self._settle(execution, NOW)])
        while waiting:
            rest, standing = waiting.popleft()
            if rest in self.onward:
                continue
            assert len(self.onward) < MOST_STATES
            self.onward[rest] = set()
            for reached in self._everything_from(standing):
                self.onward[rest].add(reached[0])
                waiting.append(reached)

    def _everything_from(self, standing: Standing) -> Iterator[tuple[Rest, Standing]]:
        snapshot = self._resume(standing).snapshot(standing.now)
        nodes = self.definition.diagram.nodes
        for element in dict.fromkeys(task.element_id for task in snapshot.ready):
            for answers in ANSWERS.get(nodes[element].form_id or "", [{}]):
                execution = self._resume(standing)
                task = next(
                    one
                    for one in execution.snapshot(standing.now).ready
                    if one.element_id == element
                )
                execution.complete(task.id, answers, standing.now)
                yield self._settle(execution, standing.now)
        for message in snapshot.messages:
            execution = self._resume(standing)
            assert execution.deliver(message, {}, standing.now)
            yield self._settle(execution, standing.now)
        if snapshot.wake_at is not None:
            execution, later = self._resume(standing), max(standing.now, snapshot.wake_at)
            execution.tick(later)
            yield self._settle(execution, later)

    def _resume(self, standing: Standing) -> Execution:
        return Execution.resume(self.definition, standing.state)

    def _settle(self, execution: Execution, now: datetime) -> tuple[Rest, Standing]:
        """Answer what the case calls for, save it, and see where it rests."""
        snapshot = self._look(execution, now)
        while calls := execution.calls():
            for call in calls:
                given = {"session_at": call.inputs.get("scheduled_at")}
                is_arranged = call.operation == "arrange_session"
                execution.answer(call.id, given if is_arranged else {}, now)
            snapshot = self._look(execution, now)
        rest = Rest(
            tuple(sorted((one.element_id, _seconds(now, one.due_at)) for one in snapshot.ready)),
            tuple(sorted(snapshot.messages)),
            _seconds(now, snapshot.wake_at) if snapshot.wake_at else None,
            json.dumps(execution.variables, sort_keys=True),
            snapshot.is_finished,
        )
        return rest, Standing(snapshot.state, now)

    def _look(self, execution: Execution, now: datetime) -> Snapshot:
        snapshot = execution.snapshot(now)
        self.entered |= {event.element_id for event in snapshot.events}
        return snapshot


def _seconds(now: datetime, moment: datetime | None) -> float:
    return (moment - now).total_seconds() if moment else 0


@pytest.fixture(scope="module", params=shipped.names())
def walk(request: pytest.FixtureRequest) -> Walk:
    return Walk(request.param)


def test_every_element_is_come_by_on_some_way(walk: Walk) -> None:
    assert walk.definition.diagram.nodes.keys() - walk.entered == set()


def test_nothing_is_a_dead_end_and_every_case_can_finish(walk: Walk) -> None:
    led = {rest for rest in walk.onward if rest.is_finished}
    while more := {rest for rest, onward in walk.onward.items() if onward & led} - led:
        led |= more

    assert walk.onward.keys() == led


def test_a_case_that_is_over_waits_for_nothing(walk: Walk) -> None:
    for rest, onward in walk.onward.items():
        assert rest.is_finished == (onward == set()), rest
