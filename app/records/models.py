"""What was uploaded with a case. The bytes lie sealed in the store; nothing is ever overwritten."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.consultations.models import Consultation
from app.db import Model
from app.permissions import Stakes
from app.sealing import SealedText


class Category(StrEnum):
    """What a paper is (S2-9, S2-29)."""

    IMAGING = "imaging"
    LAB = "lab"
    ECG = "ecg"
    PATHOLOGY = "pathology"
    CONSENT = "consent"
    OTHER = "other"


class Record(Model):
    """One image or PDF. width and height in pixels; sha256 is of what is kept, unsealed."""

    __tablename__ = "records"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    category: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(SealedText)  # file names often hold the patient's
    media_type: Mapped[str] = mapped_column(String(32))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    pages: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(64), unique=True)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = relationship()
    added_by: Mapped[Person] = relationship()

    @property
    def is_image(self) -> bool:
        """Whether it can be drawn upon in the room."""
        return self.media_type.startswith("image/")

    def stakes(self) -> Stakes:
        return self.consultation.stakes()
