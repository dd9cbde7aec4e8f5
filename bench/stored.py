"""A database as full as wanted: a few real cases, walked to different steps, and copies of them.

The copies are made by the database itself, row for row with states, tasks, audit and element log,
so that 100,000 cases take seconds. Their audit hashes are those of their originals.
"""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    Table,
    case,
    func,
    literal,
    null,
    select,
    text,
)
from sqlalchemy import cast as as_type

from app.accounts.models import Person
from app.audit import AuditEntry
from app.consultations.models import Consultation, ElementLog, Instance, Participant
from app.db import Model, db
from app.notices.models import Notice
from app.permissions import Role
from app.tasks.models import State, Task
from tests.app.cases import People, do, make_people
from tests.app.shipped import APPROVAL, ask, naming
from tests.makers import make_person

MEASURED = "review_director"
STEPS = 4  # a quarter of the cases waits at each of four steps; the first is the measured one
DIRECTORS = 4  # share the work, so that nobody asks more often than one person may
CHAIN = "consultation:"
# In the order in which they refer to each other.
COPIED: tuple[type[Model], ...] = (
    Consultation,
    Instance,
    Participant,
    Task,
    AuditEntry,
    ElementLog,
    Notice,
)


class Store:
    """The cases of one empty database; every method needs its application's context."""

    def __init__(self) -> None:
        people = make_people()
        ward = people.director.department
        others = range(DIRECTORS - 1)
        self.directors: list[Person] = [
            people.director,
            *(make_person(Role.DEPARTMENT_DIRECTOR, department=ward) for _ in others),
        ]
        for step in range(STEPS):
            _walk(people, step)
        # Of each table: the highest number among the originals.
        self._last = {model: _highest(model) for model in COPIED}
        db.session.commit()

    def fill(self, number: int) -> None:
        """Copy the originals until there are `number` copies of cases."""
        for model in COPIED:
            self._copy(cast(Table, model.__table__), self._last[model], number // STEPS)
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()

    def empty(self) -> None:
        """Take the copies away, with whatever became of them."""
        for model in reversed(COPIED):
            table = cast(Table, model.__table__)
            db.session.execute(table.delete().where(_case_of(table) > self._last[Consultation]))
        db.session.commit()

    def waiting(self) -> list[int]:
        """The ids of the copied tasks that wait at the measured step."""
        statement = select(Task.id).where(
            Task.element_id == MEASURED,
            Task.state == State.READY,
            Task.consultation_id > self._last[Consultation],
        )
        found = list(db.session.scalars(statement))
        db.session.commit()
        return found

    def _copy(self, table: Table, last: int, copies: int) -> None:
        numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
        numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < copies))
        renewed = self._renewed(table, last, numbers.c.n)
        columns = [renewed.get(column.name, column) for column in table.columns]
        originals = select(*columns).join_from(table, numbers, literal(True))
        is_of_case = _case_of(table) <= self._last[Consultation]
        names = [column.name for column in table.columns]
        db.session.execute(table.insert().from_select(names, originals.where(is_of_case)))
        if "id" in table.c and db.engine.dialect.name == "postgresql":
            sequence = func.pg_get_serial_sequence(table.name, "id")
            highest = select(func.max(table.c.id)).scalar_subquery()
            db.session.execute(select(func.setval(sequence, highest)))

    def _renewed(
        self, table: Table, last: int, n: ColumnElement[int]
    ) -> Mapping[str, ColumnElement[Any]]:
        """The columns in which the n-th copy differs from its original."""
        case_id = _case_of(table) + self._last[Consultation] * n
        if table is Consultation.__table__:
            return {"id": case_id, "number": table.c.number + "-" + as_type(n, String)}
        if table is Instance.__table__:
            return {"consultation_id": case_id}
        number = table.c.id + last * n
        if table is AuditEntry.__table__:
            chain = literal(CHAIN) + as_type(case_id, String)
            return {"id": number, "chain": chain, "subject": chain}
        return {"id": number, "consultation_id": case_id}


def _walk(people: People, steps: int) -> None:
    """A case that has taken some steps since its application."""
    asked = ask(people.applicant, people.invited)
    ways: tuple[tuple[Person, dict[str, Any]], ...] = (
        (people.director, APPROVAL),
        (people.affairs, APPROVAL),
        (people.invited_affairs, naming(people)),
    )
    for reviewer, answers in ways[:steps]:
        do(asked, reviewer, **answers)


def _highest(model: type[Model]) -> int:
    column = next(iter(cast(Table, model.__table__).primary_key))
    return int(db.session.scalar(select(func.max(column))) or 0)


def _case_of(table: Table) -> ColumnElement[int]:
    """The number of the case that a row belongs to, NULL if to none."""
    if table is Consultation.__table__:
        return table.c.id
    if table is AuditEntry.__table__:
        number = func.substr(table.c.chain, len(CHAIN) + 1)
        is_case = table.c.chain.like(f"{CHAIN}%")
        return case((is_case, as_type(number, Integer)), else_=null())
    return table.c.consultation_id
