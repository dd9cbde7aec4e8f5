"""What people, and time, do to a case beside completing its tasks."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import contains_eager

from app.accounts.models import Person
from app.audit import Deed, record
from app.consultations import choosing, incidents, queries
from app.consultations.models import (
    Capacity,
    Comment,
    Consultation,
    Counter,
    Instance,
    Participant,
)
from app.consultations.steps import Case, CaseMoved, Stranded, case_of, settle, take
from app.db import db, get_or_404, now, publish, transactional
from app.errors import Conflict, DomainError, Invalid, NotFound
from app.permissions import Actor, Permission, allows, require
from app.processes.queries import definition, startable
from bpmn.engine import Execution, Stuck

log = structlog.get_logger()
LONGEST_COMMENT = 4000  # characters


class Wish(StrEnum):
    """What may be asked of a case at any time: the name of the message its diagram waits for."""

    WITHDRAW = "withdraw"  # 撤回, until the invited side accepts
    CANCEL = "cancel"
    RESCHEDULE = "reschedule"


_WISHES = {
    Wish.WITHDRAW: (Permission.CONSULTATION_WITHDRAW, Deed.CONSULTATION_WITHDRAWN),
    Wish.CANCEL: (Permission.CONSULTATION_CANCEL, Deed.CONSULTATION_CANCELLED),
    Wish.RESCHEDULE: (Permission.CONSULTATION_RESCHEDULE, Deed.CONSULTATION_RESCHEDULED),
}


@transactional
def start_consultation(
    actor: Actor, answers: Mapping[str, str] | None = None, wish: str = ""
) -> Consultation:
    """Open a new case in draft, with the version of its process in force, at its first task.

    answers, wish: what the choice of the process is made by, see `choosing.choose`. Raises
    Forbidden, Tampered, Conflict, Invalid also if the applicant belongs to no department.
    """
    require(actor, Permission.CONSULTATION_START)
    person = get_or_404(Person, actor.actor_id)
    if person.hospital_id is None or person.department_id is None:
        raise Invalid({}, _("请先在个人资料中填写医院和科室"))
    key = choosing.choose(person, answers or {}, wish)
    version = startable(key)
    consultation = Consultation(
        number=_next_number(),
        applicant_id=person.id,
        inviting_hospital_id=person.hospital_id,
        inviting_department_id=person.department_id,
        created_at=now(),
    )
    consultation.participants.append(
        Participant(person_id=person.id, capacity=Capacity.APPLICANT, added_at=now())
    )
    db.session.add(consultation)
    db.session.flush()
    record(actor, Deed.CONSULTATION_STARTED, consultation, process=key, version=version.digest)
    _begin(case_of(consultation, actor), version.digest)
    return consultation


def _begin(case: Case, digest: str) -> None:
    given = {"applicant": str(case.consultation.applicant_id), "consultation": case.consultation.id}
    instance = Instance(consultation=case.consultation, digest=digest, state="", messages=[])
    db.session.add(instance)
    db.session.flush()
    try:
        settle(case, instance, Execution.start(definition(digest), given, case.at))
    except Stuck as stuck:
        raise Stranded.at(stuck) from stuck


@transactional
def ask(consultation_id: int, actor: Actor, wish: Wish, reason: str) -> Consultation:
    """Ask something of a case outside its tasks; the diagram says what comes of it.

    Raises NotFound, Forbidden, Invalid without a reason, Conflict if the diagram does not wait
    for that now.
    """
    permission, deed = _WISHES[wish]
    instance = lock(consultation_id)
    consultation = instance.consultation
    require(actor, permission, consultation)
    if not reason.strip():
        raise Invalid({"reason": _("请说明理由")})
    if wish not in instance.messages:
        raise Conflict(_("会诊已进入下一阶段，现在不能进行这个操作"))
    case = case_of(consultation, actor)
    db.session.add(_comment(case, actor, reason))
    record(actor, deed, consultation)
    take(case, instance, lambda execution, at: _hand(execution, wish, at))
    return consultation


def may_ask(consultation: Consultation, actor: Actor) -> list[Wish]:
    """What the diagram waits for now and this person may ask."""
    awaited = consultation.instance.messages
    return [
        wish
        for wish, (permission, _deed) in _WISHES.items()
        if wish in awaited and allows(actor, permission, consultation)
    ]


def _hand(execution: Execution, message: Wish, at: datetime) -> None:
    if not execution.deliver(message, {}, at):
        raise Conflict


@transactional
def comment(consultation_id: int, actor: Actor, text: str) -> Comment:
    """Say something about a case, at any time, outside its tasks."""
    consultation = get_or_404(Consultation, consultation_id)
    require(actor, Permission.CONSULTATION_COMMENT, consultation)
    if not text.strip():
        raise Invalid({"text": _("请填写内容")})
    if len(text) > LONGEST_COMMENT:
        raise Invalid({"text": _("内容不能超过%(n)s字", n=LONGEST_COMMENT)})
    said = _comment(case_of(consultation, actor), actor, text)
    db.session.add(said)
    record(actor, Deed.CONSULTATION_COMMENTED, consultation)
    publish(CaseMoved(consultation.id, consultation.status))
    return said


def _comment(case: Case, actor: Actor, text: str) -> Comment:
    return Comment(
        consultation_id=case.consultation.id, author_id=actor.actor_id, text=text, at=case.at
    )


@transactional
def read(consultation_id: int, actor: Actor) -> Consultation:
    """The case for its page; that it was read is noted (S4-13). Raises NotFound, Forbidden."""
    consultation = queries.with_people(consultation_id)
    if consultation is None:
        raise NotFound
    require(actor, Permission.CONSULTATION_READ, consultation)
    record(actor, Deed.CONSULTATION_READ, consultation)
    return consultation


def wake_due(limit: int = 100) -> int:
    """Fire the timers that are due, each case in a transaction of its own; how many were woken."""
    woken = queries.due(now(), limit)
    db.session.rollback()  # nothing is held while the cases are worked one by one
    for consultation_id in woken:
        wake(consultation_id)
    return len(woken)


def wake(consultation_id: int, *, is_retry: bool = False) -> bool:
    """Fire the timers of a case that are due; a failure becomes an incident, to be tried again.

    is_retry: although it was put off. Whether that went well.
    """
    try:
        _wake(consultation_id, is_retry)
    except Stranded as stranded:
        _postpone(consultation_id, stranded.details)
    except DomainError as error:
        _postpone(consultation_id, {"reason": str(error.message), "reason_en": error.code})
    except Exception as error:
        log.exception("wake-up failed", consultation=consultation_id)
        _postpone(consultation_id, {"reason": type(error).__name__})
    else:
        return True
    return False


@transactional
def _wake(consultation_id: int, is_retry: bool) -> None:
    instance = lock(consultation_id)
    is_due = instance.wake_at is not None and instance.wake_at <= now()
    if not is_due and not is_retry:
        return  # somebody was faster
    case = case_of(instance.consultation, None)
    record(None, Deed.TIMER_FIRED, instance.consultation)
    take(case, instance, lambda execution, at: execution.tick(at))


@transactional
def _postpone(consultation_id: int, details: Mapping[str, Any]) -> None:
    instance = lock(consultation_id)
    incident = incidents.note(instance, details)
    if instance.suspended_at is None:
        instance.wake_at = now() + incidents.pause(incident)


def lock(consultation_id: int) -> Instance:
    """The case's instance, kept from others until the transaction ends. Raises NotFound."""
    statement = (
        select(Instance)
        .join(Instance.consultation)
        .where(Instance.consultation_id == consultation_id)
        .options(contains_eager(Instance.consultation).contains_eager(Consultation.instance))
        .with_for_update(of=Instance)
        .execution_options(populate_existing=True)
    )
    instance = db.session.scalar(statement)
    if instance is None:
        raise NotFound
    return instance


def _next_number() -> str:
    """HZ and the day with a running number, unique however many ask at once (S4-42, S4-43)."""
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    day = now().astimezone(zone).strftime("%Y%m%d")
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Counter).values(name=f"consultation:{day}", value=1)
    statement = statement.on_conflict_do_update(
        index_elements=[Counter.name], set_={"value": Counter.value + 1}
    ).returning(Counter.value)
    return f"HZ{day}-{db.session.execute(statement).scalar_one():04d}"
