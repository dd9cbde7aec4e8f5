"""Who the patient is, sealed at rest, and which consents were given."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model
from app.sealing import SealedText


class Sex(StrEnum):
    """Administrative sex as on the identity card."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class Purpose(StrEnum):
    """What a consent is for; each is given and withdrawn by itself (P-3)."""

    CONSULTATION = "consultation"
    RECORDING = "recording"
    TEACHING = "teaching"


class Patient(Model):
    """A patient of one hospital. id_index and name_index find without telling (S4-14)."""

    __tablename__ = "patients"

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospitals.id"), index=True)
    name: Mapped[str] = mapped_column(SealedText)
    name_index: Mapped[str] = mapped_column(String(64), index=True)
    id_number: Mapped[str | None] = mapped_column(SealedText)
    id_index: Mapped[str | None] = mapped_column(String(64), index=True)
    phone: Mapped[str | None] = mapped_column(SealedText)
    sex: Mapped[str] = mapped_column(String(8))
    birth_on: Mapped[date] = mapped_column(Date)
    consents: Mapped[list["Consent"]] = relationship(back_populates="patient")

    def age_on(self, day: date) -> int:
        """Completed years on a day."""
        had_birthday = (day.month, day.day) >= (self.birth_on.month, self.birth_on.day)
        return day.year - self.birth_on.year - (not had_birthday)


class Consent(Model):
    """A written consent of the patient or of who may speak for them (L-4)."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    given_by: Mapped[str] = mapped_column(String(16))  # patient, guardian or relative
    given_on: Mapped[date] = mapped_column(Date)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    patient: Mapped[Patient] = relationship(back_populates="consents")
