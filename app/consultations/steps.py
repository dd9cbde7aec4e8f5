"""One step of a case: run its engine, do what it asks, keep the state, tell the projections.

The only place where state and engine meet. Everything happens inside the caller's transaction,
under a lock on the case's instance.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from blinker import Namespace
from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from app.audit import Deed, record
from app.consultations import incidents
from app.consultations.models import TRANSITIONS, Consultation, ElementLog, Instance, Status
from app.db import insert_rows, now, publish, write
from app.errors import Conflict, DomainError
from app.permissions import Actor
from app.processes.queries import definition
from app.processes.vocabulary import run_of
from bpmn.engine import Call, Execution, NotReady, Snapshot, Stuck
from bpmn.limits import LIMITS

log = structlog.get_logger()

# Sent inside the transaction with `case` and `snapshot`: the inbox brings its rows up to date.
stepped = Namespace().signal("stepped")


@dataclass(frozen=True)
class Case:
    """A consultation in the middle of a step; what operations and record kinds are given."""

    consultation: Consultation
    actor: Actor | None  # None: time passed
    at: datetime


@dataclass(frozen=True)
class Completion:
    """A task that is being completed, as record kinds see it."""

    task_id: int
    element_id: str
    item: Any
    answers: dict[str, Any]


@dataclass(frozen=True)
class CaseMoved:
    """A case took a step; told after the commit."""

    consultation_id: int
    status: str


class Stranded(DomainError):
    """The diagram leads nowhere from here, or a service failed; nothing was changed.

    details: element, name, reason, reason_en.
    """

    code, status = "incident", 409
    message = _("流程在这一步无法继续，请联系流程管理员")

    @classmethod
    def at(cls, stuck: Stuck) -> "Stranded":
        """The engine's complaint, told to a person."""
        return cls(
            element=stuck.element_id,
            name=stuck.element_name,
            reason=stuck.reason_zh,
            reason_en=stuck.reason,
        )


class Suspended(Conflict):
    """A supervisor suspended the case; it can go on once they resume it."""

    code = "suspended"
    message = _("这个会诊已被流程管理员暂停，恢复后才能继续办理；您填写的内容可以先存为草稿")


def take(case: Case, instance: Instance, act: Callable[[Execution, datetime], None]) -> Snapshot:
    """Let `act` move the case's engine, then do all that follows from it.

    instance: locked by the caller. Raises Suspended, Conflict if what is acted on is not waiting,
    Stranded if the diagram leads nowhere; all leave nothing behind once rolled back.
    """
    if instance.suspended_at is not None:
        raise Suspended
    return change(case, instance, act)


def change(case: Case, instance: Instance, act: Callable[[Execution, datetime], None]) -> Snapshot:
    """As take, for whoever may change a case that is suspended too."""
    execution = Execution.resume(definition(instance.digest), instance.state)
    try:
        act(execution, case.at)
        return settle(case, instance, execution)
    except NotReady as error:
        raise Conflict from error
    except Stuck as stuck:
        raise Stranded.at(stuck) from stuck


def settle(case: Case, instance: Instance, execution: Execution) -> Snapshot:
    """Answer the service calls of an execution until none waits, and keep where it stands."""
    _answer_calls(case, execution)
    snapshot = execution.snapshot(case.at)
    write(
        instance,
        state=snapshot.state,
        wake_at=None if instance.suspended_at else snapshot.wake_at,
        messages=sorted(snapshot.messages),
        places=places(snapshot, instance.places or (), case.at),
        is_finished=snapshot.is_finished,
    )
    if instance.incident is not None:
        incidents.review(instance, case.actor)
    if snapshot.status is not None:
        _set_status(case, Status(snapshot.status))
    _log(case, snapshot)
    stepped.send(case, snapshot=snapshot)
    publish(CaseMoved(case.consultation.id, case.consultation.status))
    return snapshot


def _answer_calls(case: Case, execution: Execution) -> None:
    for _round in range(LIMITS.service_rounds):
        waiting = execution.calls()
        if not waiting:
            return
        for call in waiting:
            execution.answer(call.id, _ask(case, call), case.at)
    most = LIMITS.service_rounds
    raise Stuck(
        "",
        "",
        f"more than {most} rounds of calls in one step",
        f"一步之内连续调用服务超过 {most} 轮",
    )


def _ask(case: Case, call: Call) -> Mapping[str, Any]:
    """What an operation yields; that it failed is the case's trouble, not the server's."""
    try:
        return run_of(call.operation)(case, **call.inputs) or {}
    except (DomainError, DBAPIError, StaleDataError, Stuck):
        raise
    except Exception as error:
        log.exception("operation failed", operation=call.operation, element=call.element_id)
        kind = type(error).__name__
        raise Stuck(
            call.element_id,
            "",
            f"the service {call.operation!r} failed ({kind})",
            f"服务“{call.operation}”出错（{kind}）",
        ) from error


def places(
    snapshot: Snapshot, before: Sequence[Mapping[str, Any]], at: datetime
) -> list[dict[str, Any]]:
    """The tokens as an instance keeps them; what stood there before stands there since then."""
    since = {one["task"]: one["since"] for one in before}
    due = {one.id: one.due_at for one in snapshot.ready}
    found = [
        {
            "task": task,
            "element": element,
            "since": since.get(task, int(at.timestamp())),
            "due": int(moment.timestamp()) if (moment := due.get(task)) else None,
        }
        for task, element in snapshot.standing.items()
    ]
    return sorted(found, key=lambda one: one["since"])


def _set_status(case: Case, status: Status) -> None:
    consultation = case.consultation
    present = Status(consultation.status)
    if status is present:
        return
    if status not in TRANSITIONS[present]:
        raise Stuck(
            "",
            "",
            f"a case that is {present} cannot become {status}",
            f"会诊的状态不能从 {present} 变为 {status}",
        )
    moments: dict[str, datetime] = {}
    if status is Status.IN_PROGRESS:
        moments["started_at"] = consultation.started_at or case.at
    if status is Status.COMPLETED:
        moments["completed_at"] = case.at
    write(consultation, status=str(status), **moments)
    record(case.actor, Deed.STATUS_CHANGED, consultation, old=str(present), new=str(status))


def _log(case: Case, snapshot: Snapshot) -> None:
    rows = [
        {
            "consultation_id": case.consultation.id,
            "element_id": event.element_id,
            "name": event.name,
            "kind": event.kind,
            "at": event.at,
            "engine_task_id": event.task_id,
            "actor_id": None if case.actor is None else case.actor.actor_id,
        }
        for event in snapshot.events
    ]
    if rows:
        insert_rows(ElementLog, rows)


def case_of(consultation: Consultation, actor: Actor | None) -> Case:
    """A step that begins now."""
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)  # what "today" means to a form
    return Case(consultation, actor, now().astimezone(zone))
