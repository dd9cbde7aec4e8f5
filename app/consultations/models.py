"""The case 会诊: who asks whom about which patient, where its process stands, who takes part."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.db import Model
from app.organisations.models import Department, Hospital
from app.patients.models import Patient
from app.permissions import Role, Stakes
from app.sealing import SealedJSON, SealedText


class Status(StrEnum):
    """Where a case stands (S4-40); derived from where its token is."""

    DRAFT = "draft"  # 草稿
    PENDING = "pending"  # 待分配
    ASSIGNED = "assigned"  # 已分配专家
    IN_PROGRESS = "in_progress"  # 进行中
    COMPLETED = "completed"  # 已完成
    CANCELLED = "cancelled"  # 已取消


# From which status to which a step of a diagram may lead a case (S4-41). In an emergency the
# session begins in the step that names the experts.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.PENDING, Status.CANCELLED}),
    Status.PENDING: frozenset(
        {Status.DRAFT, Status.ASSIGNED, Status.IN_PROGRESS, Status.CANCELLED}
    ),
    Status.ASSIGNED: frozenset({Status.PENDING, Status.IN_PROGRESS, Status.CANCELLED}),
    Status.IN_PROGRESS: frozenset({Status.ASSIGNED, Status.COMPLETED, Status.CANCELLED}),
    Status.COMPLETED: frozenset(),
    Status.CANCELLED: frozenset(),
}


class Urgency(StrEnum):
    """How soon an answer is needed."""

    ROUTINE = "routine"
    URGENT = "urgent"
    CRITICAL = "critical"


class Consultation(Model):
    """One case. The inviting side asks; the invited side answers once the case reached it."""

    __tablename__ = "consultations"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    status: Mapped[str] = mapped_column(String(16), default=Status.DRAFT, index=True)
    urgency: Mapped[str] = mapped_column(String(16), default=Urgency.ROUTINE)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"), index=True)
    inviting_hospital_id: Mapped[int] = mapped_column(ForeignKey("hospitals.id"), index=True)
    inviting_department_id: Mapped[int] = mapped_column(ForeignKey("departments.id"), index=True)
    invited_hospital_id: Mapped[int | None] = mapped_column(ForeignKey("hospitals.id"), index=True)
    invited_department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    involved: Mapped[str] = mapped_column(Text, default="")  # custom roles: ",key,key,"
    reached_invited_at: Mapped[datetime | None]  # from then on the invited side may read it
    application: Mapped[dict[str, Any] | None] = mapped_column(SealedJSON)  # without identity
    review: Mapped[dict[str, Any] | None] = mapped_column(SealedJSON)  # the latest: who, what, why
    scheduled_at: Mapped[datetime | None] = mapped_column(index=True)
    duration_min: Mapped[int | None]
    is_tracked: Mapped[bool] = mapped_column(default=False)  # an expert asked to follow it (S2-38)
    created_at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]

    applicant: Mapped[Person] = relationship()
    patient: Mapped[Patient | None] = relationship()
    inviting_hospital: Mapped[Hospital] = relationship(foreign_keys=[inviting_hospital_id])
    inviting_department: Mapped[Department] = relationship(foreign_keys=[inviting_department_id])
    invited_hospital: Mapped[Hospital | None] = relationship(foreign_keys=[invited_hospital_id])
    invited_department: Mapped[Department | None] = relationship(
        foreign_keys=[invited_department_id]
    )
    instance: Mapped["Instance"] = relationship(back_populates="consultation")
    participants: Mapped[list["Participant"]] = relationship(back_populates="consultation")

    @property
    def is_closed(self) -> bool:
        """Whether nothing but follow-up can still happen."""
        return not TRANSITIONS[Status(self.status)]

    def stakes(self) -> Stakes:
        """The inviting side always; the invited hospital once the case reached it."""
        hospitals = [self.inviting_hospital_id]
        if self.reached_invited_at and self.invited_hospital_id:
            hospitals.append(self.invited_hospital_id)
        people = {one.person_id for one in self.participants if one.ended_at is None}
        return Stakes(
            hospital_ids=hospitals,
            department_ids=(self.inviting_department_id,),
            person_ids=people | {self.applicant_id},
            owner_id=self.applicant_id,
            roles=self.custom_roles,
        )

    @property
    def custom_roles(self) -> list[str]:
        """The custom roles that were given work in this case."""
        return list(filter(None, self.involved.split(",")))

    def with_role(self, role: str) -> str:
        """`involved` once this custom role has work too."""
        return self.involved if role in self.custom_roles else f"{self.involved or ','}{role},"

    @property
    def audit_chain(self) -> str:
        return f"consultation:{self.id}"

    audit_subject = audit_chain


class Instance(Model):
    """The state document of a case's process, and what must be found without reading it."""

    __tablename__ = "instances"
    __table_args__ = (
        Index("ix_instances_wake_at", "wake_at"),
        Index(
            "ix_instances_running",
            "digest",
            sqlite_where=text("NOT is_finished"),
            postgresql_where=text("NOT is_finished"),
        ),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("process_versions.digest"), index=True)
    state: Mapped[str] = mapped_column(Text)
    wake_at: Mapped[datetime | None]
    messages: Mapped[list[Any]]  # names awaited: what can be withdrawn, cancelled, rescheduled now
    # The tokens, oldest first: [{"task", "element", "since", "due"}], moments as epoch seconds.
    places: Mapped[list[Any]] = mapped_column(default=list)
    is_finished: Mapped[bool] = mapped_column(default=False)
    suspended_at: Mapped[datetime | None]  # nothing goes on, no timer fires
    incident: Mapped[str | None] = mapped_column(Text)  # why the last step failed
    version: Mapped[int] = mapped_column(default=1)

    consultation: Mapped[Consultation] = relationship(back_populates="instance")

    __mapper_args__ = {"version_id_col": version}


class Participant(Model):
    """A person who belongs to a case in a capacity, until ended_at."""

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("consultation_id", "person_id", "capacity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(32))
    place: Mapped[int] = mapped_column(default=0)  # the first expert leads
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    consultation: Mapped[Consultation] = relationship(back_populates="participants")
    person: Mapped[Person] = relationship()


class Capacity(StrEnum):
    """In which capacity someone takes part."""

    APPLICANT = Role.APPLICANT
    EXPERT = Role.EXPERT
    DELEGATE = "delegate"
    SIGNER = "signer"


class ElementLog(Model):
    """When a token came to an element of the diagram and left it; the engine itself forgets."""

    __tablename__ = "element_log"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    element_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    engine_task_id: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int | None]


class Incident(Model):
    """A step that failed (异常): where, why, how often, and whether the case went on since.

    engine_task_id, task_id, person_id: the completion that failed; none of them: a timer.
    """

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    element_id: Mapped[str] = mapped_column(String(100))
    element_name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    reason_en: Mapped[str] = mapped_column(Text)
    engine_task_id: Mapped[str | None] = mapped_column(String(64))
    task_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    last_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=1)
    resolved_at: Mapped[datetime | None] = mapped_column(index=True)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    consultation: Mapped[Consultation] = relationship()


class Intervention(Model):
    """What a supervisor did to a case (干预), and why. element_id: the step it was about."""

    __tablename__ = "interventions"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    deed: Mapped[str] = mapped_column(String(40))
    element_id: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(SealedText)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class Comment(Model):
    """Something said about a case outside its tasks."""

    __tablename__ = "comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(SealedText)
    at: Mapped[datetime]

    author: Mapped[Person] = relationship()


class Counter(Model):
    """The last number given out under a name; counts without gaps or doubles (S4-43)."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]
