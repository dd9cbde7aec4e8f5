"""One row for each thing one person must be told, in one way."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model

_WAITS = text("next_attempt_at IS NOT NULL")


class State(StrEnum):
    """Where a notice stands. In-app ones start as sent; only they are ever read."""

    QUEUED = "queued"
    SENDING = "sending"  # some process holds it until next_attempt_at
    SENT = "sent"
    READ = "read"
    FAILED = "failed"  # refused for good: the number does not exist, the person opted out
    DEAD = "dead"  # given up after too many attempts


class Notice(Model):
    """A line of the outbox. `params` holds ids, numbers, times and names of steps only (P-7)."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_inbox", "recipient_id", "channel", "state"),
        Index("ix_notices_due", "next_attempt_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(String(8))
    template: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str | None] = mapped_column(String(64))  # of a version with words of its own
    params: Mapped[dict[str, Any]]
    consultation_id: Mapped[int | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    # When to look at it again: its turn, or, while sending, the end of the lease.
    # None once nothing more is to be done, which keeps the index as small as the backlog.
    next_attempt_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(String(40))  # code of the last failure

    @property
    def path(self) -> str | None:
        """Where the notice leads, from the product's address."""
        if self.template == "incident":
            return "/supervision/incidents"
        if "task_id" in self.params:
            return f"/tasks/{self.params['task_id']}"
        if "proposal_id" in self.params:
            return f"/studio/proposals/{self.params['proposal_id']}"
        if self.consultation_id is not None:
            return f"/consultations/{self.consultation_id}"
        return "/profile" if self.template.startswith("profile-") else None
