"""What a supervisor does to one case: each with a reason, in the audit trail and the timeline,
and refused where it would break a rule that every diagram is held to."""

import json
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.addressees import addressees
from app.accounts.models import Person, RoleAssignment
from app.audit import Deed, record
from app.consultations.actions import lock, wake
from app.consultations.audience import people_of, tell
from app.consultations.models import (
    TRANSITIONS,
    Capacity,
    ElementLog,
    Incident,
    Instance,
    Intervention,
    Status,
)
from app.consultations.steps import Case, CaseMoved, case_of, change
from app.db import db, get_or_404, publish, transactional, write
from app.errors import Conflict, DomainError, Invalid, NotFound
from app.permissions import Actor, Permission, require
from app.processes.queries import definition
from app.processes.vocabulary import VARIABLES, vocabulary
from app.rooms.actions import close_room
from app.tasks.actions import complete_task, still_ready
from app.tasks.colleagues import take_part
from app.tasks.events import InboxChanged
from app.tasks.inbox import facts_of
from app.tasks.models import State, Task
from app.web import language
from bpmn import repair
from bpmn.bundle import RESERVED, Finding
from bpmn.engine import Execution

LONGEST_REASON = 500
LONGEST_VALUE = 2_000  # characters of JSON


class AgainstRules(DomainError):
    """The deed would break a rule; `findings` says which."""

    code, status = "against-rules", 409


@transactional
def suspend(consultation_id: int, actor: Actor, reason: str) -> None:
    """Let nothing go on in a case: no completion is taken, no timer fires."""
    case, instance = _open(consultation_id, actor, reason)
    if instance.suspended_at is not None:
        raise Conflict(_("会诊已经暂停"))
    write(instance, suspended_at=case.at, wake_at=None)
    _note(case, Deed.CASE_SUSPENDED, reason)


@transactional
def resume(consultation_id: int, actor: Actor, reason: str) -> None:
    """Let a suspended case go on; what has come due meanwhile fires now."""
    case, instance = _open(consultation_id, actor, reason)
    if instance.suspended_at is None:
        raise Conflict(_("会诊没有暂停"))
    execution = Execution.resume(definition(instance.digest), instance.state)
    wake_at = execution.snapshot(case.at).wake_at
    write(instance, suspended_at=None, wake_at=wake_at)
    _note(case, Deed.CASE_RESUMED, reason)


@transactional
def send_back(consultation_id: int, actor: Actor, element: str, reason: str) -> None:
    """Let a case take an earlier step anew; what waits now is taken back.

    Raises Invalid unless the case was there, AgainstRules.
    """
    case, instance = _open(consultation_id, actor, reason)
    if element not in visited(instance):
        raise Invalid({"element": _("请选择这个会诊到过的步骤")})
    found = repair.against_sending_back(
        definition(instance.digest), vocabulary(), element, _has_consent(instance)
    )
    _refuse_if(found)
    _leave_session(case)
    change(case, instance, lambda run, at: run.change(at, repair.send_back(element)))
    _note(case, Deed.CASE_SENT_BACK, reason, element)


@transactional
def skip(task_id: int, actor: Actor, reason: str) -> None:
    """Let a case go on although nobody did a task. Raises AgainstRules."""
    task = _task(task_id)
    case, instance = _open(task.consultation_id, actor, reason)
    still_ready(task)
    _refuse_if(repair.against_skipping(definition(instance.digest), vocabulary(), task.element_id))
    if task.is_session:
        _leave_session(case)
    write(task, state=State.CANCELLED, ended_at=case.at)
    change(case, instance, lambda run, at: run.change(at, repair.skip(task.engine_id)))
    _note(case, Deed.STEP_SKIPPED, reason, task.element_id)


@transactional
def reassign(task_id: int, actor: Actor, person_id: int, reason: str) -> None:
    """Give a task to somebody who may do it by their role. Raises Invalid for anybody else."""
    task = _task(task_id)
    case, _instance = _open(task.consultation_id, actor, reason)
    still_ready(task)
    person = db.session.get(Person, person_id)
    if person is None or person not in able(task):
        raise Invalid({"person": _("请选择有相应角色的在岗人员")})
    write(task, assignee_id=person.id, claimed_at=None, draft=None, draft_at=None)
    take_part(case.consultation, person, Capacity.DELEGATE)
    _note(case, Deed.TASK_REASSIGNED, reason, task.element_id)
    tell(addressees([person.id]), case.consultation, "delegated", **facts_of(task))
    publish(InboxChanged(task.consultation_id))


@transactional
def correct(consultation_id: int, actor: Actor, name: str, text: str, reason: str) -> None:
    """Give a variable of the process another value of its kind; text: the value as JSON."""
    case, instance = _open(consultation_id, actor, reason)
    known = variables(instance)
    if name not in known or name in VARIABLES | RESERVED:
        raise Invalid({"name": _("请选择可以更正的变量")})
    value = read_value(text)
    if _kind(value) != _kind(known[name]) and known[name] is not None:
        raise Invalid({"value": _("新值须与原值同类")})
    change(case, instance, lambda run, at: run.change(at, repair.set_variable(name, value)))
    _note(case, Deed.VARIABLE_CORRECTED, reason, variable=name)


