"""A completion that fails at any of its statements leaves nothing half done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select

from app.audit import AuditEntry, Deed
from app.db import Model, committed, db
from app.tasks.actions import complete_task
from tests.app.cases import make_people, ready
from tests.app.shipped import APPROVAL, ask

pytestmark = pytest.mark.faults


class Fault(Exception):
    """What the database says when it fails."""


@contextmanager
def failing_at(place: int) -> Iterator[list[str]]:
    """Let the statement at this place fail, counted from 1; the commit counts too."""
    seen: list[str] = []

    def note(statement: str) -> None:
        seen.append(statement)
        if len(seen) == place:
            raise Fault(statement)

    def on_statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        note(statement)

    def on_commit(_connection: Any) -> None:
        note("COMMIT")

    event.listen(db.engine, "before_cursor_execute", on_statement)
    event.listen(db.engine, "commit", on_commit)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", on_statement)
        event.remove(db.engine, "commit", on_commit)


@pytest.fixture
def told() -> Iterator[list[object]]:
    """What was published after a commit."""
    heard: list[object] = []

    def listen(happening: object) -> None:
        heard.append(happening)

    committed.connect(listen)
    yield heard
    committed.disconnect(listen)


def test_a_failure_at_any_statement_changes_nothing(app, told):
    people = make_people()
    case = ask(people.applicant, people.invited)
    task_id, director = ready(case).id, people.director
    rehearsed = ready(ask(people.applicant, people.invited)).id
    # The statements are counted on a case that is like the one that is to fail.
    forget()
    with failing_at(0) as all_statements:
        complete_task(rehearsed, director, APPROVAL)
    assert all_statements[-1] == "COMMIT"
    assert len(all_statements) > 8
    told.clear()
    before = everything()

    for place in range(1, len(all_statements) + 1):
        forget()
        with failing_at(place), pytest.raises(Fault):
            complete_task(task_id, director, APPROVAL)
        assert everything() == before, all_statements[place - 1]
        assert told == []

    complete_task(task_id, director, APPROVAL)
    done = [
        entry.details["task"]
        for entry in db.session.scalars(select(AuditEntry).filter_by(deed=Deed.TASK_COMPLETED))
    ]
    assert done.count(task_id) == 1
    assert told


def forget() -> None:
    """Begin as a new request does: with nothing read."""
    db.session.commit()
    db.session.expunge_all()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    rows = {
        table.name: sorted(map(repr, db.session.execute(select(table))))
        for table in Model.metadata.sorted_tables
    }
    db.session.commit()
    return rows
