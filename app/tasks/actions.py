"""What people do with a task: claim, release, draft, complete, delegate, ask for a signature."""

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

import forms
from app.accounts.models import Person
from app.audit import Deed, record
from app.consultations.models import Capacity, Consultation, Instance, Participant
from app.consultations.steps import Case, Completion, case_of, take
from app.db import db, get_or_404, now, publish, transactional
from app.errors import Conflict, Forbidden, Invalid, TooLarge
from app.notices.actions import queue
from app.permissions import Actor, Permission, require
from app.processes.queries import definition
from app.processes.vocabulary import options_of, save_of
from app.tasks import queries
from app.tasks.events import InboxChanged, TaskCompleted
from app.tasks.inbox import facts_of, workers
from app.tasks.models import Signer, State, Task
from app.web import language

LARGEST_DRAFT = 64 * 1024  # characters of JSON


@transactional
def complete_task(task_id: int, actor: Actor, answers: Mapping[str, Any]) -> Task:
    """Complete a task with a form's answers; the case moves on in the same transaction.

    Raises NotFound, Forbidden, Conflict if somebody was faster or a signature is missing,
    Invalid with the fields at fault.
    """
    task, instance = queries.locked(task_id)
    require(actor, Permission.TASK_WORK, task)
    _still_ready(task)
    _signatures_given(task)
    case = case_of(task.consultation, actor)
    typed = _typed(task, instance, case, answers)
    _finish(task, case, typed)
    if task.record:
        save_of(task.record)(case, Completion(task.id, task.element_id, task.item, typed))
    record(
        actor,
        Deed.TASK_COMPLETED,
        case.consultation,
        task=task.id,
        element=task.element_id,
        name=task.name,
    )
    take(case, instance, lambda run, at: run.complete(task.engine_id, typed, at))
    publish(TaskCompleted(task.id, task.consultation_id, task.element_id))
    return task


def _finish(task: Task, case: Case, answers: Mapping[str, Any]) -> None:
    assert case.actor is not None  # noqa: S101 - a task is completed by a person
    task.state, task.ended_at = State.COMPLETED, case.at
    task.completed_by_id = task.assignee_id = case.actor.actor_id
    task.answers, task.draft, task.draft_at = dict(answers), None, None


def _typed(
    task: Task, instance: Instance, case: Case, answers: Mapping[str, Any]
) -> dict[str, Any]:
    form = form_of(task, instance.digest)
    if form is None:
        if answers:
            raise Invalid({key: _("没有这个字段") for key in answers})
        return {}
    try:
        opened_with = form_data(task, form, case)
        return forms.load(form, answers, opened_with, language=language(), now=case.at)
    except forms.Invalid as invalid:
        raise Invalid(invalid.errors) from invalid


def form_of(task: Task, digest: str) -> Mapping[str, Any] | None:
    """The form of a task, in the version its case was started with; None if it has none."""
    return definition(digest).bundle.forms[task.form_id] if task.form_id else None