@transactional
def end(consultation_id: int, actor: Actor, reason: str) -> None:
    """End a case wherever it stands; whoever waits for it is told."""
    case, instance = _open(consultation_id, actor, reason)
    told = people_of(case.consultation, "all")
    _leave_session(case)
    change(case, instance, lambda run, at: run.change(at, repair.stop))
    consultation = case.consultation
    if Status.CANCELLED in TRANSITIONS[Status(consultation.status)]:
        record(
            actor,
            Deed.STATUS_CHANGED,
            consultation,
            old=consultation.status,
            new=str(Status.CANCELLED),
        )
        write(consultation, status=str(Status.CANCELLED))
        tell(told, consultation, "cancelled")
    _note(case, Deed.CASE_ENDED, reason)


def retry(incident_id: int, actor: Actor) -> bool:
    """Try a failed step once more, on behalf of whoever's answers were kept; whether it went on.

    Raises Forbidden, NotFound, Conflict if it is resolved already.
    """
    incident = get_or_404(Incident, incident_id)
    require(actor, Permission.CONSULTATION_SUPERVISE, incident.consultation)
    if incident.resolved_at is not None:
        raise Conflict(_("这个异常已经解决"))
    _note_retry(actor, incident)
    if incident.task_id is None:
        return wake(incident.consultation_id, is_retry=True)
    task, person = _task(incident.task_id), get_or_404(Person, incident.person_id)
    try:
        complete_task(task.id, person, task.draft or {})
    except DomainError:
        return False
    return True


@transactional
def _note_retry(actor: Actor, incident: Incident) -> None:
    record(actor, Deed.INCIDENT_RETRIED, incident.consultation, incident=incident.id)


def visited(instance: Instance) -> list[str]:
    """The elements a case has left, to which it may be sent back, latest first."""
    statement = (
        select(ElementLog.element_id)
        .where(
            ElementLog.consultation_id == instance.consultation_id, ElementLog.kind == "completed"
        )
        .order_by(ElementLog.id.desc())
    )
    nodes = definition(instance.digest).diagram.nodes
    found = dict.fromkeys(db.session.scalars(statement))
    return [one for one in found if one in nodes and nodes[one].kind == "userTask"]


def variables(instance: Instance) -> dict[str, Any]:
    """What the process of a case knows: choices and ids, nothing a patient told."""
    return Execution.resume(definition(instance.digest), instance.state).variables


def able(task: Task) -> list[Person]:
    """The active people whose role lets them do a task, by name."""
    holds = RoleAssignment.role == task.role
    people = db.session.scalars(select(Person).where(Person.roles.any(holds)).order_by(Person.name))
    return [one for one in people if one.id != task.assignee_id and task.is_within_role_of(one)]


def _open(consultation_id: int, actor: Actor, reason: str) -> tuple[Case, Instance]:
    """A case that is not over, for a deed with a reason."""
    instance = lock(consultation_id)
    require(actor, Permission.CONSULTATION_SUPERVISE, instance.consultation)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("请说明理由，不超过%(n)s字", n=LONGEST_REASON)})
    if instance.is_finished:
        raise Conflict(_("会诊的流程已经结束"))
    return case_of(instance.consultation, actor), instance


def _note(case: Case, deed: Deed, reason: str, element: str | None = None, **ids: Any) -> None:
    actor = case.actor
    assert actor is not None  # noqa: S101 - a deed is done by a person
    consultation = case.consultation
    intervention = Intervention(
        consultation_id=consultation.id,
        deed=str(deed),
        element_id=element,
        reason=reason.strip(),
        by_id=actor.actor_id,
        at=case.at,
    )
    db.session.add(intervention)
    db.session.flush()
    if element is not None:
        node = definition(consultation.instance.digest).diagram.nodes[element]
        ids |= {"element": element, "name": node.name}
    record(actor, deed, consultation, intervention=intervention.id, **ids)
    publish(CaseMoved(consultation.id, consultation.status))


def _refuse_if(findings: Iterable[Finding]) -> None:
    texts = [one.en if language() == "en" else one.zh for one in findings]
    if texts:
        raise AgainstRules("；".join(texts) if language() == "zh" else "; ".join(texts))


def _leave_session(case: Case) -> None:
    """Whoever is in the room has to leave it when the case goes elsewhere."""
    waiting = select(Task.id).where(
        Task.consultation_id == case.consultation.id,
        Task.state == State.READY,
        Task.is_session,
    )
    if db.session.scalar(waiting.limit(1)) is not None:
        close_room(case)


def _has_consent(instance: Instance) -> bool:
    """Whether a task that asks for the patient's consent was completed by somebody."""
    version = definition(instance.digest)
    asking = [
        node.id for node in version.diagram.nodes.values() if repair.asks_consent(version, node)
    ]
    statement = select(Task.id).where(
        Task.consultation_id == instance.consultation_id,
        Task.element_id.in_(asking),
        Task.state == State.COMPLETED,
    )
    return db.session.scalar(statement.limit(1)) is not None


def _task(task_id: int) -> Task:
    task = db.session.get(Task, task_id)
    if task is None:
        raise NotFound
    return task


def read_value(text: str) -> Any:
    """A variable's value from JSON. Raises Invalid."""
    if len(text) > LONGEST_VALUE:
        raise Invalid({"value": _("内容不能超过%(n)s字", n=LONGEST_VALUE)})
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Invalid({"value": _('请按 JSON 填写：文字加英文引号，如 "routine"')}) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, int | float) else type(value).__name__
