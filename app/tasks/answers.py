"""The answers of a task: the form they belong to, what it is opened with, and their check."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

import forms
from app.consultations.models import Instance
from app.consultations.steps import Case
from app.db import db
from app.errors import Invalid
from app.processes.queries import definition
from app.processes.vocabulary import options_of
from app.tasks.models import State, Task
from app.web import language

# Kinds of record whose form opens with what the same step was answered before. A review, an
# opinion, a report is thought anew.
REMEMBERED = frozenset({"application"})


def typed_answers(
    task: Task, instance: Instance, case: Case, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers as JSON values. Raises Invalid with every field at fault."""
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
    if task.record not in REMEMBERED:
        return {}
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
