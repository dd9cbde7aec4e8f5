"""The inbox, the page of one task, and what is done with it."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

import forms
from app.accounts.models import Person
from app.consultations import panels
from app.consultations.models import Consultation, Instance
from app.consultations.steps import case_of
from app.db import db, get_or_404, now
from app.errors import DomainError, Invalid, NotFound
from app.permissions import Permission, allows, require
from app.tasks import actions, answers, colleagues, queries
from app.tasks.models import State, Task
from app.tasks.progress import progress
from app.web import actor, flash_refusal, language

bp = Blueprint("tasks", __name__)
PAGE = 30


@bp.get("/inbox")
def inbox() -> ResponseReturnValue:
    """Tasks by box, by itself the first that holds any; with `fragment` only what changes while
    the page is open."""
    counts = queries.counts(actor())
    box = request.args.get("box") or next((one for one in counts if counts[one][0]), queries.MINE)
    if box not in queries.BOXES:
        raise NotFound
    page = db.paginate(queries.inbox(actor(), box), per_page=PAGE, error_out=False)
    template = "tasks/_inbox.html" if "fragment" in request.args else "tasks/inbox.html"
    return render_template(
        template,
        box=box,
        page=page,
        counts=counts,
        now=now(),
        may_start=allows(actor(), Permission.CONSULTATION_START),
    )


@bp.get("/tasks/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    """A task with its case; whoever may no longer work on it sees how it ended."""
    task = get_or_404(Task, task_id)
    may_work = task.state == State.READY and task.is_open_to(actor())
    signer = next((one for one in task.signers if one.person_id == actor().actor_id), None)
    if not may_work and signer is None:
        require(actor(), Permission.CONSULTATION_READ, task.consultation)
    return render_template(
        "tasks/show.html",
        task=task,
        consultation=task.consultation,
        may_work=may_work,
        signer=signer,
        colleagues=queries.colleagues(get_or_404(Person, actor().actor_id)) if may_work else [],
        panels=panels.shown(task.consultation, actor()),
        now=now(),
    )


@bp.get("/consultations/<int:consultation_id>/first-task")
def first(consultation_id: int) -> ResponseReturnValue:
    """To the task that waits for this person in a case, else to the case."""
    waiting = select(Task).where(Task.consultation_id == consultation_id, Task.state == State.READY)
    for task in db.session.scalars(waiting):
        if task.is_open_to(actor()):
            return redirect(url_for(".show", task_id=task.id))
    return redirect(url_for("consultations.show", consultation_id=consultation_id))


@bp.get("/api/tasks/<int:task_id>/form")
def form(task_id: int) -> ResponseReturnValue:
    """What form.ts shows: schema, option lists, answers given before, and the draft."""
    task = get_or_404(Task, task_id)
    require(actor(), Permission.TASK_WORK, task)
    instance = get_or_404(Instance, task.consultation_id)
    schema = answers.form_of(task, instance.digest) or {"type": "default", "components": []}
    case = case_of(task.consultation, actor())
    return jsonify(
        schema=forms.localised(schema, language()),
        data=answers.form_data(task, schema, case),
        draft=task.draft,
        version=task.version,
        readonly=task.state != State.READY,
        title=task.name,
    )


@bp.post("/api/tasks/<int:task_id>/completion")
def complete(task_id: int) -> ResponseReturnValue:
    task = actions.complete_task(task_id, actor(), _json("answers"))
    return jsonify(id=task.id, state=task.state, next=url_for(".inbox")), 201


@bp.put("/api/tasks/<int:task_id>/draft")
def save_draft(task_id: int) -> ResponseReturnValue:
    task = actions.save_draft(task_id, actor(), _json("answers"))
    saved_at = task.draft_at.isoformat() if task.draft_at else None
    return jsonify(id=task.id, saved_at=saved_at, version=task.version)


@bp.post("/tasks/<int:task_id>/claim")
def claim(task_id: int) -> ResponseReturnValue:
    return _acted(task_id, lambda: actions.claim(task_id, actor()))


@bp.post("/tasks/<int:task_id>/release")
def release(task_id: int) -> ResponseReturnValue:
    return _acted(task_id, lambda: actions.release(task_id, actor()), leave=True)


@bp.post("/tasks/<int:task_id>/delegation")
def delegate(task_id: int) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    return _acted(
        task_id, lambda: colleagues.delegate(task_id, actor(), _person(), reason), leave=True
    )


@bp.post("/tasks/<int:task_id>/signers")
def add_signer(task_id: int) -> ResponseReturnValue:
    question = request.form.get("question", "")
    return _acted(task_id, lambda: colleagues.add_signer(task_id, actor(), _person(), question))


@bp.post("/tasks/<int:task_id>/signature")
def answer_as_signer(task_id: int) -> ResponseReturnValue:
    agrees, remark = request.form.get("agrees") == "yes", request.form.get("remark", "")
    return _acted(
        task_id,
        lambda: colleagues.answer_as_signer(task_id, actor(), agrees=agrees, remark=remark),
        leave=True,
    )


@bp.post("/consultations/<int:consultation_id>/urging")
def urge(consultation_id: int) -> ResponseReturnValue:
    try:
        told = actions.urge(consultation_id, actor())
        flash(_("已提醒 %(n)s 人", n=told), "success")
    except DomainError as error:
        flash_refusal(error)
    return redirect(url_for("consultations.show", consultation_id=consultation_id))


@bp.get("/api/consultations/<int:consultation_id>/progress")
def show_progress(consultation_id: int) -> ResponseReturnValue:
    """The diagram and what its elements are doing, for diagram.ts."""
    consultation = get_or_404(Consultation, consultation_id)
    require(actor(), Permission.CONSULTATION_READ, consultation)
    found = progress(consultation, language())
    return jsonify(xml=found.diagram, elements=[step.as_json() for step in found.steps])


@panels.panel("tasks/_waiting.html", column="head", place=10)
def _waiting(consultation: Consultation, who: Any) -> dict[str, object]:
    statement = (
        select(Task)
        .where(Task.consultation_id == consultation.id, Task.state == State.READY)
        .options(joinedload(Task.assignee), joinedload(Task.hospital))
        .order_by(Task.id)
    )
    tasks = list(db.session.scalars(statement))
    return {
        "tasks": [(task, task.is_open_to(who)) for task in tasks],
        "may_urge": bool(tasks) and allows(who, Permission.CONSULTATION_URGE, consultation),
        "now": now(),
    }


@panels.panel("tasks/_progress.html", column="main", place=40)
def _progress(consultation: Consultation, _who: object) -> dict[str, object]:
    return {"steps": progress(consultation, language()).steps, "now": now()}


def _acted(task_id: int, act: Any, *, leave: bool = False) -> ResponseReturnValue:
    """Do it, say how it went, and go back to the task, or to the inbox if it is no longer ours."""
    try:
        act()
    except DomainError as error:
        flash_refusal(error)
        return redirect(url_for(".show", task_id=task_id))
    flash(_("已办理"), "success")
    return redirect(url_for(".inbox") if leave else url_for(".show", task_id=task_id))


def _person() -> int:
    return request.form.get("person", 0, type=int)


def _json(key: str) -> dict[str, Any]:
    body = request.get_json(silent=True)
    found = body.get(key) if isinstance(body, dict) else None
    if not isinstance(found, dict):
        raise Invalid({}, _("请求的内容无法识别，请刷新页面后重试"))
    return found
