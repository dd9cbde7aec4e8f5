"""What a file of decisions says, read and compiled."""

from collections.abc import Mapping
from dataclasses import dataclass

from bpmn.feel import Expression, Value

AGGREGATIONS = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}  # and FEEL's functions
POLICIES = (
    "UNIQUE",
    "FIRST",
    "ANY",
    "PRIORITY",
    "COLLECT",
    "RULE ORDER",
    "OUTPUT ORDER",
)


class DmnError(ValueError):
    """The XML cannot be read as decisions, or has no such decision."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} ({en})")


@dataclass(frozen=True)
class Problem:
    """What is wrong, in which decision, and in which rule (from 1) if it is in one."""

    decision: str
    rule: int | None
    zh: str
    en: str


@dataclass(frozen=True)
class Rule:
    """A row. `tests` are cells for the inputs, in order (None: any); `outputs` give the values."""

    number: int
    tests: tuple[Expression | None, ...]
    outputs: tuple[Expression, ...]


@dataclass(frozen=True)
class Column:
    """An input or an output: `allowed` values are listed most important first."""

    name: str
    expression: Expression | None  # an input's, or an output's default
    allowed: Expression | None
    ranking: tuple[Value, ...] = ()
    type: str = ""  # of an input, in DMN's words, if the file says so


@dataclass(frozen=True)
class Table:
    policy: str
    aggregation: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Decision:
    id: str
    name: str
    requires: tuple[str, ...]  # ids of decisions
    logic: Table | Expression | None


@dataclass(frozen=True)
class Model:
    """All decisions of a file, and what is wrong with it. types: of its input data, by name."""

    decisions: tuple[Decision, ...]
    problems: tuple[Problem, ...]
    types: Mapping[str, str]

    def find(self, name: str) -> Decision:
        """By id or by name. Raises DmnError."""
        for decision in self.decisions:
            if name in (decision.id, decision.name):
                return decision
        raise DmnError(f"没有名为“{name}”的决策", f'there is no decision "{name}"')
