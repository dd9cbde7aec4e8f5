"""Pages of cases: history, one case, and what may be done to it outside its tasks."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultations import actions, choosing, panels, queries
from app.consultations.actions import Wish
from app.consultations.models import Consultation, Status
from app.consultations.timeline import timeline
from app.db import db
from app.errors import DomainError, Invalid, NotFound
from app.permissions import Actor, Permission, allows
from app.processes.queries import process_name
from app.web import actor, flash_refusal, language

bp = Blueprint("consultations", __name__)
QUESTION = "q-"  # before the names of answers that decide on the process


@bp.get("/consultations")
def history() -> ResponseReturnValue:
    page = db.paginate(
        queries.history(actor(), request.args), per_page=queries.PAGE, error_out=False
    )
    return render_template(
        "consultations/history.html",
        page=page,
        wanted=request.args,
        statuses=list(Status),
        may_start=allows(actor(), Permission.CONSULTATION_START),
    )


@bp.post("/consultations")
def start() -> ResponseReturnValue:
    """Open a draft and lead to its first task, or ask what must be known for it."""
    asked = [name for name in request.form if name.startswith(QUESTION)]
    answers = {name.removeprefix(QUESTION): request.form[name] for name in asked}
    try:
        consultation = actions.start_consultation(actor(), answers, request.form.get("process", ""))
    except Invalid as error:
        if not error.errors:
            raise
        is_first = not asked and "process" not in request.form
        return _choice({} if is_first else error.errors), 200 if is_first else error.status
    return redirect(url_for("tasks.first", consultation_id=consultation.id))


def _choice(errors: Mapping[str, Any]) -> str:
    """The page on which an applicant says what decides on the process, or chooses it."""
    questions = choosing.questions()
    labels = {f"{QUESTION}{one.name}": one.label for one in questions}
    named = {name if name == "process" else f"{QUESTION}{name}": errors[name] for name in errors}
    return render_template(
        "consultations/choice.html",
        questions=questions,
        processes=choosing.offered(),
        prefix=QUESTION,
        values=request.form,
        errors=named,
        labels={"process": _("会诊流程"), **labels},
        options=lambda one: [(str(value), str(value)) for value in one.choices],
    )


@bp.get("/consultations/<int:consultation_id>")
def show(consultation_id: int) -> ResponseReturnValue:
    consultation = actions.read(consultation_id, actor())
    return render_template(
        "consultations/show.html",
        consultation=consultation,
        panels=panels.shown(consultation, actor()),
    )


@bp.post("/consultations/<int:consultation_id>/comments")
def comment(consultation_id: int) -> ResponseReturnValue:
    try:
        actions.comment(consultation_id, actor(), request.form.get("text", ""))
    except DomainError as error:
        flash_refusal(error)
    return redirect(url_for(".show", consultation_id=consultation_id, _anchor="comments"))


@bp.post("/consultations/<int:consultation_id>/<verb>")
def act(consultation_id: int, verb: str) -> ResponseReturnValue:
    """Withdraw, cancel or reschedule, with the reason given."""
    if verb not in set(Wish):
        raise NotFound
    try:
        actions.ask(consultation_id, actor(), Wish(verb), request.form.get("reason", ""))
        flash(_("已办理"), "success")
    except DomainError as error:
        flash_refusal(error)
    return redirect(url_for(".show", consultation_id=consultation_id))


@panels.panel("consultations/_facts.html", column="main", place=10)
def _facts(consultation: Consultation, _actor: object) -> dict[str, object]:
    return {
        "application": consultation.application or {},
        "patient": consultation.patient,
        "process": process_name(consultation.instance.digest),
    }


@panels.panel("consultations/_comments.html", column="main", place=60)
def _comments(consultation: Consultation, _actor: object) -> dict[str, object]:
    return {"comments": queries.comments(consultation.id)}


@panels.panel("consultations/_people.html", column="side", place=30)
def _people(consultation: Consultation, _actor: object) -> dict[str, object]:
    return {"participants": [one for one in consultation.participants if one.ended_at is None]}


@panels.panel("consultations/_timeline.html", column="side", place=40)
def _timeline(consultation: Consultation, _actor: object) -> dict[str, object]:
    return {"happenings": timeline(consultation, language())}


@panels.panel("consultations/_actions.html", column="side", place=50)
def _actions(consultation: Consultation, who: Actor) -> dict[str, object] | None:
    verbs = actions.may_ask(consultation, who)
    return {"verbs": verbs} if verbs else None
