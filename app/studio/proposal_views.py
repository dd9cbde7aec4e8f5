"""A proposal as the second manager sees it, and what may be done with it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import get_or_404
from app.errors import Conflict, Invalid
from app.permissions import Permission, allows, require
from app.processes import queries as processes
from app.processes.words import finding_title
from app.studio import evidence, proposals, queries, schemas
from app.studio.models import Proposal
from app.studio.views import body
from app.web import actor, flash_refusal
from bpmn.bundle import Finding

bp = Blueprint("proposals", __name__)
LATEST = 5


@bp.before_request
def _readers_only() -> None:
    require(actor(), Permission.PROCESS_READ)


@bp.get("/api/studio/<key>/proposals")
def latest(key: str) -> ResponseReturnValue:
    """What was proposed last, the newest first."""
    found = queries.proposals(processes.process(key))[:LATEST]
    return {"proposals": [schemas.proposal(one) for one in found]}


@bp.post("/api/studio/<key>/proposals")
def propose(key: str) -> ResponseReturnValue:
    given = schemas.ProposalInput().read(body())
    made = proposals.propose(key, actor(), given["revision"], given["reason"])
    return schemas.proposal(made), 201


@bp.get("/studio/proposals/<int:proposal_id>")
def find(proposal_id: int) -> ResponseReturnValue:
    """Where notices lead, which know no keys."""
    proposal = get_or_404(Proposal, proposal_id)
    return redirect(url_for(".show", key=proposal.process.key, proposal_id=proposal.id))


@bp.get("/studio/<key>/proposals/<int:proposal_id>")
def show(key: str, proposal_id: int) -> ResponseReturnValue:
    return _page(queries.proposal(key, proposal_id))


@bp.post("/studio/<key>/proposals/<int:proposal_id>/signature")
def sign(key: str, proposal_id: int) -> ResponseReturnValue:
    def act() -> None:
        version = proposals.sign(key, proposal_id, actor())
        flash(_("第 %(number)s 版已生效，新的会诊按此办理", number=version.number), "success")

    return _decided(key, proposal_id, act)


@bp.post("/studio/<key>/proposals/<int:proposal_id>/refusal")
def refuse(key: str, proposal_id: int) -> ResponseReturnValue:
    require(actor(), Permission.PROCESS_PUBLISH)

    def act() -> None:
        proposals.refuse(key, proposal_id, actor(), schemas.RefusalInput().read_form()["reason"])
        flash(_("已退回，作者会看到理由"), "success")

    return _decided(key, proposal_id, act)


@bp.post("/studio/<key>/proposals/<int:proposal_id>/withdrawal")
def withdraw(key: str, proposal_id: int) -> ResponseReturnValue:
    def act() -> None:
        proposals.withdraw(key, proposal_id, actor())
        flash(_("已撤回"), "success")

    return _decided(key, proposal_id, act)


def _decided(key: str, proposal_id: int, act: Callable[[], None]) -> ResponseReturnValue:
    """Act and show the proposal again, with why if it was refused."""
    proposal = queries.proposal(key, proposal_id)
    try:
        act()
    except Invalid as error:
        return _page(proposal, error.errors, error.details.get("findings", [])), error.status
    except Conflict as error:
        flash_refusal(error)
    return redirect(url_for(".show", key=key, proposal_id=proposal_id))


def _page(proposal: Proposal, errors: Any = (), findings: Any = ()) -> str:
    who = actor()
    is_own = proposal.proposed_by_id == who.actor_id
    return render_template(
        "studio/proposal.html",
        proposal=proposal,
        process=proposal.process,
        warnings=[schemas.finding(Finding(**one)) for one in proposal.findings.get("lint", [])],
        evidence=evidence.templates(proposal.findings),
        errors=dict(errors),
        findings=findings,
        finding_title=finding_title,
        may_sign=allows(who, Permission.PROCESS_PUBLISH) and not is_own,
        may_withdraw=allows(who, Permission.PROCESS_DRAFT) and is_own,
        has_signers=bool(queries.other_managers(who)),
    )
