"""Drafts, what was said about them, and what waits to be signed."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.addressees import Addressee, holders
from app.db import db
from app.errors import NotFound
from app.permissions import Actor, Role
from app.processes.models import Process
from app.studio import content
from app.studio.content import Content
from app.studio.models import Draft, Proposal, ProposalState, Remark


def draft(process: Process) -> Draft | None:
    """The draft of a process with who edits it, fresh from the database."""
    statement = (
        select(Draft)
        .where(Draft.process_id == process.id)
        .options(joinedload(Draft.edited_by), joinedload(Draft.held_by))
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(statement)


def drafts() -> dict[int, Draft]:
    """All drafts by the process they belong to."""
    statement = select(Draft).options(joinedload(Draft.edited_by), joinedload(Draft.held_by))
    return {one.process_id: one for one in db.session.scalars(statement)}


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


def proposal(key: str, proposal_id: int) -> Proposal:
    """A proposal of this process. Raises NotFound."""
    found = db.session.get(Proposal, proposal_id)
    if found is None or found.process.key != key:
        raise NotFound
    return found


def open_proposal(process: Process) -> Proposal | None:
    """The one that waits for a signature."""
    statement = select(Proposal).filter_by(process_id=process.id, state=ProposalState.OPEN)
    return db.session.scalar(statement)


def open_proposals() -> dict[int, Proposal]:
    """What waits for a signature, by the process it belongs to."""
    statement = select(Proposal).where(Proposal.state == ProposalState.OPEN)
    found = db.session.scalars(statement.options(joinedload(Proposal.proposed_by)))
    return {one.process_id: one for one in found}


def proposals(process: Process) -> Sequence[Proposal]:
    """All that was ever proposed for a process, the latest first."""
    statement = (
        select(Proposal)
        .where(Proposal.process_id == process.id)
        .options(joinedload(Proposal.proposed_by), joinedload(Proposal.decided_by))
        .order_by(Proposal.id.desc())
    )
    return db.session.scalars(statement).all()


def count_to_sign(actor: Actor) -> int:
    """How many proposals of others wait for a signature."""
    statement = select(func.count()).where(
        Proposal.state == ProposalState.OPEN, Proposal.proposed_by_id != actor.actor_id
    )
    return db.session.scalar(statement) or 0


def other_managers(actor: Actor) -> list[Addressee]:
    """Who may sign what this actor proposes."""
    return [one for one in holders(Role.PROCESS_MANAGER) if one.id != actor.actor_id]
