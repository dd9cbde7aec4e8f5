"""Keeps the inbox equal to what the engine says is ready, within the engine's own transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app.accounts.addressees import Addressee, addressees, holders
from app.consultations.audience import assignees, experts_of, tell
from app.consultations.models import Consultation
from app.consultations.steps import Case, stepped
from app.db import db, insert_returning, insert_rows, publish, write
from app.permissions import Role, role_of
from app.tasks.events import InboxChanged
from app.tasks.models import State, Task, TaskCandidate
from bpmn.engine import Snapshot, UserTask

BY_DEPARTMENT = frozenset({Role.DEPARTMENT_DIRECTOR})


@stepped.connect
def bring_up_to_date(case: Case, snapshot: Snapshot) -> None:
    """Add the tasks that a token reached in this step and end those it was taken from."""
    entered = {event.task_id for event in snapshot.events if event.kind == "entered"}
    left = {event.task_id for event in snapshot.events if event.kind == "cancelled"}
    if left:
        _cancel(case, left)
    _offer(case, _add(case, [one for one in snapshot.ready if one.id in entered]))
    publish(InboxChanged(case.consultation.id))


def _cancel(case: Case, engine_ids: Collection[str]) -> None:
    waiting = select(Task).where(
        Task.consultation_id == case.consultation.id,
        Task.engine_id.in_(engine_ids),
        Task.state == State.READY,
    )
    for task in db.session.scalars(waiting):
        task.state, task.ended_at = State.CANCELLED, case.at


def _add(case: Case, ready: Sequence[UserTask]) -> list[Task]:
    """Store a task for each; they are for reading only, the session does not know them."""
    if not ready:
        return []
    rows = [_row(case, one) for one in ready]
    ids = insert_returning(Task, rows)
    return [
        Task(id=id_, consultation=case.consultation, **row)
        for id_, row in zip(ids, rows, strict=True)
    ]


def _row(case: Case, ready: UserTask) -> dict[str, Any]:
    consultation = case.consultation
    hospital_id, department_id = _place(consultation, ready.side)
    candidates = [int(key) for key in ready.candidate_users]
    role = role_of(ready.roles[0]) if ready.roles else None
    if len(ready.roles) > 1 and not candidates:
        candidates = _holders_of_any(ready.roles, hospital_id)
    assignee = int(ready.assignee) if ready.assignee else None
    if assignee is None and not candidates:
        if role is Role.APPLICANT:
            assignee = consultation.applicant_id
        elif role is Role.EXPERT:
            candidates = [person.id for person in experts_of(consultation)]
    if ready.side == "invited" and consultation.reached_invited_at is None:
        write(consultation, reached_invited_at=case.at)
    for one in ready.roles:
        if not isinstance(role_of(one), Role):
            write(consultation, involved=consultation.with_role(one))
    return {
        "consultation_id": consultation.id,
        "engine_id": ready.id,
        "element_id": ready.element_id,
        "name": ready.name,
        "name_en": ready.name_en,
        "form_id": ready.form_id,
        "record": ready.record,
        "item": ready.item,
        "is_session": ready.properties.get("session") == "true",
        "role": role,
        "hospital_id": hospital_id,
        "department_id": department_id if role in BY_DEPARTMENT else None,
        "candidate_ids": candidates,
        "assignee_id": assignee,
        "priority": ready.priority,
        "created_at": case.at,
        "due_at": ready.due_at,
    }


def _holders_of_any(roles: Collection[str], hospital_id: int | None) -> list[int]:
    """Who holds one of several roles now, at the hospital of the task if it has one."""
    place = {} if hospital_id is None else {"hospital_id": hospital_id}
    return sorted({one.id for role in roles for one in holders(role, **place)})


_OFFERED = ("role", "hospital_id", "department_id", "candidate_ids")


def renew(case: Case, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Let the waiting tasks say what the case's present version says of them.

    Returns what they said before, as JSON: [{"id": …, column: value}]. Whoever has a task keeps
    it, unless it is offered to others now; these are told.
    """
    waiting = {task.engine_id: task for task in _waiting(case)}
    before, others = [], []
    for ready in snapshot.ready:
        if (task := waiting.get(ready.id)) is None:
            continue
        row = _row(case, ready)
        is_offered_anew = any(row[name] != getattr(task, name) for name in _OFFERED)
        kept = {"created_at"} if is_offered_anew else {"created_at", "assignee_id"}
        changed = {
            name: value
            for name, value in row.items()
            if name not in kept and value != getattr(task, name)
        }
        if not changed:
            continue
        if "assignee_id" in changed:
            changed["claimed_at"] = None
        before.append({"id": task.id, **{name: _plain(getattr(task, name)) for name in changed}})
        _store(task, changed)
        if is_offered_anew:
            others.append(task)
    _tell_workers(case, others)
    publish(InboxChanged(case.consultation.id))
    return before


