"""Everything the product may tell somebody, and which facts each notice may hold.

A notice holds numbers, times and the names of process steps: never a diagnosis, a complaint or
a person's name, because an SMS is read on a locked screen by whoever holds the phone (P-7).
The words are in templates/zh.toml and templates/en.toml; a process version may bring others, and
notices of its own about a case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class BadParameters(ValueError):
    """A notice was queued with facts its template does not declare, or without one it needs."""


class Kind(StrEnum):
    """How a fact is written down and shown."""

    NUMBER = "number"  # a consultation's number
    STEP = "step"  # the name of a step in the diagram
    TIME = "time"
    COUNT = "count"
    ID = "id"  # never shown; where the notice leads


PARAMETERS: Mapping[str, Kind] = MappingProxyType(
    {
        "number": Kind.NUMBER,
        "task": Kind.STEP,
        "task_en": Kind.STEP,
        "at": Kind.TIME,
        "due_at": Kind.TIME,
        "days": Kind.COUNT,
        "process": Kind.STEP,
        "task_id": Kind.ID,
        "proposal_id": Kind.ID,
    }
)
# What a text may speak of; `task` is the step's name in the reader's language.
PLACEHOLDERS = ("number", "task", "at", "due_at", "days", "process")
# P-7: a manager may draw a step whose name tells the illness, so an SMS names none.
IN_SMS = frozenset({"number", "at", "due_at", "days"})
LONGEST_STEP = 60  # characters; a longer name is cut, so that an SMS keeps its length


@dataclass(frozen=True)
class Template:
    """One kind of notice. An urgent one also goes to the phone and the mailbox."""

    name: str
    needs: frozenset[str] = frozenset()
    may: frozenset[str] = field(default=frozenset())
    is_urgent: bool = False

    @property
    def placeholders(self) -> tuple[str, ...]:
        """What its texts may speak of."""
        return tuple(name for name in PLACEHOLDERS if name in self.needs | self.may)

    def accept(self, parameters: Mapping[str, object]) -> dict[str, str | int]:
        """The parameters as JSON values; those given as None are left out.

        Raises BadParameters if one is missing, not declared, or not of its kind.
        """
        given = {name: value for name, value in parameters.items() if value is not None}
        missing, unknown = self.needs - given.keys(), given.keys() - self.needs - self.may
        if missing or unknown:
            wrong = f"missing {sorted(missing)}, not declared {sorted(unknown)}"
            raise BadParameters(f"notice {self.name}: {wrong}")
        return {name: _written(name, value) for name, value in given.items()}


def _written(name: str, value: object) -> str | int:
    match PARAMETERS[name], value:
        case Kind.TIME, datetime(tzinfo=zone) if zone is not None:
            return value.isoformat()
        case Kind.NUMBER | Kind.STEP, str():
            return value[:LONGEST_STEP]
        case Kind.COUNT | Kind.ID, int():
            return value
    raise BadParameters(f"{name} cannot be {type(value).__name__}")


def _of_case(name: str, *may: str, is_urgent: bool = False) -> Template:
    return Template(name, frozenset({"number"}), frozenset(may), is_urgent)


def _of_task(name: str, *, is_urgent: bool = False) -> Template:
    return _of_case(name, "task", "task_en", "task_id", "due_at", is_urgent=is_urgent)


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        template.name: template
        for template in (
            _of_task("task-assigned"),
            _of_task("delegated"),
            _of_task("signer-added"),
            _of_task("overdue", is_urgent=True),
            _of_task("urged", is_urgent=True),
            _of_case("expert-invited", "at", "task_id", is_urgent=True),  # S0-25
            _of_case("session-arranged", "at", is_urgent=True),  # S2-31
            _of_case("session-opened", "task_id", is_urgent=True),
            _of_case("rescheduled", "at", is_urgent=True),
            _of_case("session-missed", "at", is_urgent=True),
            _of_case("session-overrun", "at", is_urgent=True),
            _of_case("refused", is_urgent=True),  # S2-32, S2-33
            _of_case("returned", "task_id", is_urgent=True),
            _of_case("withdrawn"),
            _of_case("cancelled", is_urgent=True),
            _of_case("opinion-ready"),
            _of_case("report-published", is_urgent=True),  # S2-35
            _of_case("follow-up-due", "days", "task_id", "due_at", is_urgent=True),
            _of_case("comment-added"),
            *(
                Template(name, frozenset({"process", "proposal_id"}))
                for name in ("process-proposed", "process-published", "process-refused")
            ),
            _of_case("incident", "task"),
            # One whose registration was refused can only be reached outside the product.
            Template("profile-approved", is_urgent=True),
            Template("profile-refused", is_urgent=True),
        )
    }
)


# The notices about a case; the others are about a person's own account.
OF_CASE = frozenset(name for name, template in TEMPLATES.items() if "number" in template.needs)


def template(
    name: str, own: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None
) -> Template:
    """The template of this name. Raises BadParameters.

    own: the texts a process version brings. One that does not ship is about the case as a whole,
    and what has an SMS is urgent.
    """
    if own is None or name not in own:
        if name not in TEMPLATES:
            raise BadParameters(f"no notice is called {name}")
        return TEMPLATES[name]
    found = TEMPLATES.get(name) or _of_case(name, "at")
    has_sms = any("sms" in parts for parts in own[name].values())
    return replace(found, is_urgent=found.is_urgent or has_sms)
