"""What experts say: an opinion each, the joint report with its signature, and what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.consultations.models import Consultation
from app.db import Model
from app.sealing import SealedJSON


class Opinion(Model):
    """One expert's opinion, written without seeing the others' (O-15)."""

    __tablename__ = "opinions"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    content: Mapped[Any] = mapped_column(SealedJSON)  # analysis, diagnosis, plan (S0-40)
    wants_tracking: Mapped[bool] = mapped_column(default=False)
    submitted_at: Mapped[datetime]

    author: Mapped[Person] = relationship()


class Report(Model):
    """A version of the joint report; the latest counts, none is ever changed (S2-20)."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("consultation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    number: Mapped[int]
    content: Mapped[Any] = mapped_column(SealedJSON)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[datetime]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    signed_at: Mapped[datetime | None]
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)  # Ed25519, over signing.message
    published_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = relationship()
    author: Mapped[Person] = relationship(foreign_keys=[author_id])
    signed_by: Mapped[Person | None] = relationship(foreign_keys=[signed_by_id])


class Acceptance(Model):
    """How the inviting doctor took the report (S2-35, L-1): accept, adapt or decline."""

    __tablename__ = "acceptances"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    decision: Mapped[str] = mapped_column(String(16))
    content: Mapped[Any] = mapped_column(SealedJSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    by: Mapped[Person] = relationship()


class FollowUp(Model):
    """What a follow-up found (S2-37). day: days after publication it was planned for."""

    __tablename__ = "follow_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), unique=True)
    day: Mapped[int | None]
    content: Mapped[Any] = mapped_column(SealedJSON)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]

    by: Mapped[Person] = relationship()
