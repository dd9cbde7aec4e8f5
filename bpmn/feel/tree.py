"""What an expression says, as a tree of small frozen records. Knows nothing of values at run time.

Positions are offsets into the text and do not count when trees are compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Node:
    """A piece of an expression; `start` and `end` are offsets into its text."""

    start: int = field(default=0, kw_only=True, compare=False, repr=False)
    end: int = field(default=0, kw_only=True, compare=False, repr=False)
    height: int = field(default=1, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        tallest = max((child.height for child in self.children()), default=0)
        object.__setattr__(self, "height", tallest + 1)

    def children(self) -> Iterator["Node"]:
        for part in fields(self):
            if part.compare:
                yield from _nodes(getattr(self, part.name))


def _nodes(part: object) -> Iterator[Node]:
    if isinstance(part, Node):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from _nodes(inner)


@dataclass(frozen=True)
class Literal(Node):
    value: Any


@dataclass(frozen=True)
class Name(Node):
    name: str


@dataclass(frozen=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class ContextOf(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Interval(Node):
    low: Node
    high: Node
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True)
class Relation(Node):
    """A comparison without its left side: `< 5`; as a value it is an open range."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class Path(Node):
    base: Node
    name: str


@dataclass(frozen=True)
class Filter(Node):
    base: Node
    condition: Node


@dataclass(frozen=True)
class Call(Node):
    """`names` is empty for a positional call, else one name for each argument."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True)
class Arithmetic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Comparison(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Logic(Node):
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Between(Node):
    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class In(Node):
    operand: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True)
class Type:
    """`number`, `list<string>`, `context<a: number>`, `function<number> -> string`."""

    name: str
    arguments: tuple["Type", ...] = ()
    entries: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstanceOf(Node):
    operand: Node
    type: Type


@dataclass(frozen=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class For(Node):
    iterators: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True)
class Quantified(Node):
    """`quantifier` is `some` or `every`."""

    quantifier: str
    iterators: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True)
class FunctionOf(Node):
    parameters: tuple[tuple[str, Type], ...]
    body: Node


@dataclass(frozen=True)
class Tests(Node):
    """A cell of a decision table: true if any test holds for `?` (none, when negated)."""

    tests: tuple[Node, ...]
    negated: bool = False
