"""Which version is in force, and the parsed definition of any version."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import structlog
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.db import db
from app.errors import DomainError, NotFound
from app.processes import signing
from app.processes.models import Process, ProcessVersion, Publication
from bpmn.parser import Definition, load

log = structlog.get_logger()
_DIGEST = re.compile(r"[0-9a-f]{64}")
CONSULTATION = "consultation"  # the process that an application starts
_PUBLICATIONS = selectinload(Process.publications)
_WITH_PEOPLE = (
    _PUBLICATIONS.joinedload(Publication.published_by),
    _PUBLICATIONS.joinedload(Publication.proposed_by),
)


class Tampered(DomainError):
    """What the database holds is not what was signed; nothing runs by it."""

    code, status = "tampered", 409
    message = _("该流程版本与签名不符，可能被改动，系统拒绝按它办理。请立即联系流程管理员")


def in_force(key: str = CONSULTATION) -> ProcessVersion:
    """The version of a process published last. Raises NotFound if none was published."""
    statement = (
        select(ProcessVersion)
        .join(Publication, Publication.digest == ProcessVersion.digest)
        .join(Process, Process.id == Publication.process_id)
        .where(Process.key == key)
        .order_by(Publication.number.desc())
        .limit(1)
    )
    version = db.session.scalar(statement)
    if version is None:
        raise NotFound
    return version


def processes() -> list[Process]:
    """All processes with their publications and who made them."""
    statement = select(Process).options(*_WITH_PEOPLE).order_by(Process.key)
    return list(db.session.scalars(statement))


def process(key: str) -> Process:
    """One process with its publications. Raises NotFound."""
    if "\0" in key:  # which PostgreSQL cannot even be asked for
        raise NotFound
    statement = select(Process).where(Process.key == key).options(*_WITH_PEOPLE)
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def version(key: str, digest: str) -> ProcessVersion:
    """One version of a process. Raises NotFound."""
    found = db.session.get(ProcessVersion, digest) if _DIGEST.fullmatch(digest) else None
    if found is None or found.process.key != key:
        raise NotFound
    return found


def process_name(digest: str) -> str:
    """What the process is called that a version belongs to."""
    statement = select(Process.name).join(ProcessVersion, ProcessVersion.process_id == Process.id)
    return db.session.scalar(statement.where(ProcessVersion.digest == digest)) or ""


def startable(key: str) -> ProcessVersion:
    """The version that a new case follows. Raises NotFound, Tampered.

    Asked of the database each time: neither the content nor which one is in force may have been
    changed by anybody but two managers.
    """
    version = in_force(key)
    if not signing.is_genuine(version.publication):
        raise _tampered(version)
    return version


@lru_cache(maxsize=64)  # a version never changes; every step of a case asks for its definition
def definition(digest: str) -> Definition:
    """The parsed definition of a published version. Raises NotFound, Tampered."""
    version = db.session.get(ProcessVersion, digest)
    if version is None:
        raise NotFound
    if not _is_intact(version):
        raise _tampered(version)
    return load(version.bundle())


@lru_cache(maxsize=64)  # asked for every notice that is told or shown
def notices(digest: str) -> Mapping[str, Any]:
    """The texts of notices that a version brings, by template. Raises NotFound."""
    version = db.session.get(ProcessVersion, digest)
    if version is None:
        raise NotFound
    # People must be told even if somebody tampered with the words: in those that ship.
    return dict(version.notices) if _is_intact(version) else {}


def _is_intact(version: ProcessVersion) -> bool:
    return any(map(signing.is_genuine, version.publications))


def _tampered(version: ProcessVersion) -> Tampered:
    log.error("definition does not match its signature", version=version.digest)
    return Tampered(process=version.process.key, version=version.digest)


@lru_cache(maxsize=64)
def english_names(digest: str) -> Mapping[str, str]:
    """What the elements of a version are called in English, where its diagram says so, by id."""
    nodes = definition(digest).diagram.nodes
    return {key: node.name_en for key, node in nodes.items() if node.name_en}
