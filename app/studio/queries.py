"""The draft of a process, and what was said about it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.processes.models import Process
from app.studio import content
from app.studio.content import Content
from app.studio.models import Draft, Remark


def draft(process: Process) -> Draft | None:
    """The draft of a process with who edits it, fresh from the database."""
    statement = (
        select(Draft)
        .where(Draft.process_id == process.id)
        .options(joinedload(Draft.edited_by), joinedload(Draft.held_by))
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(statement)


def remarks(process: Process) -> Sequence[Remark]:
    """What was said about the elements of a process, in order; resolved ones too."""
    statement = (
        select(Remark)
        .where(Remark.process_id == process.id)
        .options(joinedload(Remark.author), joinedload(Remark.resolved_by))
        .order_by(Remark.id)
    )
    return db.session.scalars(statement).all()


def published(process: Process) -> Content:
    """The content in force, or nothing yet."""
    if not process.publications:
        return Content()
    last = process.publications[-1]
    return content.of_bundle(last.version.bundle(), last.scenarios)
