"""Alliance > hospital > campus > department: where people work and what rights are scoped to."""

from enum import StrEnum

from flask_babel import lazy_gettext as _
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model
from app.permissions import Stakes


class Level(StrEnum):
    """Chinese hospital grades; three tiers, each with its classes."""

    TERTIARY_A = "3A"
    TERTIARY_B = "3B"
    SECONDARY_A = "2A"
    SECONDARY_B = "2B"
    PRIMARY = "1"
    TOWNSHIP = "township"
    VILLAGE = "village"


class Alliance(Model):
    """A 医联体: the hospitals that consult each other."""

    __tablename__ = "alliances"
    called = _("医联体")

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    hospitals: Mapped[list["Hospital"]] = relationship(back_populates="alliance")

    audit_chain = "platform"

    @property
    def audit_subject(self) -> str:
        return f"alliance:{self.id}"

    def stakes(self) -> Stakes:
        return Stakes()


class Hospital(Model):
    """A member hospital (S0-2)."""

    __tablename__ = "hospitals"
    called = _("医院")

    id: Mapped[int] = mapped_column(primary_key=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliances.id"), index=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    level: Mapped[str] = mapped_column(String(16))
    description: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    region_code: Mapped[str] = mapped_column(String(6), default="")  # GB/T 2260
    can_be_invited: Mapped[bool] = mapped_column(default=False)  # takes consultations of others

    alliance: Mapped[Alliance] = relationship(back_populates="hospitals")
    campuses: Mapped[list["Campus"]] = relationship(back_populates="hospital")
    departments: Mapped[list["Department"]] = relationship(back_populates="hospital")

    @property
    def audit_chain(self) -> str:
        return f"hospital:{self.id}"

    audit_subject = audit_chain

    def stakes(self) -> Stakes:
        return Stakes(hospital_ids=(self.id,))


class Campus(Model):
    """One of the sites of a hospital (S1-7)."""

    __tablename__ = "campuses"
    __table_args__ = (UniqueConstraint("hospital_id", "name"),)
    called = _("院区")

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospitals.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")

    hospital: Mapped[Hospital] = relationship(back_populates="campuses")
    departments: Mapped[list["Department"]] = relationship(back_populates="campus")

    @property
    def audit_chain(self) -> str:
        return f"hospital:{self.hospital_id}"

    @property
    def audit_subject(self) -> str:
        return f"campus:{self.id}"

    def stakes(self) -> Stakes:
        return Stakes(hospital_ids=(self.hospital_id,))


class Department(Model):
    """A department of a hospital (S0-4)."""

    __tablename__ = "departments"
    __table_args__ = (UniqueConstraint("hospital_id", "name"),)
    called = _("科室")

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital_id: Mapped[int] = mapped_column(ForeignKey("hospitals.id"), index=True)
    campus_id: Mapped[int | None] = mapped_column(ForeignKey("campuses.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(30), default="")

    hospital: Mapped[Hospital] = relationship(back_populates="departments")
    campus: Mapped[Campus | None] = relationship(back_populates="departments")

    @property
    def audit_chain(self) -> str:
        return f"hospital:{self.hospital_id}"

    @property
    def audit_subject(self) -> str:
        return f"department:{self.id}"

    def stakes(self) -> Stakes:
        return Stakes(hospital_ids=(self.hospital_id,), department_ids=(self.id,))
