"""What may be sent to the studio, and how it answers."""

from typing import Any

from flask import url_for
from marshmallow import fields

from app.accounts.models import Person
from app.db import now
from app.permissions import Actor
from app.processes.models import Process
from app.studio.models import Draft, Proposal, Remark
from app.web import language
from app.web.inputs import Input, Text, Tick
from bpmn.bundle import Finding


class Save(Input):
    """A change to a draft; what `content` may hold is read by app.studio.content."""

    revision = fields.Integer(required=True, strict=True)
    content = fields.Dict(required=True)


class Check(Input):
    """A whole content that is to be judged."""

    content = fields.Dict(required=True)


class TrialInput(Check):
    """A content and the script to play against it; bpmn.scenario reads the script."""

    scenario = fields.Dict(required=True)


class ProposalInput(Input):
    """A draft to be signed: the revision its author sees, and why."""

    revision = fields.Integer(required=True, strict=True)
    reason = Text(2000, required=True)


class RefusalInput(Input):
    """Why a proposal is sent back."""

    reason = Text(2000, required=True)


class ProcessInput(Input):
    """A new process: what it is called and what it begins as."""

    key = Text(40, required=True)
    name = Text(100, required=True)
    description = Text(200)
    origin = Text(80)


class WhatIfInput(Check):
    """A content and along how many past cases to run it."""

    count = fields.Integer(required=True, strict=True)


class SettingsInput(Input):
    """What applicants see of a process."""

    name = Text(100, required=True)
    description = Text(200)
    is_open = Tick()


class RemarkInput(Input):
    """Something said about an element."""

    element_id = Text(100, required=True)
    text = Text(2000, required=True)


def lock(draft: Draft | None, actor: Actor) -> dict[str, Any]:
    """Who edits now, as the editor shows it."""
    holder = draft.holder(now()) if draft else None
    return {
        "holder": _person(holder),
        "is_mine": holder is not None and holder.id == actor.actor_id,
        "until": draft.held_until.isoformat() if draft and holder and draft.held_until else None,
    }


def remark(said: Remark) -> dict[str, Any]:
    """One remark; `resolved_by` is None until it is dealt with."""
    return {
        "id": said.id,
        "element_id": said.element_id,
        "text": said.text,
        "author": _person(said.author),
        "at": said.at.isoformat(),
        "resolved_by": _person(said.resolved_by),
        "resolved_at": said.resolved_at.isoformat() if said.resolved_at else None,
    }


def proposal(one: Proposal) -> dict[str, Any]:
    """A proposal as the editor lists it."""
    return {
        "id": one.id,
        "state": one.state,
        "reason": one.reason,
        "proposed_by": _person(one.proposed_by),
        "proposed_at": one.proposed_at.isoformat(),
        "decided_by": _person(one.decided_by),
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
        "refusal": one.refusal,
        "url": url_for("proposals.show", key=one.process.key, proposal_id=one.id),
    }


def process(one: Process) -> dict[str, Any]:
    """What the editor's heading shows."""
    return {"key": one.key, "name": one.name}


def finding(one: Finding) -> dict[str, Any]:
    """A finding in the language of whoever asks; `file` names a form or decision."""
    is_file = not one.element_id and one.element_name.endswith((".form", ".dmn", ".notice"))
    return {
        "element": one.element_id,
        "name": one.element_name,
        "rule": one.rule,
        "severity": one.severity,
        "text": one.en if language() == "en" else one.zh,
        "file": one.element_name if is_file else "",
    }


def _person(person: Person | None) -> dict[str, Any] | None:
    return None if person is None else {"id": person.id, "name": person.name}
