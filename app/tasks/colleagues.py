"""Bringing a colleague into a task: handing it over (转办), asking to sign too (加签)."""

from flask_babel import lazy_gettext as _

from app.accounts.models import Person
from app.audit import Deed, record
from app.consultations.models import Capacity, Consultation, Participant
from app.db import db, get_or_404, now, publish, transactional
from app.errors import Conflict, Forbidden, Invalid
from app.permissions import Actor, Permission, require
from app.tasks import queries
from app.tasks.actions import still_ready, take_over, tell_of
from app.tasks.events import InboxChanged
from app.tasks.models import Signer, Task


@transactional
def delegate(task_id: int, actor: Actor, person_id: int, reason: str) -> Task:
    """Hand a task to a colleague of the same hospital (转办), who may then read the case."""
    task, _instance = queries.locked(task_id)
    require(actor, Permission.TASK_WORK, task)
    still_ready(task)
    colleague = _colleague(actor, person_id)
    if not reason.strip():
        raise Invalid({"reason": _("请说明理由")})
    task.assignee_id, task.claimed_at, task.draft = colleague.id, None, None
    take_part(task.consultation, colleague, Capacity.DELEGATE)
    record(actor, Deed.TASK_DELEGATED, task.consultation, task=task.id, to=colleague.id)
    tell_of(task, [colleague], "delegated")
    return task


@transactional
def add_signer(task_id: int, actor: Actor, person_id: int, question: str) -> Signer:
    """Ask a colleague to sign too (加签); until they answer the task cannot be completed."""
    task, _instance = queries.locked(task_id)
    require(actor, Permission.TASK_ADD_SIGNER, task)
    still_ready(task)
    colleague = _colleague(actor, person_id)
    if any(signer.person_id == colleague.id for signer in task.signers):
        raise Conflict(_("已经请这位同事加签"))
    if not question.strip():
        raise Invalid({"question": _("请说明需要对方确认什么")})
    take_over(task, actor)
    signer = Signer(
        task=task,
        person_id=colleague.id,
        asked_by_id=actor.actor_id,
        asked_at=now(),
        question=question.strip(),
    )
    db.session.add(signer)
    task.open_signatures += 1
    take_part(task.consultation, colleague, Capacity.SIGNER)
    record(actor, Deed.SIGNER_ADDED, task.consultation, task=task.id, signer=colleague.id)
    tell_of(task, [colleague], "signer-added")
    return signer


@transactional
def answer_as_signer(task_id: int, actor: Actor, *, agrees: bool, remark: str) -> Signer:
    """Say yes or no to what one was asked to sign. Raises Forbidden if one was not asked."""
    task, _instance = queries.locked(task_id)
    signer = next((one for one in task.signers if one.person_id == actor.actor_id), None)
    if signer is None or not actor.grants:
        raise Forbidden
    still_ready(task)
    if signer.answered_at is not None:
        raise Conflict(_("您已经答复过"))
    if not agrees and not remark.strip():
        raise Invalid({"remark": _("不同意时请说明理由")})
    signer.agrees, signer.remark, signer.answered_at = agrees, remark.strip(), now()
    task.open_signatures -= 1
    record(actor, Deed.SIGNER_ANSWERED, task.consultation, task=task.id, agrees=agrees)
    publish(InboxChanged(task.consultation_id))
    return signer


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


def take_part(consultation: Consultation, person: Person, capacity: Capacity) -> None:
    """Let a person belong to a case in a capacity, if they do not yet."""
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
