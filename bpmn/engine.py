"""Runs one case along its diagram: state in, new state, ready tasks, calls and wake-up out.

Pure and in memory: what is stored, who may act and what a call does is the caller's business.
All times are aware datetimes given by the caller; nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bpmn.parser import Definition


class NotReady(Exception):
    """The task or call is not waiting (any more): done, cancelled or never there."""


class Stuck(Exception):
    """The case cannot go on from an element; the step must not be kept."""

    def __init__(self, element_id: str, element_name: str, reason: str) -> None:
        super().__init__(f"{element_name or element_id}: {reason}")
        self.element_id, self.element_name, self.reason = element_id, element_name, reason


@dataclass(frozen=True)
class UserTask:
    """A task that waits for a person.

    role and side come from the lane; assignee and candidates from the task and overrule them.
    item: the element of the collection, when the task is one of many. inputs: its input mappings.
    """

    id: str
    element_id: str
    name: str
    name_en: str = ""
    form_id: str | None = None
    role: str | None = None
    side: str | None = None
    assignee: str | None = None
    candidate_users: tuple[str, ...] = ()
    candidate_groups: tuple[str, ...] = ()
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50  # 0 to 100, as in Camunda 8
    record: str | None = None
    item: Any = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A service task that waits for the product to do what it names."""

    id: str
    element_id: str
    operation: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class ElementEvent:
    """A token came to an element or left it."""

    element_id: str
    name: str
    kind: Literal["entered", "completed", "cancelled"]
    at: datetime
    task_id: str


@dataclass(frozen=True)
class Snapshot:
    """An execution between two steps.

    state: JSON text for Execution.resume. events: since the last start, resume or snapshot.
    status: of the last status-bearing element entered since then, or None.
    """

    state: str
    ready: tuple[UserTask, ...]
    wake_at: datetime | None
    messages: frozenset[str]
    events: tuple[ElementEvent, ...]
    status: str | None
    is_finished: bool


class Execution:
    """One case's run of a definition."""

    variables: dict[str, Any]

    @classmethod
    def start(
        cls, definition: Definition, variables: Mapping[str, Any], now: datetime
    ) -> Execution:
        """Put the first token on the start event and run to where someone must act."""
        raise NotImplementedError

    @classmethod
    def resume(cls, definition: Definition, state: str) -> Execution:
        """Take up a run from the state of a snapshot."""
        raise NotImplementedError

    def complete(self, task_id: str, answers: Mapping[str, Any], now: datetime) -> None:
        """Finish a user task with validated answers. Raises NotReady, Stuck."""
        raise NotImplementedError

    def deliver(self, message: str, payload: Mapping[str, Any], now: datetime) -> bool:
        """Hand a message to whoever waits for it; False if nobody does. Raises Stuck."""
        raise NotImplementedError

    def tick(self, now: datetime) -> None:
        """Fire the timers that are due. Raises Stuck."""
        raise NotImplementedError

    def calls(self) -> tuple[Call, ...]:
        """The service tasks that wait to be answered, oldest first."""
        raise NotImplementedError

    def answer(self, call_id: str, outputs: Mapping[str, Any], now: datetime) -> None:
        """Finish a call with what it yielded. Raises NotReady, Stuck."""
        raise NotImplementedError

    def fail(self, call_id: str, error_code: str, now: datetime) -> None:
        """Throw a BPMN error from a call to its boundary. Raises NotReady, Stuck if uncaught."""
        raise NotImplementedError

    def snapshot(self, now: datetime) -> Snapshot:
        """What to keep and what to show after a step."""
        raise NotImplementedError
