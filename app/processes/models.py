"""Processes, the contents they were given, and the publications that put these in force."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.db import Model
from bpmn.bundle import Bundle


class Process(Model):
    """A way of working that a hospital manager shapes, such as the general consultation.

    It has no publications until its first draft is signed.
    """

    __tablename__ = "processes"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(String(200), default="")  # for whoever chooses
    is_open: Mapped[bool] = mapped_column(default=True)  # applicants may choose it
    publications: Mapped[list["Publication"]] = relationship(
        back_populates="process", order_by="Publication.number"
    )

    @property
    def in_force(self) -> "ProcessVersion | None":
        """What new cases follow, once something was published."""
        return self.publications[-1].version if self.publications else None

    @property
    def audit_chain(self) -> str:
        return f"process:{self.id}"

    audit_subject = audit_chain


class ProcessVersion(Model):
    """Diagram, forms, decisions and notices that belong together, known by their hash.

    It never changes. Put in force once more, it gets another publication, not another row.
    """

    __tablename__ = "process_versions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("processes.id"), index=True)
    diagram: Mapped[str] = mapped_column(Text)
    forms: Mapped[dict[str, Any]]
    decisions: Mapped[dict[str, Any]]
    notices: Mapped[dict[str, Any]]

    process: Mapped[Process] = relationship()
    publications: Mapped[list["Publication"]] = relationship(
        back_populates="version", order_by="Publication.number"
    )

    def bundle(self) -> Bundle:
        """The content as the engine reads it."""
        return Bundle(self.diagram, self.forms, self.decisions, self.notices)

    @property
    def publication(self) -> "Publication":
        """The latest of its publications; there is none without one."""
        return self.publications[-1]

    @property
    def number(self) -> int:
        return self.publication.number


class ChoosingTable(Model):
    """A decision on which process a new case follows; the latest is in use.

    xml: DMN, empty where the applicant shall choose again.
    """

    __tablename__ = "choosing_tables"

    id: Mapped[int] = mapped_column(primary_key=True)
    xml: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    set_by: Mapped[Person] = relationship()

    audit_chain = audit_subject = "process:choice"


class Publication(Model):
    """A content was put in force under the next number of its process: by whom and why.

    scenarios: kept beside the content, because they do not change how a hospital works.
    signature: of the installation; empty until it signed.
    """

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("process_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("processes.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(ForeignKey("process_versions.digest"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    scenarios: Mapped[list[Any]] = mapped_column(default=list)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    signature: Mapped[dict[str, Any]] = mapped_column(default=dict)

    process: Mapped[Process] = relationship(back_populates="publications")
    version: Mapped[ProcessVersion] = relationship(back_populates="publications")
    proposed_by: Mapped[Person | None] = relationship(foreign_keys=[proposed_by_id])
    published_by: Mapped[Person | None] = relationship(foreign_keys=[published_by_id])
