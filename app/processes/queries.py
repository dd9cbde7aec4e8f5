"""Which version is in force, and the parsed definition of any version."""

from functools import lru_cache

from sqlalchemy import select

from app.db import db
from app.errors import NotFound
from app.processes.models import Process, ProcessVersion
from bpmn.parser import Definition, load

CONSULTATION = "consultation"  # the process that an application starts


def in_force(key: str = CONSULTATION) -> ProcessVersion:
    """The newest version of a process. Raises NotFound if none was published."""
    statement = (
        select(ProcessVersion)
        .join(Process)
        .where(Process.key == key)
        .order_by(ProcessVersion.number.desc())
        .limit(1)
    )
    version = db.session.scalar(statement)
    if version is None:
        raise NotFound
    return version


@lru_cache(maxsize=64)  # a version never changes; every step of a case asks for its definition
def definition(digest: str) -> Definition:
    """The parsed definition of a published version. Raises NotFound."""
    version = db.session.get(ProcessVersion, digest)
    if version is None:
        raise NotFound
    return load(version.bundle())
