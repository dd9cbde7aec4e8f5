"""Cases moved together from one version of their process to another, and how to undo it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.consultations.models import Consultation
from app.db import Model
from app.processes.models import Process, ProcessVersion
from bpmn.bundle import Finding


class Stage(StrEnum):
    """How far a migration has come."""

    APPLYING = "applying"
    APPLIED = "applied"
    REVERTING = "reverting"
    REVERTED = "reverted"


class Outcome(StrEnum):
    """What became of one case."""

    WAITING = "waiting"
    MOVED = "moved"
    BLOCKED = "blocked"
    REVERTING = "reverting"
    REVERTED = "reverted"
    KEPT = "kept"  # it has moved on since and was not taken back


class CaseMigration(Model):
    """Many cases moved from one version to another (迁移).

    mapping: renamed elements, old id -> new id. variables: what is set where a case has none.
    """

    __tablename__ = "case_migrations"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("processes.id"), index=True)
    source: Mapped[str] = mapped_column(ForeignKey("process_versions.digest"))
    target: Mapped[str] = mapped_column(ForeignKey("process_versions.digest"))
    mapping: Mapped[dict[str, Any]]
    variables: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default=Stage.APPLYING)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    reverted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reverted_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship()
    source_version: Mapped[ProcessVersion] = relationship(foreign_keys=[source])
    target_version: Mapped[ProcessVersion] = relationship(foreign_keys=[target])
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    cases: Mapped[list["MigratedCase"]] = relationship(
        back_populates="migration", order_by="MigratedCase.consultation_id"
    )


class MigratedCase(Model):
    """One case of a migration. findings: as bpmn.bundle.Finding, in both languages.

    state_before, before: what to put back; state_after: SHA-256 of the state it was moved to, by
    which is seen whether it has moved since.
    """

    __tablename__ = "migrated_cases"

    migration_id: Mapped[int] = mapped_column(ForeignKey("case_migrations.id"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id"), primary_key=True, index=True
    )
    state: Mapped[str] = mapped_column(String(16), default=Outcome.WAITING)
    findings: Mapped[list[Any]] = mapped_column(default=list)
    state_before: Mapped[str | None] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None]
    state_after: Mapped[str | None] = mapped_column(String(64))

    migration: Mapped[CaseMigration] = relationship(back_populates="cases")
    consultation: Mapped[Consultation] = relationship()

    @property
    def told(self) -> list[Finding]:
        """What was found, as the engine says it."""
        return [Finding(**one) for one in self.findings]
