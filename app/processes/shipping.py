"""Putting what ships with the product in force, without running over what managers made of it."""

from dataclasses import dataclass
from typing import Literal

from app.errors import NotFound
from app.processes import queries
from app.processes.actions import publish
from app.processes.models import Process, ProcessVersion
from bpmn import diagram, shipped

INSTALLED = (queries.CONSULTATION,)


@dataclass(frozen=True)
class Outcome:
    """What became of one shipped process, and which version is in force now."""

    version: ProcessVersion
    state: Literal["published", "unchanged", "kept", "newer"]

    @property
    def sentence(self) -> str:
        """In English, for a terminal."""
        key, number = self.version.process.key, self.version.number
        return {
            "published": f"{key}: version {number} published",
            "unchanged": f"{key}: version {number} is in force already",
            "newer": f"{key}: version {number} is newer than what ships, and stays",
            "kept": f"{key}: version {number} of a manager is kept (--replace would replace it)",
        }[self.state]


def publish_shipped(replace: bool = False) -> list[Outcome]:
    """Publish what an installation begins with, where no manager's version is in force.

    replace: there too. What was in force before and was replaced since stays replaced.
    The other processes that ship are templates. Raises Invalid if one cannot run here.
    """
    return [_publish(key, replace) for key in INSTALLED]


def _publish(key: str, replace: bool) -> Outcome:
    present, bundle = _present(key), shipped.bundle(key)
    if present is not None and present.publication.published_by_id is not None and not replace:
        return Outcome(present, "kept")
    if present is not None and bundle.digest() in _digests(present.process):
        return Outcome(present, "unchanged" if bundle.digest() == present.digest else "newer")
    name = diagram.read(diagram.read_xml(bundle.process)).name or key
    return Outcome(publish(None, key, name, bundle), "published")


def _digests(process: Process) -> set[str]:
    return {one.digest for one in process.publications}


def _present(key: str) -> ProcessVersion | None:
    try:
        return queries.in_force(key)
    except NotFound:
        return None
