"""The inbox as a table: what waits for whom. A projection of the engine, never a question to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.consultations.models import Consultation
from app.db import Model
from app.organisations.models import Hospital
from app.permissions import ALLIANCE_ROLES, Actor, Grant
from app.sealing import SealedJSON, SealedText


class State(StrEnum):
    """Whether a task still waits."""

    READY = "ready"
    COMPLETED = "completed"
    CANCELLED = "cancelled"  # the process left it by another way


class Task(Model):
    """One user task of one case. Open to its assignee, or to whoever matches if nobody has it."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("consultation_id", "engine_id"),
        Index("ix_tasks_inbox", "state", "role", "hospital_id"),
        Index("ix_tasks_mine", "assignee_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    engine_id: Mapped[str] = mapped_column(String(64))
    element_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    form_id: Mapped[str | None] = mapped_column(String(100))
    record: Mapped[str | None] = mapped_column(String(32))
    item: Mapped[Any] = mapped_column(SealedJSON, nullable=True)
    is_session: Mapped[bool] = mapped_column(default=False)
    role: Mapped[str | None] = mapped_column(String(32))
    hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospitals.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    candidate_ids: Mapped[list[Any]]  # people named one by one; empty: the role decides
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    priority: Mapped[int] = mapped_column(default=50)
    state: Mapped[str] = mapped_column(String(16), default=State.READY)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    urged_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    completed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    answers: Mapped[Any] = mapped_column(SealedJSON, nullable=True)
    open_signatures: Mapped[int] = mapped_column(default=0)  # asked for and not yet answered
    draft: Mapped[Any] = mapped_column(SealedJSON, nullable=True)
    draft_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    consultation: Mapped[Consultation] = relationship()
    hospital: Mapped[Hospital | None] = relationship()
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    completed_by: Mapped[Person | None] = relationship(foreign_keys=[completed_by_id])
    signers: Mapped[list["Signer"]] = relationship(back_populates="task")

    __mapper_args__ = {"version_id_col": version}

    def is_open_to(self, actor: Actor) -> bool:
        """Whether the actor may work on it: it is theirs, or nobody's and they match."""
        if self.assignee_id is not None:
            return self.assignee_id == actor.actor_id
        return self.is_within_role_of(actor)

    def is_within_role_of(self, actor: Actor) -> bool:
        """Whether the actor's roles would let them do it, whoever has it."""
        if self.candidate_ids:
            return actor.actor_id in self.candidate_ids
        return any(self._matches(grant) for grant in actor.grants)

    def _matches(self, grant: Grant) -> bool:
        if self.hospital_id is None and grant.role not in ALLIANCE_ROLES:
            return False  # a hospital's task whose hospital is unknown is nobody's
        return (
            grant.role == self.role
            and grant.hospital_id == self.hospital_id
            and (self.department_id is None or grant.department_id == self.department_id)
        )


class TaskCandidate(Model):
    """A person to whom a task is offered by name; Task.candidate_ids, where a query can see it."""

    __tablename__ = "task_candidates"

    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)


class Signer(Model):
    """Somebody asked to sign too (加签) before a task may be completed."""

    __tablename__ = "signers"
    __table_args__ = (UniqueConstraint("task_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    question: Mapped[str] = mapped_column(SealedText)
    agrees: Mapped[bool | None]
    remark: Mapped[str | None] = mapped_column(SealedText)
    answered_at: Mapped[datetime | None]

    task: Mapped[Task] = relationship(back_populates="signers")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
