"""What people do with a task: claim, release, draft, complete it, urge whoever has it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.addressees import Addressee
from app.audit import Deed, record
from app.consultations import incidents
from app.consultations.audience import tell
from app.consultations.models import Consultation
from app.consultations.steps import Case, Completion, Stranded, case_of, take
from app.db import db, get_or_404, now, publish, transactional, write
from app.errors import Conflict, TooLarge
from app.permissions import Actor, Permission, require
from app.processes.vocabulary import save_of
from app.tasks import queries
from app.tasks.answers import typed_answers
from app.tasks.events import InboxChanged, TaskCompleted
from app.tasks.inbox import facts_of, workers
from app.tasks.models import State, Task

LARGEST_DRAFT = 64 * 1024  # characters of JSON


def complete_task(task_id: int, actor: Actor, answers: Mapping[str, Any]) -> Task:
    """Complete a task with a form's answers; the case moves on in the same transaction.

    Raises NotFound, Forbidden, Conflict if somebody was faster or a signature is missing,
    Suspended, Invalid with the fields at fault, and Stranded if the case cannot go on: then the
    answers are kept as a draft and the process managers know of it.
    """
    try:
        return _complete(task_id, actor, answers)
    except Stranded as stranded:
        _keep_for_later(task_id, actor, answers, stranded)
        raise


@transactional
def _complete(task_id: int, actor: Actor, answers: Mapping[str, Any]) -> Task:
    task, instance = queries.locked(task_id)
    require(actor, Permission.TASK_WORK, task)
    still_ready(task)
    _signatures_given(task)
    case = case_of(task.consultation, actor)
    typed = typed_answers(task, instance, case, answers)
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


@transactional
def _keep_for_later(
    task_id: int, actor: Actor, answers: Mapping[str, Any], stranded: Stranded
) -> None:
    task, instance = queries.locked(task_id)
    if task.state != State.READY:
        return
    task.draft, task.draft_at = dict(answers), now()
    task.assignee_id = actor.actor_id
    incidents.note(
        instance,
        {**stranded.details, "name": stranded.details["name"] or task.name},
        engine_task_id=task.engine_id,
        task_id=task.id,
        person_id=actor.actor_id,
    )
    stranded.message = _(
        "流程在“%(step)s”之后无法继续，您填写的内容已保存为草稿，流程管理员已收到通知",
        step=task.name,
    )


def _finish(task: Task, case: Case, answers: Mapping[str, Any]) -> None:
    assert case.actor is not None  # noqa: S101 - a task is completed by a person
    write(
        task,
        state=State.COMPLETED,
        ended_at=case.at,
        completed_by_id=case.actor.actor_id,
        assignee_id=case.actor.actor_id,
        answers=dict(answers),
        draft=None,
        draft_at=None,
    )


@transactional
def claim(task_id: int, actor: Actor) -> Task:
    """Take a task of one's group (认领). Raises Conflict if somebody has it."""
    task, _instance = queries.locked(task_id)
    if task.state != State.READY or task.assignee_id not in (None, actor.actor_id):
        # Too late for whoever may know of the case; anybody else is told nothing of it.
        require(actor, Permission.CONSULTATION_READ, task.consultation)
        still_ready(task)
        raise Conflict(_("已被其他人认领"))
    require(actor, Permission.TASK_WORK, task)
    take_over(task, actor)
    return task


def take_over(task: Task, actor: Actor) -> None:
    """Make a task that is nobody's this actor's."""
    if task.assignee_id is None:
        task.assignee_id, task.claimed_at = actor.actor_id, now()
        record(actor, Deed.TASK_CLAIMED, task.consultation, task=task.id)
        publish(InboxChanged(task.consultation_id))


@transactional
def release(task_id: int, actor: Actor) -> Task:
    """Give a claimed task back to the group. Raises Conflict if it was given to one person."""
    task, _instance = queries.locked(task_id)
    require(actor, Permission.TASK_WORK, task)
    still_ready(task)
    if task.claimed_at is None:
        raise Conflict(_("这个任务指定由您办理，可以转办给他人"))
    task.assignee_id = task.claimed_at = None
    record(actor, Deed.TASK_RELEASED, task.consultation, task=task.id)
    publish(InboxChanged(task.consultation_id))
    return task


@transactional
def save_draft(task_id: int, actor: Actor, answers: Mapping[str, Any]) -> Task:
    """Keep unfinished answers, unchecked; whoever starts writing has claimed the task."""
    task, _instance = queries.locked(task_id)
    require(actor, Permission.TASK_WORK, task)
    still_ready(task)
    if len(json.dumps(answers, ensure_ascii=False)) > LARGEST_DRAFT:
        raise TooLarge
    take_over(task, actor)
    task.draft, task.draft_at = dict(answers), now()
    return task


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
        raise Conflict(_("一小时内已经催办过，或没有等待办理的任务"))
    told = 0
    for task in fresh:
        task.urged_at = now()
        people = [person for person in workers(task) if person.id != actor.actor_id]
        told += len(people)
        tell_of(task, people, "urged")
    record(actor, Deed.CONSULTATION_URGED, consultation, tasks=[task.id for task in fresh])
    return told


def _may_be_urged(task: Task) -> bool:
    return task.urged_at is None or (now() - task.urged_at).total_seconds() >= 3600


def still_ready(task: Task) -> None:
    """Raise Conflict if the task no longer waits."""
    if task.state != State.READY:
        raise Conflict(_("这个任务已经办结或已不需要办理"))


def _signatures_given(task: Task) -> None:
    if task.open_signatures:
        raise Conflict(_("还有加签没有答复"))


def tell_of(task: Task, people: Sequence[Addressee], template: str) -> None:
    """Queue a notice about a task."""
    publish(InboxChanged(task.consultation_id))
    if people:
        tell(people, task.consultation, template, **facts_of(task))
