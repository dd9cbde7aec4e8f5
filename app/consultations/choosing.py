"""Which process a new case follows: what the hospitals' table decides from a few answers, and
where it leaves that open, or there is none, what the applicant chooses."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.accounts.models import Person
from app.db import db, now
from app.errors import Conflict, Invalid
from app.processes.models import ChoosingTable, Process, Publication
from app.web import language
from bpmn.dmn import trial
from bpmn.dmn.trial import Field

DECISION = "process"  # id of the decision; its value is the key of a process
# What the table may look at without asking: of the applicant.
KNOWN = ("hospital", "department", "title")


def offered() -> list[Process]:
    """The processes in force that applicants may choose."""
    published = select(Publication.process_id)
    statement = select(Process).where(Process.is_open, Process.id.in_(published))
    return list(db.session.scalars(statement.order_by(Process.name)))


def table() -> str:
    """The table in use, as DMN; empty if there is none."""
    latest = select(ChoosingTable.xml).order_by(ChoosingTable.id.desc()).limit(1)
    return db.session.scalar(latest) or ""


def questions() -> list[Field]:
    """What an applicant is asked before a case begins."""
    xml = table()
    return asked(trial.run(xml, DECISION, {}, now()).fields) if xml else []


def asked(fields: tuple[Field, ...]) -> list[Field]:
    """Those of a table's inputs that are not known of the applicant."""
    return [one for one in fields if one.name.partition(".")[0] not in KNOWN]


def choose(person: Person, answers: Mapping[str, str], wish: str = "") -> str:
    """The key of the process that a case of this applicant follows.

    wish: what they would choose; counts where the table leaves it open. Raises Invalid at
    `process` if it is still theirs to choose, at a question that was not answered, and Conflict
    if no process is offered.
    """
    open_keys = [one.key for one in offered()]
    if not open_keys:
        raise Conflict(_("现在没有可以申请的会诊流程，请联系流程管理员"))
    if (xml := table()) and (decided := _decided(xml, person, answers)) in open_keys:
        return decided
    if len(open_keys) == 1:
        return open_keys[0]
    if wish not in open_keys:
        raise Invalid({"process": _("请选择会诊流程")})
    return wish


def _decided(xml: str, person: Person, answers: Mapping[str, str]) -> str:
    """What the table says, empty if it says nothing that is a text."""
    found = trial.run(xml, DECISION, {**answers, **_known(person)}, now())
    missing = {one.name: _("请填写") for one in asked(found.fields) if not answers.get(one.name)}
    faults = {name: words[language() == "en"] for name, words in found.faults.items()}
    if missing or faults:
        raise Invalid({**missing, **faults})
    return found.value if isinstance(found.value, str) else ""


def _known(person: Person) -> dict[str, Any]:
    return {
        "hospital": person.hospital.name if person.hospital else "",
        "department": person.department.name if person.department else "",
        "title": person.title or "",
    }
