"""How far a case has come along its diagram: each element's state, who was there, how long."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import Person
from app.consultations import queries
from app.consultations.models import Consultation, ElementLog
from app.db import db, now
from app.processes.queries import definition, english_names
from app.tasks.models import State, Task


@dataclass(frozen=True)
class Step:
    """An element that a token has reached. state: done, active, overdue or cancelled."""

    element_id: str
    name: str
    state: str
    who: str
    began_at: datetime
    ended_at: datetime | None
    count: int  # how often it was reached

    @property
    def duration_s(self) -> int:
        """From the last entry to its end, or to now."""
        return int(((self.ended_at or now()) - self.began_at).total_seconds())

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.element_id,
            "name": self.name,
            "state": self.state,
            "who": self.who,
            "duration_s": self.duration_s,
            "count": self.count,
        }


@dataclass(frozen=True)
class Progress:
    """The diagram of a case and its steps in the order they were first reached."""

    diagram: str
    steps: tuple[Step, ...]


def progress(consultation: Consultation, language: str = "zh") -> Progress:
    """Where a case stands on its diagram, named in a language."""
    tasks = _tasks(consultation.id)
    names = _people(consultation.id)
    digest = consultation.instance.digest
    titles = english_names(digest) if language == "en" else {}
    by_element: dict[str, list[ElementLog]] = {}
    for event in queries.element_log(consultation.id):
        if event.name:  # gateways and joins without a name tell nobody anything
            by_element.setdefault(event.element_id, []).append(event)
    steps = [
        _step(events, [task for task in tasks if task.element_id == key], names, titles.get(key))
        for key, events in by_element.items()
    ]
    return Progress(definition(digest).bundle.process, tuple(steps))


def _step(
    events: list[ElementLog], tasks: list[Task], names: dict[int, str], title: str | None
) -> Step:
    entered = [event for event in events if event.kind == "entered"]
    left = [event for event in events if event.kind != "entered"]
    is_open = len(entered) > len({event.engine_task_id for event in left})
    last = events[-1]
    began = (entered or events)[-1].at
    return Step(
        element_id=last.element_id,
        name=title or last.name,
        state=_state(is_open, last, tasks),
        who=_who(is_open, left, tasks, names),
        began_at=began,
        ended_at=None if is_open else last.at,
        count=len(entered),
    )


def _state(is_open: bool, last: ElementLog, tasks: Iterable[Task]) -> str:
    if not is_open:
        return "cancelled" if last.kind == "cancelled" else "done"
    moment = now()
    late = any(
        task.state == State.READY and task.due_at is not None and task.due_at < moment
        for task in tasks
    )
    return "overdue" if late else "active"


def _who(is_open: bool, left: list[ElementLog], tasks: list[Task], names: dict[int, str]) -> str:
    if is_open:
        waiting = [task for task in tasks if task.state == State.READY]
        found = [task.assignee.name if task.assignee else "" for task in waiting]
    else:
        found = [names.get(event.actor_id or 0, "") for event in left if tasks]
    return "、".join(dict.fromkeys(name for name in found if name))


def _tasks(consultation_id: int) -> list[Task]:
    statement = (
        select(Task)
        .where(Task.consultation_id == consultation_id)
        .options(joinedload(Task.assignee))
        .order_by(Task.id)
    )
    return list(db.session.scalars(statement))


def _people(consultation_id: int) -> dict[int, str]:
    statement = (
        select(Person.id, Person.name)
        .join(ElementLog, ElementLog.actor_id == Person.id)
        .where(ElementLog.consultation_id == consultation_id)
        .distinct()
    )
    return {row.id: row.name for row in db.session.execute(statement)}
