"""What stands in whose inbox, most urgent first."""

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Person, Standing
from app.consultations.models import Consultation, Instance, Urgency
from app.db import db, now
from app.errors import NotFound
from app.permissions import ALLIANCE_ROLES, Actor, Grant
from app.tasks.models import Signer, State, Task, TaskCandidate

MINE, GROUP, SIGNING, DONE = "mine", "group", "signing", "done"
BOXES = (MINE, GROUP, SIGNING, DONE)

_RANK = sql_case(
    (Consultation.urgency == Urgency.CRITICAL, 0),
    (Consultation.urgency == Urgency.URGENT, 1),
    else_=2,
)


def inbox(actor: Actor, box: str) -> Select[Task]:
    """The tasks of one box: what waits by urgency, priority and due time; what is done, latest
    first."""
    statement = (
        select(Task)
        .join(Task.consultation)
        .where(_BOXES[box](actor))
        .options(
            contains_eager(Task.consultation).joinedload(Consultation.inviting_hospital),
            contains_eager(Task.consultation).joinedload(Consultation.patient),
            joinedload(Task.assignee),
        )
    )
    if box == DONE:
        return statement.order_by(Task.ended_at.desc(), Task.id.desc())
    order = (_RANK, Task.priority.desc(), Task.due_at.asc().nulls_last(), Task.id)
    return statement.order_by(*order)


def _mine(actor: Actor) -> ColumnElement[bool]:
    return and_(Task.assignee_id == actor.actor_id, Task.state == State.READY)


def _group(actor: Actor) -> ColumnElement[bool]:
    """What nobody has taken and this actor may: the same rule as Task.is_open_to."""
    named = select(TaskCandidate.task_id).where(TaskCandidate.person_id == actor.actor_id)
    anybody = ~select(TaskCandidate.task_id).where(TaskCandidate.task_id == Task.id).exists()
    by_role = [_held(grant) for grant in actor.grants]
    return and_(
        Task.state == State.READY,
        Task.assignee_id.is_(None),
        or_(Task.id.in_(named), and_(anybody, or_(*by_role)) if by_role else false()),
    )


def _held(grant: Grant) -> ColumnElement[bool]:
    if grant.hospital_id is None:
        return and_(
            Task.role == grant.role if grant.role in ALLIANCE_ROLES else false(),
            Task.hospital_id.is_(None),
        )
    place = or_(Task.department_id.is_(None), Task.department_id == grant.department_id)
    return and_(Task.role == grant.role, Task.hospital_id == grant.hospital_id, place)


def _signing(actor: Actor) -> ColumnElement[bool]:
    asked = select(Signer.task_id).where(
        Signer.person_id == actor.actor_id, Signer.answered_at.is_(None)
    )
    return and_(Task.state == State.READY, Task.id.in_(asked))


def _done(actor: Actor) -> ColumnElement[bool]:
    return and_(Task.completed_by_id == actor.actor_id, Task.state == State.COMPLETED)


_BOXES = {MINE: _mine, GROUP: _group, SIGNING: _signing, DONE: _done}


def locked(task_id: int) -> tuple[Task, Instance]:
    """A task with its case and instance in one query, kept from others until the end of the
    transaction. Raises NotFound."""
    row = db.session.execute(_LOCKED, {"task_id": task_id}).one_or_none()
    if row is None:
        raise NotFound
    return row.Task, row.Instance


_LOCKED = (
    select(Task, Instance)
    .join(Task.consultation)
    .join(Instance, Instance.consultation_id == Task.consultation_id)
    .where(Task.id == bindparam("task_id"))
    .options(contains_eager(Task.consultation).contains_eager(Consultation.instance))
    .with_for_update(of=(Task, Instance))
    .execution_options(populate_existing=True)
)


def counts(actor: Actor) -> dict[str, tuple[int, bool]]:
    """How many tasks wait in each box, and whether one of them is overdue."""
    found = {}
    for box in (MINE, GROUP, SIGNING):
        statement = select(
            func.count(), func.coalesce(func.sum(sql_case((Task.due_at < now(), 1), else_=0)), 0)
        ).where(_BOXES[box](actor))
        total, late = db.session.execute(statement).one()
        found[box] = (total, bool(late))
    return found


def waiting(actor: Actor) -> int:
    """How many tasks wait for this person, their own and those of their groups."""
    rule = or_(*(_BOXES[box](actor) for box in (MINE, GROUP, SIGNING)))
    return db.session.scalar(select(func.count()).select_from(Task).where(rule)) or 0


def colleagues(person: Person) -> list[Person]:
    """The approved people of one's own hospital, to whom a task may be handed."""
    statement = (
        select(Person)
        .where(
            Person.hospital_id == person.hospital_id,
            Person.standing == Standing.ACTIVE,
            Person.id != person.id,
            Person.roles.any(),
        )
        .options(joinedload(Person.department))
        .order_by(Person.name)
    )
    return list(db.session.scalars(statement))
