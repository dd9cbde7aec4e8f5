"""People, what is known of them, which roles they hold, and changes that await review."""

import unicodedata
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _
from flask_login import UserMixin
from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Model
from app.organisations.models import Department, Hospital
from app.permissions import Grant, Stakes, role_of
from app.sealing import SealedText


def normal_login(login: str) -> str:
    """The one spelling of a login that is stored and looked up (G-1)."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


class Standing(StrEnum):
    """Whether a person may act."""

    PENDING = "pending"  # registered, not yet reviewed
    ACTIVE = "active"
    REFUSED = "refused"  # may mend the profile and ask again
    SUSPENDED = "suspended"


class Title(StrEnum):
    """Clinical titles (GB/T 8561), highest first; experts hold one of the first two (S2-4)."""

    CHIEF = "chief"  # 主任医师
    ASSOCIATE_CHIEF = "associate_chief"  # 副主任医师
    ATTENDING = "attending"  # 主治医师
    RESIDENT = "resident"  # 住院医师
    OTHER = "other"


EXPERT_TITLES = frozenset({Title.CHIEF, Title.ASSOCIATE_CHIEF})


# What a reviewer vouches for; everything else a person changes at once (S0-7, O-20).
REVIEWED = ("name", "hospital_id", "department_id", "title", "specialty", "licence")


class Person(Model, UserMixin):  # type: ignore[misc]  # flask-login has no types
    """An account and the profile in force. `epoch` ends all sign-ins when it is raised."""

    __tablename__ = "people"
    called = _("人员")

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    standing: Mapped[str] = mapped_column(String(16), default=Standing.PENDING)
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(SealedText)
    email: Mapped[str | None] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(5), default="zh")
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospitals.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    title: Mapped[str] = mapped_column(String(24), default=Title.OTHER)
    specialty: Mapped[str] = mapped_column(String(200), default="")
    licence: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime]
    epoch: Mapped[int] = mapped_column(default=0)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]

    hospital: Mapped[Hospital | None] = relationship()
    department: Mapped[Department | None] = relationship()
    roles: Mapped[list["RoleAssignment"]] = relationship(
        back_populates="person",
        cascade="all, delete-orphan",
        foreign_keys="RoleAssignment.person_id",
    )
    changes: Mapped[list["ProfileChange"]] = relationship(
        back_populates="person", foreign_keys="ProfileChange.person_id"
    )

    @property
    def actor_id(self) -> int:
        return self.id

    @property
    def is_approved(self) -> bool:
        """Reviewed and not suspended: only then may a person act (S0-6)."""
        return self.standing == Standing.ACTIVE

    @property
    def grants(self) -> Collection[Grant]:
        """The roles in force; none before approval."""
        return tuple(role.grant for role in self.roles) if self.is_approved else ()

    def has_role(self, role: str) -> bool:
        """Whether the role is held anywhere."""
        return any(grant.role == role for grant in self.grants)

    def stakes(self) -> Stakes:
        hospitals = () if self.hospital_id is None else (self.hospital_id,)
        return Stakes(hospital_ids=hospitals, person_ids=(self.id,), owner_id=self.id)

    @property
    def audit_chain(self) -> str:
        return f"person:{self.id}"

    audit_subject = audit_chain


class CustomRole(Model):
    """A role that managers added for their own diagrams, held at hospitals like a pharmacist's.

    It gives the tasks of its lanes, and the cases in which it had one, nothing else. Retired, it
    is offered to nobody; who holds it goes on.
    """

    __tablename__ = "custom_roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    name_en: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    retired_at: Mapped[datetime | None]

    @property
    def audit_chain(self) -> str:
        return f"role:{self.key}"

    audit_subject = audit_chain


class RoleAssignment(Model):
    """A role held at a hospital, a department, or, with neither, for the alliance (S3-23)."""

    __tablename__ = "role_assignments"
    __table_args__ = (UniqueConstraint("person_id", "role", "hospital_id", "department_id"),)
    called = _("人员的角色")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(String(32), index=True)
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospitals.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id])
    hospital: Mapped[Hospital | None] = relationship()
    department: Mapped[Department | None] = relationship()

    @property
    def grant(self) -> Grant:
        """This assignment as the permission table reads it."""
        return Grant(role_of(self.role), self.hospital_id, self.department_id)


class ChangeState(StrEnum):
    """Where a proposed profile stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    REPLACED = "replaced"  # the person proposed again before it was reviewed


class ProfileChange(Model):
    """What a person asks to be changed; the old profile stays in force until approved (S0-7)."""

    __tablename__ = "profile_changes"
    called = _("资料审核记录")

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    # Whose administrator decides: the hospital where the person will work.
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospitals.id"), index=True)
    proposed: Mapped[dict[str, Any]]  # field name -> new value, reviewed fields only
    state: Mapped[str] = mapped_column(String(16), default=ChangeState.PROPOSED, index=True)
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    person: Mapped[Person] = relationship(back_populates="changes", foreign_keys=[person_id])
    hospital: Mapped[Hospital | None] = relationship()
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])

    def stakes(self) -> Stakes:
        return Stakes(hospital_ids=() if self.hospital_id is None else (self.hospital_id,))
