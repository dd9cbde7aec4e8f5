"""Uploading, listing and showing the papers of a case."""

from flask import Blueprint, Response, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultations import panels
from app.consultations.models import Consultation, Status
from app.db import get_or_404
from app.errors import DomainError, Invalid
from app.permissions import Actor, Permission, allows, require
from app.records import actions
from app.records.models import Category, Record
from app.web import actor, flash_refusal, safe_target

bp = Blueprint("records", __name__)
MOST_AT_ONCE = 20


@bp.post("/consultations/<int:consultation_id>/records")
def add(consultation_id: int) -> ResponseReturnValue:
    """Take some files; each that is refused says why, the others are kept."""
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files or len(files) > MOST_AT_ONCE:
        flash(_("请选择 1 到 %(n)s 个文件", n=MOST_AT_ONCE), "error")
    for file in files[:MOST_AT_ONCE]:
        try:
            category = request.form.get("category", "")
            actions.add_record(consultation_id, actor(), file.read(), file.filename or "", category)
        except Invalid as error:
            for text in error.errors.values():
                flash(f"{file.filename}：{text}", "error")
        except DomainError as error:
            flash_refusal(error)
            break
    return redirect(safe_target(request.form.get("next")))


@bp.post("/records/<int:record_id>/removal")
def remove(record_id: int) -> ResponseReturnValue:
    actions.remove_record(record_id, actor())
    return redirect(safe_target(request.form.get("next")))


@bp.get("/records/<int:record_id>/content")
def content(record_id: int) -> ResponseReturnValue:
    found, data = actions.read_record(record_id, actor())
    response = Response(data, mimetype=found.media_type)
    response.headers["Content-Disposition"] = "inline"
    return response


@bp.get("/api/consultations/<int:consultation_id>/records")
def index(consultation_id: int) -> ResponseReturnValue:
    consultation = get_or_404(Consultation, consultation_id)
    require(actor(), Permission.RECORD_READ, consultation)
    return jsonify([_as_json(one) for one in actions.records_of(consultation_id)])


def _as_json(record: Record) -> dict[str, object]:
    return {
        "id": record.id,
        "title": record.title,
        "kind": "image" if record.is_image else "pdf",
        "category": record.category,
        "media_type": record.media_type,
        "width": record.width,
        "height": record.height,
        "pages": record.pages,
        "url": url_for("records.content", record_id=record.id),
    }


@panels.panel("records/_panel.html", column="main", place=20)
def _panel(consultation: Consultation, who: Actor) -> dict[str, object]:
    may_add = allows(who, Permission.RECORD_ADD, consultation) and not consultation.is_closed
    return {
        "records": actions.records_of(consultation.id),
        "may_add": may_add,
        "may_remove": may_add and consultation.status == Status.DRAFT,
        "categories": list(Category),
    }