def form_data(task: Task, form: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """What a form is opened with: the answers given before and the options there are now. The
    same goes into checking, or browser and server would disagree about hidden fields."""
    return {**_answered_before(task), **_option_lists(form, case)}


def _answered_before(task: Task) -> dict[str, Any]:
    """What the same step was answered the last time, when a case came back to it (退回)."""
    if task.record != "application":
        return {}  # a review, an opinion, a report is thought anew
    last = db.session.scalar(
        select(Task)
        .where(
            Task.consultation_id == task.consultation_id,
            Task.element_id == task.element_id,
            Task.state == State.COMPLETED,
            Task.completed_by_id == task.assignee_id,
        )
        .order_by(Task.id.desc())
        .limit(1)
    )
    return dict(last.answers or {}) if last is not None else {}


def _option_lists(form: Mapping[str, Any], case: Case) -> dict[str, Any]:
    wanted = {field.values_key for field in forms.fields(form) if field.values_key}
    found = {name: options_of(name) for name in wanted}
    return {name: list(options(case)) for name, options in found.items() if options is not None}


@transactional
def claim(task_id: int, actor: Actor) -> Task:
    """Take a task of one's group (认领). Raises Conflict if somebody has it."""
    task, _instance = queries.locked(task_id)
    if task.state != State.READY or task.assignee_id not in (None, actor.actor_id):
        # Too late for whoever may know of the case; anybody else is told nothing of it.
        require(actor, Permission.CONSULTATION_READ, task.consultation)
        _still_ready(task)
        raise Conflict(_("已被其他人认领"))
    require(actor, Permission.TASK_WORK, task)
    _claim(task, actor)
    return task


def _claim(task: Task, actor: Actor) -> None:
    if task.assignee_id is None:
        task.assignee_id, task.claimed_at = actor.actor_id, now()
        record(actor, Deed.TASK_CLAIMED, task.consultation, task=task.id)
        publish(InboxChanged(task.consultation_id))


@transactional
def release(task_id: int, actor: Actor) -> Task:
    """Give a claimed task back to the group. Raises Conflict if it was given to one person."""
    task, _instance = queries.locked(task_id)
    require(actor, Permission.TASK_WORK, task)
    _still_ready(task)
    if task.claimed_at is None:
        raise Conflict(_("这个任务指定由您办理,可以转办给他人"))
    task.assignee_id = task.claimed_at = None
    record(actor, Deed.TASK_RELEASED, task.consultation, task=task.id)
    publish(InboxChanged(task.consultation_id))
    return task


@transactional
def save_draft(task_id: int, actor: Actor, answers: Mapping[str, Any]) -> Task:
    """Keep unfinished answers, unchecked; whoever starts writing has claimed the task."""
    task, _instance = queries.locked(task_id)
    require(actor, Permission.TASK_WORK, task)
    _still_ready(task)
    if len(json.dumps(answers, ensure_ascii=False)) > LARGEST_DRAFT:
        raise TooLarge
    _claim(task, actor)
    task.draft, task.draft_at = dict(answers), now()
    return task


@transactional
def delegate(task_id: int, actor: Actor, person_id: int, reason: str) -> Task:
    """Hand a task to a colleague of the same hospital (转办), who may then read the case."""
    task, _instance = queries.locked(task_id)
    require(actor, Permission.TASK_WORK, task)
    _still_ready(task)
    colleague = _colleague(actor, person_id)
    if not reason.strip():
        raise Invalid({"reason": _("请说明理由")})
    task.assignee_id, task.claimed_at, task.draft = colleague.id, None, None
    _take_part(task.consultation, colleague, Capacity.DELEGATE)
    record(actor, Deed.TASK_DELEGATED, task.consultation, task=task.id, to=colleague.id)
    _tell([colleague], "delegated", task)
    return task


@transactional
def add_signer(task_id: int, actor: Actor, person_id: int, question: str) -> Signer:
    """Ask a colleague to sign too (加签); until they answer the task cannot be completed."""
    task, _instance = queries.locked(task_id)
    require(actor, Permission.TASK_ADD_SIGNER, task)
    _still_ready(task)
    colleague = _colleague(actor, person_id)
    if any(signer.person_id == colleague.id for signer in task.signers):
        raise Conflict(_("已经请这位同事加签"))
    if not question.strip():
        raise Invalid({"question": _("请说明需要对方确认什么")})
    _claim(task, actor)
    signer = Signer(
        task=task,
        person_id=colleague.id,
        asked_by_id=actor.actor_id,
        asked_at=now(),
        question=question.strip(),
    )
    db.session.add(signer)
    _take_part(task.consultation, colleague, Capacity.SIGNER)
    record(actor, Deed.SIGNER_ADDED, task.consultation, task=task.id, signer=colleague.id)
    _tell([colleague], "signer-added", task)
    return signer


@transactional
def answer_as_signer(task_id: int, actor: Actor, *, agrees: bool, remark: str) -> Signer:
    """Say yes or no to what one was asked to sign. Raises Forbidden if one was not asked."""
    task, _instance = queries.locked(task_id)
    signer = next((one for one in task.signers if one.person_id == actor.actor_id), None)
    if signer is None or not actor.grants:
        raise Forbidden
    _still_ready(task)
    if signer.answered_at is not None:
        raise Conflict(_("您已经答复过"))
    if not agrees and not remark.strip():
        raise Invalid({"remark": _("不同意时请说明理由")})
    signer.agrees, signer.remark, signer.answered_at = agrees, remark.strip(), now()
    record(actor, Deed.SIGNER_ANSWERED, task.consultation, task=task.id, agrees=agrees)
    publish(InboxChanged(task.consultation_id))
    return signer


@transactional
def urge(consultation_id: int, actor: Actor) -> int:
    """Remind whoever a case waits for (催办), at most once an hour; how many people were told."""
    consultation = get_or_404(Consultation, consultation_id)
    require(actor, Permission.CONSULTATION_URGE, consultation)
    ready = list(
        db.session.scalars(
            select(Task).where(Task.consultation_id == consultation_id, Task.state == State.READY)
        )
    )
    fresh = [task for task in ready if _may_be_urged(task)]
    if not fresh:
        raise Conflict(_("一小时内已经催办过,或没有等待办理的任务"))
    told = 0
    for task in fresh:
        task.urged_at = now()
        people = [person for person in workers(task) if person.id != actor.actor_id]
        told += len(people)
        _tell(people, "urged", task)
    record(actor, Deed.CONSULTATION_URGED, consultation, tasks=[task.id for task in fresh])
    return told


def _may_be_urged(task: Task) -> bool:
    return task.urged_at is None or (now() - task.urged_at).total_seconds() >= 3600


def _still_ready(task: Task) -> None:
    if task.state != State.READY:
        raise Conflict(_("这个任务已经办结或已不需要办理"))


def _signatures_given(task: Task) -> None:
    waiting = db.session.scalar(
        select(func.count()).where(Signer.task_id == task.id, Signer.answered_at.is_(None))
    )
    if waiting:
        raise Conflict(_("还有加签没有答复"))


def _colleague(actor: Actor, person_id: int) -> Person:
    """An approved person of the actor's own hospital, other than the actor."""
    mine, theirs = get_or_404(Person, actor.actor_id), db.session.get(Person, person_id)
    if (
        theirs is None
        or theirs.id == mine.id
        or theirs.hospital_id != mine.hospital_id
        or not theirs.grants
    ):
        raise Invalid({"person": _("请选择本院的其他在岗人员")})
    return theirs


def _take_part(consultation: Consultation, person: Person, capacity: Capacity) -> None:
    known = db.session.query(Participant).filter_by(
        consultation_id=consultation.id, person_id=person.id, capacity=capacity
    )
    if known.first() is None:
        db.session.add(
            Participant(
                consultation_id=consultation.id,
                person_id=person.id,
                capacity=capacity,
                added_at=now(),
            )
        )


def _tell(people: list[Person], template: str, task: Task) -> None:
    publish(InboxChanged(task.consultation_id))
    if people:
        queue(
            people,
            template,
            consultation_id=task.consultation_id,
            **facts_of(task, template),
        )
