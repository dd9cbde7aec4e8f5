"""Opinions and report on the case's page, and the report as a page to print (S4-30)."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.audit import Deed, record
from app.consultations import panels
from app.consultations import queries as cases
from app.consultations.models import Consultation
from app.db import transactional
from app.errors import NotFound
from app.permissions import Actor, Permission, require
from app.reports import queries, signing
from app.reports.models import Report
from app.web import actor

bp = Blueprint("reports", __name__)


@bp.get("/consultations/<int:consultation_id>/report")
def show(consultation_id: int) -> ResponseReturnValue:
    consultation, report = _read(consultation_id, actor())
    return render_template(
        "reports/show.html",
        consultation=consultation,
        report=report,
        is_genuine=signing.is_genuine(report),
        opinions=queries.visible_opinions(consultation, actor()),
        acceptance=queries.acceptance(consultation_id),
    )


@transactional
def _read(consultation_id: int, who: Actor) -> tuple[Consultation, Report]:
    consultation = cases.with_people(consultation_id)
    if consultation is None:
        raise NotFound
    require(who, Permission.REPORT_READ, consultation)
    report = queries.visible_report(consultation, who)
    if report is None:
        raise NotFound
    record(who, Deed.REPORT_READ, consultation, number=report.number)
    return consultation, report


@panels.panel("reports/_panel.html", column="main", place=15)
def _panel(consultation: Consultation, who: Actor) -> dict[str, object] | None:
    report = queries.visible_report(consultation, who)
    opinions = queries.visible_opinions(consultation, who)
    if report is None and not opinions:
        return None
    return {
        "report": report,
        "is_genuine": report is not None and signing.is_genuine(report),
        "opinions": opinions,
        "acceptance": queries.acceptance(consultation.id),
        "follow_ups": queries.follow_ups(consultation.id),
    }
