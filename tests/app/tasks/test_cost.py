"""What one completion may cost the database: bench/completion.py's bounds, without its clock."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.db import db
from tests.app.cases import make_people, ready
from tests.app.shipped import APPROVAL, ask

MOST_STATEMENTS = 12


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """What the engine is asked to do inside the block: statements by their first word, commits."""
    found: Counter[str] = Counter()

    def note(_connection, _cursor, statement, *_):
        found[statement.split()[0]] += 1

    def note_commit(_connection):
        found["COMMIT"] += 1

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.engine, "commit", note_commit)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(db.engine, "commit", note_commit)


@pytest.fixture
def people(app):
    return make_people()


def test_a_review_is_completed_by_twelve_statements_and_one_commit(people, client):
    task_id = ready(ask(people.applicant, people.invited)).id
    browser = client(people.director)
    db.session.commit()

    with counted() as found:
        answer = browser.post(f"/api/tasks/{task_id}/completion", json={"answers": APPROVAL})

    assert answer.status_code == 201, answer.get_json()
    statements = found["SELECT"] + found["INSERT"] + found["UPDATE"] + found["DELETE"]
    assert found["COMMIT"] == 1
    assert 0 < statements <= MOST_STATEMENTS, found
    assert set(found) <= {"BEGIN", "ROLLBACK", "SELECT", "INSERT", "UPDATE", "DELETE", "COMMIT"}
