"""What applicants are offered: which processes, and the table that decides between them."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit import Deed, record
from app.consultations.choosing import DECISION
from app.db import db, end_reading, now, transactional
from app.errors import Invalid
from app.permissions import Actor, Permission, require
from app.processes import queries as processes
from app.processes.models import ChoosingTable, Process
from app.studio.uploads import File, text_of
from app.web import language
from bpmn.dmn import trial
from bpmn.dmn.model import Problem, Table
from bpmn.dmn.reader import load

# Downloaded where there is no table yet: one question, one row for each process.
_EXAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="choice" name="{title}"
  namespace="urn:huizhen:choice">
  <decision id="{decision}" name="{title}">
    <decisionTable hitPolicy="FIRST">
      <input id="kind" label="{question}">
        <inputExpression id="kind_of" typeRef="string"><text>kind</text></inputExpression>
      </input>
      <output id="key" name="process" typeRef="string"/>
{rules}    </decisionTable>
  </decision>
</definitions>
"""
_RULE = """      <rule id="rule_{number}">
        <inputEntry id="when_{number}"><text>"{name}"</text></inputEntry>
        <outputEntry id="then_{number}"><text>"{key}"</text></outputEntry>
      </rule>
"""


@transactional
def change_process(
    actor: Actor, key: str, name: str, description: str, is_open: bool = False
) -> Process:
    """What a process is called, and whether applicants may choose it. Raises NotFound."""
    require(actor, Permission.PROCESS_DRAFT)
    process = processes.process(key)
    process.name, process.description, process.is_open = name, description, is_open
    record(actor, Deed.PROCESS_CHANGED, process, is_open=is_open)
    return process


def set_table(actor: Actor, files: Sequence[File]) -> ChoosingTable:
    """Let a table decide from now on, or, without a file, the applicants again.

    Raises Invalid, saying why a file cannot decide.
    """
    require(actor, Permission.PROCESS_PUBLISH)
    end_reading()
    xml = _checked(files[0][1]) if files else ""
    return _keep(actor, xml)


def table() -> ChoosingTable | None:
    """The table in use, with who set it; None where applicants choose."""
    latest = select(ChoosingTable).options(joinedload(ChoosingTable.set_by))
    found = db.session.scalar(latest.order_by(ChoosingTable.id.desc()).limit(1))
    return found if found and found.xml else None


def example() -> str:
    """A table to begin with."""
    rules = "".join(
        _RULE.format(number=number, name=_written(one.name), key=one.key)
        for number, one in enumerate(processes.processes(), 1)
    )
    title, question = gettext("会诊流程的选择"), gettext("会诊种类")
    return _EXAMPLE.format(title=title, question=question, decision=DECISION, rules=rules)


def _written(text: str) -> str:
    """Inside a FEEL string inside XML."""
    return text.replace("\\", "").replace('"', "").replace("&", "&amp;").replace("<", "&lt;")


@transactional
def _keep(actor: Actor, xml: str) -> ChoosingTable:
    kept = ChoosingTable(xml=xml, set_at=now(), set_by_id=actor.actor_id)
    db.session.add(kept)
    db.session.flush()
    record(actor, Deed.PROCESS_CHANGED, kept, table=kept.id, is_set=bool(xml))
    return kept


def _checked(data: bytes) -> str:
    xml = text_of(data)
    if xml is None:
        raise Invalid({"file": _("文件不是 UTF-8 编码")})
    # A stranger's table is read in a child process first, which a bad one may fill or stop.
    found = trial.try_out(xml, DECISION, {}, now())
    if not found.steps:
        raise Invalid({"file": "；".join(_words(one) for one in found.problems)})
    for key in _targets(xml) - {one.key for one in processes.processes()}:
        raise Invalid({"file": _("决策表的结果“%(key)s”不是任何流程的标识", key=key)})
    return xml


def _targets(xml: str) -> set[object]:
    """The values that the rules give as plain texts."""
    logic = load(xml).find(DECISION).logic
    rules = logic.rules if isinstance(logic, Table) else ()
    values = {rule.outputs[0].evaluate() for rule in rules if not rule.outputs[0].names()}
    return values - {None}


def _words(problem: Problem) -> str:
    return problem.en if language() == "en" else problem.zh
