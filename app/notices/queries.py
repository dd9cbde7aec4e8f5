"""What a person was told in the product. Everybody reads their own and nobody else's."""

from sqlalchemy import Select, func, select

from app.db import db
from app.notices.models import Notice, State
from app.permissions import Actor
from notifications import Way


def told(actor: Actor) -> Select[Notice]:
    """What this person was told, the latest first."""
    return (
        select(Notice)
        .where(Notice.recipient_id == actor.actor_id, Notice.channel == Way.IN_APP)
        .order_by(Notice.id.desc())
    )


def unread(actor: Actor) -> int:
    """How much of it waits to be read."""
    waiting = (
        select(func.count())
        .select_from(Notice)
        .where(
            Notice.recipient_id == actor.actor_id,
            Notice.channel == Way.IN_APP,
            Notice.state == State.SENT,
        )
    )
    return db.session.scalar(waiting) or 0
