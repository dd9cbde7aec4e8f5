"""Two contents of a process beside each other: a published version, a draft, a proposal."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _

from app.db import db
from app.errors import Invalid, NotFound
from app.processes import queries as processes
from app.processes.models import Process
from app.studio import queries
from app.studio.content import Content, of_bundle
from app.studio.models import Proposal
from app.web import language
from bpmn.bundle import Finding, Refused
from bpmn.difference import Change, changes

_NUMBER = re.compile(r"[0-9]{1,9}")
DRAFT, PROPOSAL, NOTHING = "draft", "proposal-", "nothing"


@dataclass(frozen=True)
class Side:
    """One of the two, and what to call it."""

    label: str
    content: Content


def side(process: Process, name: str) -> Side:
    """The version with this digest, `draft`, `proposal-<id>`, or `nothing`. Raises NotFound."""
    if name == NOTHING:
        return Side(_("尚无内容"), Content())
    if name == DRAFT:
        draft = queries.draft(process)
        content = Content(**draft.content) if draft else queries.published(process)
        return Side(_("草稿"), content)
    if name.startswith(PROPOSAL):
        proposal = _proposal(process, name.removeprefix(PROPOSAL))
        return Side(_("待签署的提议"), Content(**proposal.content))
    version = processes.version(process.key, name)
    label = _("第 %(number)s 版", number=version.number)
    return Side(label, of_bundle(version.bundle(), []))


def choices(process: Process) -> list[tuple[str, str]]:
    """What can be compared, the newest first: (name of the side, label)."""
    published = {
        one.digest: _("第 %(number)s 版", number=one.number) for one in process.publications
    }
    return [(DRAFT, _("草稿")), *reversed(published.items())]


def _proposal(process: Process, number: str) -> Proposal:
    found = db.session.get(Proposal, int(number)) if _NUMBER.fullmatch(number) else None
    if found is None or found.process_id != process.id:
        raise NotFound
    return found


def difference(before: Side, after: Side) -> dict[str, Any]:
    """Both sides with all changes, as the island shows them. Raises Invalid, telling why."""
    try:
        found = changes(before.content.bundle(), after.content.bundle())
    except Refused as refused:
        raise Invalid({one.rule: _words(one) for one in refused.findings}) from refused
    return {"before": _shown(before), "after": _shown(after), "changes": _told(found)}


def _shown(one: Side) -> dict[str, Any]:
    content = one.content
    files = {"forms": dict(content.forms), "decisions": dict(content.decisions)}
    return {"label": one.label, "diagram": content.diagram, **files}


def _told(found: Iterable[Change]) -> list[dict[str, Any]]:
    return [asdict(change) for change in found]


def _words(finding: Finding) -> str:
    return finding.en if language() == "en" else finding.zh
