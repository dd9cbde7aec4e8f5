"""What a diagram may name: operations, kinds of record, option lists. Features register theirs."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from app.accounts import custom_roles
from app.permissions import Role
from bpmn.bundle import Meaning, Operation, Vocabulary

Run = Callable[..., Mapping[str, Any] | None]
Save = Callable[..., None]
Options = Callable[..., Sequence[Mapping[str, str]]]
F = TypeVar("F", bound=Callable[..., Any])

SIDES = frozenset({"inviting", "invited", "alliance"})
STATUSES = frozenset({"draft", "pending", "assigned", "in_progress", "completed", "cancelled"})
# What every case's process knows from its start.
VARIABLES = frozenset({"applicant", "consultation"})


@dataclass(frozen=True)
class RecordKind:
    """A kind of clinical record that a task's answers become, and the form keys it needs."""

    needs: frozenset[str]
    save: Save


_operations: dict[str, tuple[Operation, Run]] = {}
_records: dict[str, RecordKind] = {}
_options: dict[str, Options] = {}
_samples: dict[str, Mapping[str, Any]] = {}


def operation(
    name: str,
    *,
    inputs: Sequence[str] = (),
    optional: Sequence[str] = (),
    outputs: Sequence[str] = (),
    choices: Mapping[str, Collection[str]] | None = None,
    notices: Sequence[str] = (),
    examples: Mapping[str, str] | None = None,
    meaning: Meaning = "",
) -> Callable[[F], F]:
    """Offer `run(case, **inputs) -> outputs or None` to service tasks of that name.

    It runs inside the step's transaction: it may change rows and queue notices, and must not
    send, sleep or call out. choices: the texts an input takes, where it takes but a few.
    notices: the inputs that name a notice; a version may bring notices of its own.
    examples: what a trial case is given for each output; FEEL over the inputs if it begins
    with `=`. meaning: what the linter's clinical rules must know of it.
    """

    def register(run: F) -> F:
        declared = Operation(
            name,
            frozenset(inputs),
            frozenset(optional),
            frozenset(outputs),
            {key: frozenset(texts) for key, texts in (choices or {}).items()},
            frozenset(notices),
            dict(examples or {}),
            meaning,
        )
        _operations[name] = (declared, run)
        return run

    return register


def record_kind(name: str, *, needs: Sequence[str]) -> Callable[[F], F]:
    """Keep the answers of tasks whose property `record` is `name` by `save(case, completion)`."""

    def register(save: F) -> F:
        _records[name] = RecordKind(frozenset(needs), save)
        return save

    return register


def option_list(name: str, *, sample: Mapping[str, Any]) -> Callable[[F], F]:
    """Offer `options(case) -> [{value, label}]` to form fields whose valuesKey is `name`.

    sample: value -> label of what a trial case chooses from: invented, and to be seen as such.
    """

    def register(options: F) -> F:
        _options[name] = options
        _samples[name] = sample
        return options

    return register


def vocabulary() -> Vocabulary:
    """Everything registered and the roles managers added, as the linter of diagrams reads it."""
    return built_in(one.key for one in custom_roles.in_use())


def built_in(more_roles: Iterable[str] = ()) -> Vocabulary:
    """The words of the product itself, and some roles beside its own."""
    return Vocabulary(
        roles=frozenset(Role) | frozenset(more_roles),
        sides=SIDES,
        operations={name: declared for name, (declared, _) in _operations.items()},
        records={name: kind.needs for name, kind in _records.items()},
        statuses=STATUSES,
        variables=VARIABLES,
    )


def option_names() -> frozenset[str]:
    """The lists that fields of forms may take their options from."""
    return frozenset(_options)


def sample_options() -> dict[str, list[dict[str, str]]]:
    """What trial cases choose from, by the name of the list."""
    return {
        name: [{"value": value, "label": str(label)} for value, label in sample.items()]
        for name, sample in _samples.items()
    }


def run_of(name: str) -> Run:
    """What to run for a service task; publishing made sure that it exists."""
    return _operations[name][1]


def save_of(kind: str) -> Save:
    """How to keep the answers of a task of this kind of record."""
    return _records[kind].save


def options_of(name: str) -> Options | None:
    """Where a form's valuesKey gets its options, or None if nobody offers that list."""
    return _options.get(name)
