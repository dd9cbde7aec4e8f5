"""Processes and their published versions, which never change once published."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.db import Model
from bpmn.bundle import Bundle


class Process(Model):
    """A way of working that a hospital manager shapes, such as the general consultation."""

    __tablename__ = "processes"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    versions: Mapped[list["ProcessVersion"]] = relationship(
        back_populates="process", order_by="ProcessVersion.number"
    )

    @property
    def audit_chain(self) -> str:
        return f"process:{self.id}"

    audit_subject = audit_chain


class ProcessVersion(Model):
    """Diagram, forms and decisions published together, known by the hash of their content."""

    __tablename__ = "process_versions"
    __table_args__ = (UniqueConstraint("process_id", "number"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("processes.id"), index=True)
    number: Mapped[int]
    diagram: Mapped[str] = mapped_column(Text)
    forms: Mapped[dict[str, Any]]
    decisions: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(Text, default="")

    process: Mapped[Process] = relationship(back_populates="versions")
    published_by: Mapped[Person | None] = relationship()

    def bundle(self) -> Bundle:
        """The content as the engine reads it."""
        return Bundle(self.diagram, self.forms, self.decisions)
