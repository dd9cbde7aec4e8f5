"""The kinds of clinical record and the operations that make a report."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.audit import Deed, record
from app.consultations.steps import Case, Completion
from app.db import db
from app.errors import Conflict, Invalid
from app.processes.vocabulary import operation, record_kind
from app.reports import queries, signing
from app.reports.models import Acceptance, FollowUp, Opinion, Report


@record_kind("opinion", needs=("analysis", "diagnosis", "plan"))
def save_opinion(case: Case, completion: Completion) -> None:
    """Keep one expert's opinion; the case is tracked if any expert asks for it (S2-38)."""
    wants_tracking = completion.answers.get("track") is True
    opinion = Opinion(
        consultation_id=case.consultation.id,
        task_id=completion.task_id,
        author_id=_who(case),
        content=completion.answers,
        wants_tracking=wants_tracking,
        submitted_at=case.at,
    )
    db.session.add(opinion)
    case.consultation.is_tracked = case.consultation.is_tracked or wants_tracking
    record(case.actor, Deed.OPINION_SUBMITTED, case.consultation, task=completion.task_id)


@record_kind("report", needs=("analysis", "diagnosis", "plan"))
def save_report(case: Case, completion: Completion) -> None:
    """Keep the joint report as a new version."""
    last = db.session.scalar(
        select(func.max(Report.number)).where(Report.consultation_id == case.consultation.id)
    )
    report = Report(
        consultation_id=case.consultation.id,
        number=(last or 0) + 1,
        content=completion.answers,
        author_id=_who(case),
        written_at=case.at,
    )
    db.session.add(report)
    record(case.actor, Deed.REPORT_WRITTEN, case.consultation, number=report.number)


@record_kind("signature", needs=("confirm",))
def sign_report(case: Case, completion: Completion) -> None:
    """Sign the latest version (S4-30)."""
    if completion.answers["confirm"] is not True:
        raise Invalid({"confirm": _("请确认后签发")})
    report = _latest(case)
    report.signed_by_id, report.signed_at = _who(case), case.at
    report.signature = signing.sign(report)
    record(case.actor, Deed.REPORT_SIGNED, case.consultation, number=report.number)


@record_kind("acceptance", needs=("decision", "remarks"))
def save_acceptance(case: Case, completion: Completion) -> None:
    """Keep what the inviting doctor decides to do with the report (S2-35)."""
    decision = completion.answers["decision"]
    if decision != "accept" and not (completion.answers.get("remarks") or "").strip():
        raise Invalid({"remarks": _("调整或不采纳时请说明理由")})
    db.session.add(
        Acceptance(
            consultation_id=case.consultation.id,
            decision=decision,
            content=completion.answers,
            by_id=_who(case),
            at=case.at,
        )
    )


@record_kind("follow_up", needs=("condition", "efficacy"))
def save_follow_up(case: Case, completion: Completion) -> None:
    """Keep the outcome of one follow-up; its item is the day it was planned for."""
    db.session.add(
        FollowUp(
            consultation_id=case.consultation.id,
            task_id=completion.task_id,
            day=_day(completion.item),
            content=completion.answers,
            by_id=_who(case),
            at=case.at,
        )
    )


@operation("publish_report", meaning="report")
def publish_report(case: Case) -> None:
    """Release the signed report to the inviting side. Raises Conflict if it is not signed."""
    report = _latest(case)
    if not signing.is_genuine(report):
        raise Conflict(_("会诊报告还没有签署，不能发布"))
    report.published_at = case.at
    record(case.actor, Deed.REPORT_PUBLISHED, case.consultation, number=report.number)


@operation("schedule_follow_up", inputs=("days",))
def schedule_follow_up(case: Case, days: Sequence[int]) -> None:
    """Note for which days after publication follow-ups are planned; the diagram waits for them."""
    case.consultation.is_tracked = True
    planned = [int(day) for day in days]
    record(case.actor, Deed.FOLLOW_UP_PLANNED, case.consultation, days=planned)


def _latest(case: Case) -> Report:
    report = queries.latest_report(case.consultation.id)
    if report is None:
        raise Conflict(_("还没有会诊报告"))
    return report


def _who(case: Case) -> int:
    if case.actor is None:
        raise TypeError("a form is completed by a person")
    return case.actor.actor_id


def _day(item: Any) -> int | None:
    return int(item) if isinstance(item, int | float | str) and str(item).isdigit() else None
