"""Two persons put a change in force: who proposes it never signs it (O-4)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _

from app.accounts.models import Person
from app.audit import Deed, record
from app.db import db, end_reading, get_or_404, locked, now, transactional
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.notices.actions import queue
from app.permissions import Actor, Permission, require
from app.processes import queries as processes
from app.processes.actions import check, put_in_force, require_own
from app.processes.models import Process, ProcessVersion
from app.studio import content, evidence, queries
from app.studio.actions import locked_process
from app.studio.content import Content
from app.studio.models import Draft, Proposal, ProposalState


def propose(key: str, actor: Actor, revision: int, reason: str) -> Proposal:
    """Freeze the draft as it stands and ask the other managers to sign it.

    revision: what the author has before them. Raises Forbidden, NotFound, Invalid with all
    findings or without a reason, Conflict if the draft moved on, is what is in force already, or
    another proposal is open.
    """
    require(actor, Permission.PROCESS_DRAFT)
    if not reason.strip():
        raise Invalid({"reason": _("请说明修改的理由")})
    process = processes.process(key)
    draft = queries.draft(process)
    proposed = content.read(draft.content) if draft else Content()
    _require_proposable(process, draft, revision, proposed)
    end_reading()
    findings = {
        "begun_from": draft.base_digest if draft else None,
        "lint": [asdict(one) for one in check(proposed.bundle())],
        **evidence.gathered(process, proposed),
    }
    return _keep(key, actor, revision, reason.strip(), findings)


def sign(key: str, proposal_id: int, actor: Actor) -> ProcessVersion:
    """Put a colleague's proposal in force.

    Raises Forbidden to its author, NotFound, Invalid if it may not run here (any more), Conflict
    if it is decided or something else was put in force since.
    """
    require(actor, Permission.PROCESS_PUBLISH)
    proposal = queries.proposal(key, proposal_id)
    _require_second(proposal, actor)
    bundle = content.read(proposal.content).bundle()
    end_reading()
    check(bundle)
    return _sign(key, proposal_id, actor, bundle.digest())


@transactional
def refuse(key: str, proposal_id: int, actor: Actor, reason: str) -> Proposal:
    """Send a colleague's proposal back. Raises as `sign` does, Invalid without a reason."""
    require(actor, Permission.PROCESS_PUBLISH)
    with _decided(key, proposal_id, actor, ProposalState.REFUSED) as proposal:
        _require_second(proposal, actor)
        if not reason.strip():
            raise Invalid({"reason": _("请说明退回的理由")})
        proposal.refusal = reason.strip()
        record(actor, Deed.PROCESS_REFUSED, proposal.process, proposal=proposal.id)
        _tell(proposal.proposed_by, "process-refused", proposal)
    return proposal


@transactional
def withdraw(key: str, proposal_id: int, actor: Actor) -> Proposal:
    """Take the own proposal back. Raises Forbidden to others, NotFound, Conflict if decided."""
    require(actor, Permission.PROCESS_DRAFT)
    with _decided(key, proposal_id, actor, ProposalState.WITHDRAWN) as proposal:
        if proposal.proposed_by_id != actor.actor_id:
            raise Forbidden
        record(actor, Deed.PROCESS_WITHDRAWN, proposal.process, proposal=proposal.id)
    return proposal


@transactional
def _keep(key: str, actor: Actor, revision: int, reason: str, findings: dict[str, Any]) -> Proposal:
    process = locked_process(key)
    draft = queries.draft(process)
    proposed = content.read(draft.content) if draft else Content()
    _require_proposable(process, draft, revision, proposed)
    proposal = Proposal(
        process=process,
        digest=proposed.bundle().digest(),
        content=proposed.json(),
        base_digest=_in_force(key),
        reason=reason,
        proposed_by=get_or_404(Person, actor.actor_id),
        proposed_at=now(),
        findings=findings,
    )
    db.session.add(proposal)
    db.session.flush()
    said = {"proposal": proposal.id, "version": proposal.digest, "base": proposal.base_digest}
    record(actor, Deed.PROCESS_PROPOSED, process, **said)
    _tell(queries.other_managers(actor), "process-proposed", proposal)
    return proposal


@transactional
def _sign(key: str, proposal_id: int, actor: Actor, digest: str) -> ProcessVersion:
    with _decided(key, proposal_id, actor, ProposalState.SIGNED) as proposal:
        _require_second(proposal, actor)
        proposed = content.read(proposal.content)
        if not digest == proposal.digest == proposed.bundle().digest():
            raise Conflict(_("这项修改的内容与提出时不同，不能签署"))
        if proposal.base_digest != _in_force(key):
            raise Conflict(_("提出之后已有别的版本生效，请退回，由作者对照现行版本重新提出"))
        version = put_in_force(
            actor,
            key,
            proposal.process.name,
            proposed.bundle(),
            proposal.reason,
            proposal.proposed_by_id,
            proposed.scenarios,
        )
        draft = queries.draft(proposal.process)
        if draft is not None:
            draft.base_digest = version.digest
        _tell(proposal.proposed_by, "process-published", proposal)
    return version


@contextmanager
def _decided(key: str, proposal_id: int, actor: Actor, state: ProposalState) -> Iterator[Proposal]:
    """The proposal, kept from others while it is decided. Raises NotFound, Conflict."""
    locked_process(key)
    proposal = locked(Proposal, queries.proposal(key, proposal_id).id)
    if proposal.state != ProposalState.OPEN:
        raise Conflict(_("这项修改已经处理过了"))
    yield proposal
    proposal.state = state
    proposal.decided_by, proposal.decided_at = get_or_404(Person, actor.actor_id), now()


def _require_proposable(
    process: Process, draft: Draft | None, revision: int, proposed: Content
) -> None:
    if draft is None or draft.revision != revision:
        raise Conflict
    if queries.open_proposal(process) is not None:
        raise Conflict(_("已有一项修改等待签署，请先处理"))
    require_own(process, proposed.bundle())
    if proposed == queries.published(process):
        raise Conflict(_("草稿与现行版本相同，没有可以提出的修改"))


def _require_second(proposal: Proposal, actor: Actor) -> None:
    if proposal.proposed_by_id == actor.actor_id:
        raise Forbidden(_("自己提出的修改须由另一位流程管理员签署"))


def _in_force(key: str) -> str | None:
    """Asked of the database: a process that was read before may know older publications only."""
    try:
        return processes.in_force(key).digest
    except NotFound:
        return None


def _tell(people: Any, template: str, proposal: Proposal) -> None:
    queue(people, template, process=proposal.process.name, proposal_id=proposal.id)
