"""Carries what waits in the outbox to its channels: each notice at least once, normally once.

Claiming, sending and marking are three steps, and only the first and last are transactions: a
provider that takes ten seconds must not hold a database lock. A process claims notices by
leasing them; one that dies leaves its leases to run out, after which another sends them. If it
died after the provider had accepted a message and before that was noted, the person gets it
twice: no provider of SMS can be asked whether it has seen a message before.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from flask import current_app
from sqlalchemy import select, update

from app.accounts.models import Person
from app.config import Settings
from app.db import db, now, transactional
from app.notices import texts
from app.notices.models import Notice, State
from notifications import Channel, Failure, Message, Texts, Way, render

BATCH = 40
LEASE_S = 600  # longer than a whole batch of sends, each of which ends within 10 s
MARGIN_S = 60
MAX_ATTEMPTS = 8  # within an hour; news of a session is of no use much later
FIRST_PAUSE_S = 30
LONGEST_PAUSE_S = 30 * 60

log = structlog.get_logger()


@dataclass(frozen=True)
class Parcel:
    """A leased notice with all that is needed to send it outside a transaction."""

    notice_id: int
    attempt: int
    way: Way
    to: str | None
    template: str
    params: dict[str, Any]
    language: str
    own: Texts


@dataclass(frozen=True)
class Outcome:
    """What a row becomes after one attempt."""

    state: State
    next_attempt_at: datetime | None = None
    sent_at: datetime | None = None
    provider_id: str | None = None
    error: str | None = None


def deliver_due(limit: int = BATCH) -> int:
    """Send up to `limit` notices whose time has come; how many were tried."""
    must_end_at = now() + timedelta(seconds=LEASE_S - MARGIN_S)
    parcels = _claim(limit)
    for done, parcel in enumerate(parcels):
        if now() >= must_end_at:
            return done  # the rest is due again when the lease ends
        _mark(parcel, _attempt(parcel))
    return len(parcels)


@transactional
def _claim(limit: int) -> list[Parcel]:
    """Lease what is due. On PostgreSQL others skip these rows, on SQLite they wait for us."""
    rows = db.session.execute(
        select(Notice, Person.phone, Person.email, Person.language)
        .join(Person, Person.id == Notice.recipient_id)
        .where(Notice.next_attempt_at <= now())
        .order_by(Notice.next_attempt_at)
        .limit(limit)
        .with_for_update(of=Notice, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    return [_leased(*row) for row in rows]


def _leased(notice: Notice, phone: str | None, email: str | None, language: str) -> Parcel:
    notice.state, notice.attempts = State.SENDING, notice.attempts + 1
    notice.next_attempt_at = now() + timedelta(seconds=LEASE_S)
    way = Way(notice.channel)
    to = phone if way is Way.SMS else email
    return Parcel(
        notice.id,
        notice.attempts,
        way,
        to,
        notice.template,
        notice.params,
        language,
        texts.of(notice.digest),
    )


def _attempt(parcel: Parcel) -> Outcome:
    try:
        provider_id = _send(parcel)
    except Failure as failure:
        return _after(failure, parcel)
    except Exception:  # one notice that cannot be sent must not keep the others back
        log.exception("channel broke", notice=parcel.notice_id, way=str(parcel.way))
        return _after(Failure("broken", is_permanent=False), parcel)
    return Outcome(State.SENT, sent_at=now(), provider_id=provider_id)


def _send(parcel: Parcel) -> str:
    if parcel.attempt > MAX_ATTEMPTS:
        raise Failure("abandoned", is_permanent=False)  # whoever tried it last never came back
    if not parcel.to:
        raise Failure("no-address", is_permanent=True)
    channel: Channel | None = current_app.extensions["channels"].get(parcel.way)
    if channel is None:
        raise Failure("no-channel", is_permanent=False)
    settings: Settings = current_app.config["SETTINGS"]
    zone = ZoneInfo(settings.time_zone)
    words = render(parcel.template, parcel.params, parcel.language, parcel.way, zone, parcel.own)
    return channel.send(Message(parcel.to, words.title, words.text, f"notice-{parcel.notice_id}"))


def _after(failure: Failure, parcel: Parcel) -> Outcome:
    facts = {"notice": parcel.notice_id, "attempt": parcel.attempt, "code": failure.code}
    if failure.is_permanent:
        log.error("notice refused", **facts)
        return Outcome(State.FAILED, error=failure.code)
    if parcel.attempt >= MAX_ATTEMPTS:
        log.error("notice given up", **facts)
        return Outcome(State.DEAD, error=failure.code)
    log.warning("notice postponed", **facts)
    jitter = random.uniform(0.5, 1)  # noqa: S311 - spreads load, keeps no secret
    return Outcome(State.QUEUED, now() + pause(parcel.attempt) * jitter, error=failure.code)


def pause(attempt: int) -> timedelta:
    """The longest wait after the attempt of this number, doubled each time up to a limit."""
    return timedelta(seconds=min(FIRST_PAUSE_S * 2 ** (attempt - 1), LONGEST_PAUSE_S))


@transactional
def _mark(parcel: Parcel, outcome: Outcome) -> None:
    """Note the outcome, unless the lease ran out and somebody else has the notice by now."""
    db.session.execute(
        update(Notice)
        .where(Notice.id == parcel.notice_id, Notice.attempts == parcel.attempt)
        .values(
            state=outcome.state,
            next_attempt_at=outcome.next_attempt_at,
            sent_at=outcome.sent_at,
            provider_id=outcome.provider_id,
            error=outcome.error,
        )
        .execution_options(synchronize_session=False)
    )
