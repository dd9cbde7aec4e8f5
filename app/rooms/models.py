"""The room 会诊室 of a case, who was in it, and the log of all that was drawn and said there."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.consultations.models import Consultation
from app.db import Model
from app.sealing import SealedJSON


class Room(Model):
    """A case's room, open while its token stands at the session. A new session, a new room."""

    __tablename__ = "rooms"
    __table_args__ = (
        Index(
            "ix_rooms_open",
            "consultation_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    last_number: Mapped[int] = mapped_column(default=0)  # of the log
    seats: Mapped[int] = mapped_column(default=0)  # different people who ever entered

    consultation: Mapped[Consultation] = relationship()

    @property
    def audit_chain(self) -> str:
        # Of its own: coming and going must not wait for whoever is completing a task.
        return f"room:{self.id}"

    audit_subject = audit_chain


class Attendance(Model):
    """One stay of a person in a room. `place` is theirs for the room's life: their pen's colour."""

    __tablename__ = "attendances"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    place: Mapped[int]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()


class Kind(StrEnum):
    """What an entry of the log tells."""

    STROKE = "stroke"
    UNDO = "undo"
    CHAT = "chat"
    PAGE = "page"  # which record everybody looks at
    JOINED = "joined"
    LEFT = "left"


class LogEntry(Model):
    """One thing that happened in a room. Numbers of a room are 1, 2, 3… and entries never change.

    payload: sealed, for handwriting and words are about the patient. A stroke's is {width,
    points: [[x, y, pressure], …]} in pixels of the record's natural size; a chat's is {text}.
    """

    __tablename__ = "room_log"
    __table_args__ = (
        UniqueConstraint("room_id", "number"),
        UniqueConstraint("room_id", "author_id", "key"),
        UniqueConstraint("room_id", "undoes"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    # No foreign key: a room does not know records. A record of another case is on nobody's screen.
    record_id: Mapped[int | None]
    key: Mapped[str | None] = mapped_column(String(40))  # the author's browser's name for it
    undoes: Mapped[int | None]  # the number of a stroke
    at: Mapped[datetime]
    payload: Mapped[Any] = mapped_column(SealedJSON, nullable=True)
