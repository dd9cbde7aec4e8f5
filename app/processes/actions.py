"""Publishing: what a manager may put in force, and what is refused."""

from collections.abc import Callable, Iterable

from flask_babel import lazy_gettext as _
from sqlalchemy import select

import forms
import notifications
from app.audit import Deed, record
from app.db import db, end_reading, now, transactional
from app.errors import Conflict, Invalid
from app.permissions import Actor, Permission, require
from app.processes import queries
from app.processes.models import Process, ProcessVersion, Publication
from app.processes.uploads import File, bundle_of
from app.processes.vocabulary import vocabulary
from app.web import language
from bpmn.bundle import Bundle, Finding, Refused, Vocabulary
from bpmn.isolation import parse_isolated
from bpmn.parser import parse

UNSHAPED = ("shape", "size", "notice-shape")  # what the reader of diagrams cannot bear

Read = Callable[[Bundle, Vocabulary], object]


def publish_upload(actor: Actor, key: str, files: Iterable[File], note: str = "") -> ProcessVersion:
    """Put files somebody chose in force, completed by the forms and decisions in force now.

    Raises Forbidden, NotFound, Conflict, Invalid with all findings.
    """
    require(actor, Permission.PROCESS_PUBLISH)
    present = queries.in_force(key)
    name = present.process.name
    try:
        bundle = bundle_of(files, present.bundle())
    except Refused as refused:
        raise _invalid(refused.findings) from refused
    return publish(actor, key, name, bundle, note)


def publish(
    actor: Actor | None, key: str, name: str, bundle: Bundle, note: str = ""
) -> ProcessVersion:
    """Put a version in force for cases that start from now on; cases under way keep theirs.

    actor None: the installation itself publishes what it ships. The version in force already,
    published again, changes nothing; an older one gets a new number. Raises Forbidden, Invalid
    with all findings, Conflict if another process has this very content.
    """
    if actor is None:
        _check(bundle, parse)
    else:
        require(actor, Permission.PROCESS_PUBLISH)
        end_reading()  # the database is not held while the upload is judged
        # What somebody uploads is read where it can neither hang nor fill this process.
        _check(bundle, parse_isolated)
    return _keep(actor, key, name, bundle, note)


@transactional
def _keep(actor: Actor | None, key: str, name: str, bundle: Bundle, note: str) -> ProcessVersion:
    process = _process(key, name)
    newest = _newest(process)
    if newest is not None and newest.digest == bundle.digest():
        return newest.version
    version = _version(process, bundle)
    publication = Publication(
        process=process,
        version=version,
        number=newest.number + 1 if newest else 1,
        note=note,
        published_at=now(),
        published_by_id=None if actor is None else actor.actor_id,
    )
    db.session.add(publication)
    db.session.flush()
    said = {"version": version.digest, "number": publication.number}
    record(actor, Deed.PROCESS_PUBLISHED, process, **said)
    return version


def _newest(process: Process) -> Publication | None:
    """Asked of the database: others may have published since the process was last read."""
    statement = select(Publication).filter_by(process_id=process.id)
    return db.session.scalar(statement.order_by(Publication.number.desc()).limit(1))


def _version(process: Process, bundle: Bundle) -> ProcessVersion:
    """The row of a content, made if there is none yet."""
    known = db.session.get(ProcessVersion, bundle.digest())
    if known is None:
        return ProcessVersion(
            digest=bundle.digest(),
            process=process,
            diagram=bundle.process,
            forms=dict(bundle.forms),
            decisions=dict(bundle.decisions),
            notices=dict(bundle.notices),
        )
    if known.process_id != process.id:
        # A case is counted by its content: which process it follows must not be in doubt.
        raise Conflict(_("内容与流程“%(name)s”完全相同，请先作出修改", name=known.process.name))
    return known


def judge(bundle: Bundle) -> list[Finding]:
    """All that the linters say, warnings too; diagrams are read in a child process."""
    findings = beside_diagram(bundle)
    # The reader of diagrams expects forms that have the shape of forms.
    if not any(one.rule in UNSHAPED for one in findings):
        try:
            findings += parse_isolated(bundle, vocabulary())
        except Refused as refused:
            findings += refused.findings
    return findings


def beside_diagram(bundle: Bundle) -> list[Finding]:
    """What speaks against the forms and notices of a bundle."""
    return [*_form_findings(bundle), *_notice_findings(bundle)]


def _check(bundle: Bundle, read: Read) -> None:
    """Raise Invalid, keyed by element, unless the bundle may run here."""
    findings = beside_diagram(bundle)
    if not any(one.rule in UNSHAPED for one in findings):
        try:
            read(bundle, vocabulary())
        except Refused as refused:
            findings += refused.findings
    if any(one.severity == "error" for one in findings):
        raise _invalid(findings)


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


def _invalid(findings: Iterable[Finding]) -> Invalid:
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
