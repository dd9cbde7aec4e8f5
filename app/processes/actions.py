"""Publishing: what a manager may put in force, and what is refused."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

import forms
import notifications
from app.audit import Deed, record
from app.db import db, end_reading, now, transactional
from app.errors import Conflict, Forbidden, Invalid
from app.permissions import Actor, Permission, require
from app.processes import queries, signing
from app.processes.models import Process, ProcessVersion, Publication
from app.processes.vocabulary import vocabulary
from app.web import language
from bpmn.bundle import Bundle, Finding, Refused, Vocabulary
from bpmn.isolation import parse_isolated
from bpmn.parser import parse

UNSHAPED = ("shape", "size", "notice-shape")  # what the reader of diagrams cannot bear

Read = Callable[[Bundle, Vocabulary], tuple[Finding, ...]]


def publish(
    actor: Actor | None,
    key: str,
    name: str,
    bundle: Bundle,
    note: str = "",
    proposed_by_id: int | None = None,
) -> ProcessVersion:
    """Check a content and put it in force, as `put_in_force` does.

    actor None: the installation itself publishes what it ships. Raises Invalid with all findings.
    """
    if actor is None:
        check(bundle, lambda bundle, words: parse(bundle, words).warnings)
    else:
        require(actor, Permission.PROCESS_PUBLISH)
        end_reading()  # the database is not held while the content is judged
        check(bundle)
    return put_in_force(actor, key, name, bundle, note, proposed_by_id)


@transactional
def put_in_force(
    actor: Actor | None,
    key: str,
    name: str,
    bundle: Bundle,
    note: str = "",
    proposed_by_id: int | None = None,
    scenarios: Sequence[Any] = (),
) -> ProcessVersion:
    """Let cases that start from now on follow a content that was checked; others keep theirs.

    Two persons or the installation itself (actor None), never one alone. What is in force already
    changes nothing; an older version gets a new number. Raises Forbidden, Conflict if another
    process has this very content.
    """
    if actor is not None:
        _require_two(actor, proposed_by_id)
    process = _process(key, name)
    newest = _newest(process)
    if newest is not None and _is_the_same(newest, bundle, scenarios):
        return newest.version
    publication = Publication(
        process=process,
        version=_version(process, bundle),
        digest=bundle.digest(),
        number=newest.number + 1 if newest else 1,
        note=note,
        scenarios=list(scenarios),
        proposed_by_id=proposed_by_id,
        published_at=now(),
        published_by_id=None if actor is None else actor.actor_id,
    )
    signing.sign(publication)
    db.session.add(publication)
    db.session.flush()
    said = {"version": publication.digest, "number": publication.number}
    record(actor, Deed.PROCESS_PUBLISHED, process, **said, proposed_by=proposed_by_id)
    return publication.version


def _require_two(actor: Actor, proposed_by_id: int | None) -> None:
    require(actor, Permission.PROCESS_PUBLISH)
    if proposed_by_id is None or proposed_by_id == actor.actor_id:
        raise Forbidden(_("修改须由另一位流程管理员签署"))


def _is_the_same(newest: Publication, bundle: Bundle, scenarios: Sequence[Any]) -> bool:
    is_same = (newest.digest, newest.scenarios) == (bundle.digest(), list(scenarios))
    return is_same and signing.is_genuine(newest)


def _newest(process: Process) -> Publication | None:
    """Asked of the database: others may have published since the process was last read."""
    statement = select(Publication).filter_by(process_id=process.id)
    return db.session.scalar(statement.order_by(Publication.number.desc()).limit(1))


def _version(process: Process, bundle: Bundle) -> ProcessVersion:
    """The row of a content, made if there is none yet, and mended if it was tampered with."""
    require_own(process, bundle)
    version = ProcessVersion(
        digest=bundle.digest(),
        process_id=process.id,
        diagram=bundle.process,
        forms=dict(bundle.forms),
        decisions=dict(bundle.decisions),
        notices=dict(bundle.notices),
    )
    return db.session.merge(version)


def require_own(process: Process, bundle: Bundle) -> None:
    """Raise Conflict if another process has this very content.

    A case is counted by its content: which process it follows must not be in doubt.
    """
    known = db.session.get(ProcessVersion, bundle.digest())
    if known is not None and known.process_id != process.id:
        raise Conflict(_("内容与流程“%(name)s”完全相同，请先作出修改", name=known.process.name))


@transactional
def sign_unsigned() -> list[Publication]:
    """Sign what was published before there were signatures; for whoever runs the installation."""
    found = [one for one in db.session.scalars(select(Publication)) if not one.signature]
    for publication in found:
        signing.sign(publication)
        record(None, Deed.PROCESS_SIGNED, publication.process, version=publication.digest)
    return found


@transactional
def report_tampering(actor: Actor, tampered: queries.Tampered) -> None:
    """Note in the trail that a version was refused; what was tried was rolled back."""
    process = queries.process(tampered.details["process"])
    record(actor, Deed.PROCESS_TAMPERED, process, version=tampered.details["version"])


def check(bundle: Bundle, read: Read = parse_isolated) -> list[Finding]:
    """The warnings about a content. Raises Invalid with all findings unless it may run here."""
    findings = judge(bundle, read)
    if any(one.severity == "error" for one in findings):
        raise invalid(findings)
    return findings


def judge(bundle: Bundle, read: Read = parse_isolated) -> list[Finding]:
    """All that the linters say, warnings too.

    read: how the diagram is read; by default where it can neither hang nor fill this process.
    """
    findings = beside_diagram(bundle)
    # The reader of diagrams expects forms that have the shape of forms.
    if not any(one.rule in UNSHAPED for one in findings):
        try:
            findings += read(bundle, vocabulary())
        except Refused as refused:
            findings += refused.findings
    return findings


def beside_diagram(bundle: Bundle) -> list[Finding]:
    """What speaks against the forms and notices of a bundle."""
    return [*_form_findings(bundle), *_notice_findings(bundle)]


def _form_findings(bundle: Bundle) -> Iterable[Finding]:
    for key, form in bundle.forms.items():
        for problem in forms.check(form):
            where_zh = f"字段“{problem.where}”：" if problem.where else ""
            where_en = f"field {problem.where!r}: " if problem.where else ""
            yield Finding(
                "",
                f"{key}.form",
                problem.rule,
                f"{where_zh}{problem.zh}",
                f"{where_en}{problem.en}",
            )


def _notice_findings(bundle: Bundle) -> Iterable[Finding]:
    for problem in notifications.check(bundle.notices):
        where = _NOTICE_PARTS.get((problem.language, problem.part), ("", ""))
        yield Finding(
            "",
            f"{problem.template}.notice",
            problem.rule,
            f"{where[0]}{problem.zh}",
            f"{where[1]}{problem.en}",
            problem.severity,
        )


_NOTICE_PARTS = {
    ("zh", "title"): ("中文标题：", "Chinese title: "),
    ("zh", "body"): ("中文站内文字：", "Chinese text: "),
    ("zh", "sms"): ("中文短信：", "Chinese SMS: "),
    ("en", "title"): ("英文标题：", "English title: "),
    ("en", "body"): ("英文站内文字：", "English text: "),
    ("en", "sms"): ("英文短信：", "English SMS: "),
}


def invalid(findings: Iterable[Finding]) -> Invalid:
    """All findings in the language of whoever asks; `errors` has one text per element."""
    told = [
        {
            "element": one.element_id,
            "name": one.element_name,
            "rule": one.rule,
            "severity": one.severity,
            "text": one.en if language() == "en" else one.zh,
        }
        for one in findings
    ]
    return Invalid({one["element"] or one["name"]: one["text"] for one in told}, findings=told)


def _process(key: str, name: str) -> Process:
    found = db.session.query(Process).filter_by(key=key).with_for_update().one_or_none()
    if found is None:
        found = Process(key=key, name=name)
        db.session.add(found)
        db.session.flush()
    return found
