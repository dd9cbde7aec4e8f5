"""What managers work on before it is a version: drafts, remarks and proposals."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.db import Model
from app.permissions import Actor
from app.processes.models import Process


class Draft(Model):
    """The one changeable state of a process, kept until it is proposed and beyond.

    content: as app.studio.content reads it; need not be valid. base_digest: the version it was
    begun from. held_by, held_until: who edits it now; a lease that ends by itself.
    """

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("processes.id"), unique=True)
    base_digest: Mapped[str | None] = mapped_column(ForeignKey("process_versions.digest"))
    revision: Mapped[int] = mapped_column(default=1)
    content: Mapped[dict[str, Any]]
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    edited_at: Mapped[datetime]
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    held_until: Mapped[datetime | None]

    process: Mapped[Process] = relationship()
    edited_by: Mapped[Person] = relationship(foreign_keys=[edited_by_id])
    held_by: Mapped[Person | None] = relationship(foreign_keys=[held_by_id])

    def holder(self, moment: datetime) -> Person | None:
        """Who edits it at a moment."""
        is_held = self.held_until is not None and self.held_until > moment
        return self.held_by if is_held else None

    def is_held_against(self, actor: Actor, moment: datetime) -> bool:
        """Whether somebody else edits it at a moment."""
        holder = self.holder(moment)
        return holder is not None and holder.id != actor.actor_id


class Remark(Model):
    """What a manager says about an element of a process, until somebody resolves it."""

    __tablename__ = "remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("processes.id"), index=True)
    element_id: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    resolved_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=[resolved_by_id])


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    SIGNED = "signed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Proposal(Model):
    """A draft as it stood when its author asked a second manager to sign it (O-4).

    findings: what lint, scenarios and history said at that time.
    """

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("processes.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]]
    base_digest: Mapped[str | None] = mapped_column(ForeignKey("process_versions.digest"))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), default=ProposalState.OPEN, index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(Text, default="")
    findings: Mapped[dict[str, Any]]

    process: Mapped[Process] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
