"""The scenarios of a draft: whether each still takes the way that was kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.db import end_reading
from app.permissions import Actor, Permission, require
from app.processes import queries as processes
from app.studio import content
from app.studio.content import Content
from app.studio.trials import asked

SECONDS = 30

JSON = dict[str, Any]


@dataclass(frozen=True)
class Results:
    """What became of each scenario, and what all of them together came by, as JSON."""

    verdicts: list[JSON]
    coverage: JSON

    @property
    def are_passed(self) -> bool:
        """Whether none fails; nobody has to keep scenarios."""
        return all(one["is_passed"] for one in self.verdicts)

    def json(self) -> JSON:
        return {"verdicts": self.verdicts, "coverage": self.coverage}


def run(draft: Content) -> Results:
    """Play all scenarios of a content. Raises Invalid with findings if it cannot be played.

    It takes a child process; the database must not be held meanwhile.
    """
    said = asked(draft, {"scenarios": draft.scenarios}, SECONDS)
    return Results(said["verdicts"], said["coverage"])


def run_given(key: str, actor: Actor, given: Mapping[str, Any]) -> Results:
    """The same for a content that somebody sends. Raises NotFound, Forbidden, Invalid."""
    require(actor, Permission.PROCESS_READ)
    processes.process(key)
    read = content.read(given)
    end_reading()
    return run(read)
