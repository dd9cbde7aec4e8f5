"""Opinions, reports and outcomes of a case, and which of them somebody may see."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.consultations.audience import experts_of
from app.consultations.models import Consultation
from app.db import db
from app.permissions import Actor
from app.reports.models import Acceptance, FollowUp, Opinion, Report


def latest_report(consultation_id: int) -> Report | None:
    """The version that counts."""
    statement = (
        select(Report)
        .where(Report.consultation_id == consultation_id)
        .options(joinedload(Report.author), joinedload(Report.signed_by))
        .order_by(Report.number.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def visible_report(consultation: Consultation, actor: Actor) -> Report | None:
    """The latest version: once published for everybody who may read the case, before for the
    experts who write and sign it."""
    report = latest_report(consultation.id)
    if report is None or report.published_at is not None:
        return report
    return report if _is_expert(consultation, actor) else None


def visible_opinions(consultation: Consultation, actor: Actor) -> list[Opinion]:
    """One's own opinion always; the others' once one has given one's own as an expert, and for
    everybody else once the report is published (O-15)."""
    opinions = _opinions(consultation.id)
    own = [one for one in opinions if one.author_id == actor.actor_id]
    report = latest_report(consultation.id)
    if (report is not None and report.published_at) or own:
        return opinions
    return []


def acceptance(consultation_id: int) -> Acceptance | None:
    """What the inviting doctor decided, the latest."""
    statement = (
        select(Acceptance)
        .where(Acceptance.consultation_id == consultation_id)
        .options(joinedload(Acceptance.by))
        .order_by(Acceptance.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement)


def follow_ups(consultation_id: int) -> list[FollowUp]:
    """What follow-ups found, in order."""
    statement = (
        select(FollowUp)
        .where(FollowUp.consultation_id == consultation_id)
        .options(joinedload(FollowUp.by))
        .order_by(FollowUp.id)
    )
    return list(db.session.scalars(statement))


def _opinions(consultation_id: int) -> list[Opinion]:
    statement = (
        select(Opinion)
        .where(Opinion.consultation_id == consultation_id)
        .options(joinedload(Opinion.author))
        .order_by(Opinion.id)
    )
    return list(db.session.scalars(statement))


def _is_expert(consultation: Consultation, actor: Actor) -> bool:
    return actor.actor_id in {person.id for person in experts_of(consultation)}
