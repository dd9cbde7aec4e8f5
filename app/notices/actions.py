"""Telling people: queued with the deed that causes it, and read by whom it was meant for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import event, update
from sqlalchemy.orm import Session

import notifications
from app.accounts import review
from app.accounts.addressees import Addressee
from app.accounts.models import Person
from app.db import db, insert_rows, now, publish, transactional
from app.errors import NotFound
from app.notices import queries, texts
from app.notices.models import Notice, State
from app.permissions import Actor
from notifications import Way

_WAITING = "notices"  # key in session.info


@dataclass(frozen=True)
class NoticeQueued:
    """These people have something new to read in the product."""

    recipient_ids: tuple[int, ...]


@dataclass(frozen=True)
class NoticesRead:
    """This person has read what was new: the bells on their other pages are out of date."""

    recipient_id: int


def queue(
    recipients: Person | Iterable[Addressee],
    template: str,
    consultation_id: int | None = None,
    digest: str | None = None,
    **params: object,
) -> None:
    """Tell people something when, and only if, the present transaction commits.

    template: a name in notifications.TEMPLATES, or one that the process version `digest` brings;
    params: what it declares, times aware. Everybody is told once in the product, and by phone
    and mail if the template is urgent. However often an action queues, its notices cost one
    INSERT. Raises notifications.BadParameters.
    """
    found = texts.template(template, digest)
    told = {
        "template": template,
        "digest": digest if template in texts.of(digest) else None,
        "params": found.accept(params),
        "consultation_id": consultation_id,
    }
    people: Iterable[Addressee] = [recipients] if isinstance(recipients, Person) else recipients
    rows = db.session.info.setdefault(_WAITING, [])
    for person in {person.id: person for person in people}.values():
        for way in _ways(person, found):
            rows.append({**told, "recipient_id": person.id, **_start(way)})


@transactional
def read(actor: Actor, notice_id: int) -> Notice:
    """Note that the person has seen a notice of theirs. Raises NotFound for anybody else's."""
    notice = db.session.scalar(queries.told(actor).where(Notice.id == notice_id))
    if notice is None:
        raise NotFound
    if notice.state == State.SENT:
        notice.state, notice.read_at = State.READ, now()
        publish(NoticesRead(actor.actor_id))
    return notice


@transactional
def read_all(actor: Actor, up_to: int) -> None:
    """Note that the person has seen everything up to the notice of this id."""
    db.session.execute(
        update(Notice)
        .where(
            Notice.recipient_id == actor.actor_id,
            Notice.channel == Way.IN_APP,
            Notice.state == State.SENT,
            Notice.id <= up_to,
        )
        .values(state=State.READ, read_at=now())
    )
    publish(NoticesRead(actor.actor_id))


def _ways(person: Addressee, template: notifications.Template) -> list[Way]:
    if not template.is_urgent:
        return [Way.IN_APP]
    addresses = {Way.SMS: person.phone, Way.EMAIL: person.email}
    installed = current_app.extensions["channels"]
    return [Way.IN_APP, *(way for way, to in addresses.items() if to and way in installed)]


def _start(way: Way) -> dict[str, object]:
    is_shown = way is Way.IN_APP  # which is all that there is to sending it
    return {
        "channel": str(way),
        "state": State.SENT if is_shown else State.QUEUED,
        "created_at": now(),
        "sent_at": now() if is_shown else None,
        "next_attempt_at": None if is_shown else now(),
    }


def _tell_reviewed(person: Person, is_approved: bool) -> None:
    queue(person, "profile-approved" if is_approved else "profile-refused")


review.reviewed.append(_tell_reviewed)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    rows: list[dict[str, Any]] = session.info.pop(_WAITING, [])
    if rows:
        insert_rows(Notice, rows)
        publish(NoticeQueued(tuple(sorted({row["recipient_id"] for row in rows}))))
