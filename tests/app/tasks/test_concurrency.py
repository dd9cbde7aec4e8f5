"""Several people at the same moment: one completion, numbers of their own, and cheap ticks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, insert, text

from app.audit import AuditEntry, Deed
from app.consultations.actions import start_consultation, wake_due
from app.consultations.models import Consultation, Instance
from app.db import db, now
from app.processes.queries import in_force
from tests.app.cases import do, make_people, open_case, ready

AT_ONCE = 6


def together(app, work: Callable[[], Any]) -> list[Any]:
    """What `work` gave in each of several threads that begin it at the same moment."""
    barrier = Barrier(AT_ONCE)

    def run(_number: int) -> Any:
        with app.app_context():
            barrier.wait()
            try:
                return work()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE)))


@pytest.fixture
def people(app):
    return make_people()


def test_one_of_many_clicks_completes_the_task(app, people, client):
    """A double click, or two tabs, is one completion; the others are told so by 409."""
    case = open_case(people.applicant)
    do(case, people.applicant, reason="请会诊")
    url = f"/api/tasks/{ready(case).id}/completion"
    chain = case.audit_chain
    db.session.commit()

    def click() -> int:
        answer = client(people.director).post(url, json={"answers": {"decision": "approve"}})
        return answer.status_code

    assert sorted(together(app, click)) == [201] + [409] * (AT_ONCE - 1)
    completed = db.session.query(AuditEntry).filter_by(chain=chain, deed=Deed.TASK_COMPLETED)
    assert [one.details["element"] for one in completed] == ["ask", "decide"]


def test_cases_started_at_the_same_moment_have_numbers_of_their_own(app, people):
    """S4-42, S4-43: two requests in the same second must not share a number."""
    open_case(people.applicant)
    db.session.commit()
    numbers = together(app, lambda: start_consultation(people.applicant).number)
    assert len(set(numbers)) == AT_ONCE
    running = sorted(int(number.rpartition("-")[2]) for number in numbers)
    assert running == list(range(2, AT_ONCE + 2))


def test_ten_thousand_sleeping_cases_cost_one_indexed_query(app, people):
    case = open_case(people.applicant)
    _sleep(case, 10_000)
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert wake_due() == 0
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    selects = [statement for statement in asked if statement.startswith("SELECT")]
    assert len(selects) == 1
    assert "ix_instances_wake_at" in _plan()


def _sleep(case: Consultation, count: int) -> None:
    """Copies of a case that wake tomorrow."""
    fields = {
        "status": case.status,
        "applicant_id": case.applicant_id,
        "inviting_hospital_id": case.inviting_hospital_id,
        "inviting_department_id": case.inviting_department_id,
        "created_at": now(),
    }
    ids = range(1_000, 1_000 + count)
    db.session.execute(
        insert(Consultation), [{"id": one, "number": f"Z{one}", **fields} for one in ids]
    )
    asleep = {
        "digest": in_force().digest,
        "state": case.instance.state,
        "wake_at": now() + timedelta(days=1),
        "messages": [],
        "is_finished": False,
        "version": 1,
    }
    db.session.execute(insert(Instance), [{"consultation_id": one, **asleep} for one in ids])
    db.session.commit()


def _plan() -> str:
    """How the database would find what is due."""
    query = "SELECT consultation_id FROM instances WHERE wake_at <= '2020-01-01' ORDER BY wake_at"
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE instances"))
        return "\n".join(row[0] for row in db.session.execute(text(f"EXPLAIN {query}")))
    return "\n".join(row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {query}")))