def put_back(case: Case, before: Sequence[Mapping[str, Any]]) -> None:
    """Undo what `renew` did; tasks that have ended since stay as they are."""
    known = {one["id"]: one for one in before}
    for task in _waiting(case):
        if task.id in known:
            values = {name: value for name, value in known[task.id].items() if name != "id"}
            _store(task, {name: _value(name, value) for name, value in values.items()})
    publish(InboxChanged(case.consultation.id))


def _waiting(case: Case) -> list[Task]:
    statement = select(Task).where(
        Task.consultation_id == case.consultation.id, Task.state == State.READY
    )
    return list(db.session.scalars(statement))


def _store(task: Task, values: Mapping[str, Any]) -> None:
    write(task, **values)
    if "candidate_ids" in values:
        db.session.execute(delete(TaskCandidate).where(TaskCandidate.task_id == task.id))
        rows = [{"task_id": task.id, "person_id": one} for one in values["candidate_ids"]]
        if rows:
            insert_rows(TaskCandidate, rows)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _value(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name.endswith("_at") and value else value


def _place(consultation: Consultation, side: str | None) -> tuple[int | None, int | None]:
    """The hospital and department a lane's side means in this case."""
    if side == "inviting":
        return consultation.inviting_hospital_id, consultation.inviting_department_id
    if side == "invited":
        return consultation.invited_hospital_id, consultation.invited_department_id
    return None, None


def _offer(case: Case, added: Sequence[Task]) -> None:
    """Put candidates where queries see them, and tell those whose task it plainly is."""
    candidates = [
        {"task_id": task.id, "person_id": person_id}
        for task in added
        for person_id in task.candidate_ids
    ]
    if candidates:
        insert_rows(TaskCandidate, candidates)
    _tell_workers(case, added)


def _tell_workers(case: Case, added: Sequence[Task]) -> None:
    for task in added:
        actor_id = None if case.actor is None else case.actor.actor_id
        people = [person for person in workers(task) if person.id != actor_id]
        if people:
            tell(people, case.consultation, "task-assigned", **facts_of(task))


def workers(task: Task) -> list[Addressee]:
    """Everybody to whom a task is open."""
    if task.assignee_id is not None:
        return addressees([task.assignee_id])
    if task.candidate_ids:
        return addressees(task.candidate_ids)
    if task.role is None:
        return []
    place = {"hospital_id": task.hospital_id, "department_id": task.department_id}
    return holders(task.role, **{key: id_ for key, id_ in place.items() if id_ is not None})


def facts_of(task: Task) -> dict[str, Any]:
    """What a notice about a task may say, and where it leads. The task must have its id."""
    return {
        "task": task.name,
        "task_en": task.name_en or None,
        "task_id": task.id,
        "due_at": task.due_at,
    }


def _assignees(consultation: Consultation) -> list[Addressee]:
    ready = select(Task).where(Task.consultation_id == consultation.id, Task.state == State.READY)
    return [person for task in db.session.scalars(ready) for person in workers(task)]


assignees.append(_assignees)
