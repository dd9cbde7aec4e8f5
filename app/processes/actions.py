"""Publishing: what a manager may put in force, and what is refused."""

from collections.abc import Callable

from app.audit import Deed, record
from app.db import db, now, transactional
from app.errors import Invalid
from app.permissions import Actor, Permission, require
from app.processes.models import Process, ProcessVersion
from app.processes.vocabulary import vocabulary
from app.web import language
from bpmn.bundle import Bundle, Refused, Vocabulary
from bpmn.isolation import parse_isolated
from bpmn.parser import parse


@transactional
def publish(
    actor: Actor | None, key: str, name: str, bundle: Bundle, note: str = ""
) -> ProcessVersion:
    """Put a version in force for cases that start from now on; cases under way keep theirs.

    actor None: the installation itself publishes what it ships. The version in force already,
    published again, changes nothing. Raises Forbidden, Invalid with all findings.
    """
    if actor is not None:
        require(actor, Permission.PROCESS_PUBLISH)
    # What somebody uploads is read where it can neither hang nor fill this process.
    _check(bundle, parse if actor is None else parse_isolated)
    process = _process(key, name)
    newest = process.versions[-1] if process.versions else None
    if newest is not None and newest.digest == bundle.digest():
        return newest
    version = ProcessVersion(
        digest=bundle.digest(),
        process=process,
        number=newest.number + 1 if newest else 1,
        diagram=bundle.process,
        forms=dict(bundle.forms),
        decisions=dict(bundle.decisions),
        published_at=now(),
        published_by_id=None if actor is None else actor.actor_id,
        note=note,
    )
    db.session.add(version)
    db.session.flush()
    record(actor, Deed.PROCESS_PUBLISHED, process, version=version.digest, number=version.number)
    return version


def _check(bundle: Bundle, read: Callable[[Bundle, Vocabulary], object]) -> None:
    """Raise Invalid, keyed by element, unless the bundle may run here."""
    try:
        read(bundle, vocabulary())
    except Refused as refused:
        english = language() == "en"
        raise Invalid(
            {one.element_id: one.en if english else one.zh for one in refused.findings},
            findings=[
                {
                    "element": one.element_id,
                    "name": one.element_name,
                    "rule": one.rule,
                    "severity": one.severity,
                    "text": one.en if english else one.zh,
                }
                for one in refused.findings
            ],
        ) from refused


def _process(key: str, name: str) -> Process:
    found = db.session.query(Process).filter_by(key=key).with_for_update().one_or_none()
    if found is None:
        found = Process(key=key, name=name)
        db.session.add(found)
        db.session.flush()
    return found
