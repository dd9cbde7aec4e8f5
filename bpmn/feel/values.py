"""FEEL's types: which Python value stands for each, how values enter, compare and leave.

    number                       Decimal (34 digits)        string     str
    boolean                      bool                       null       None
    date                         date                       time       time
    date and time                datetime                   list       list
    days and time duration       timedelta                  context    dict[str, value]
    years and months duration    YearsMonths                range      Range
    function                     Function

Types are told apart by their exact class, so a value never has more than one. Lists and contexts
are never changed once made.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from bpmn.feel.run import Run

# One of the classes above. Checkers cannot follow a dispatch on exact classes, so it stays open.
Value: TypeAlias = Any

# The arithmetic of IEEE 754-2008 decimal128, which the standard asks for.
NUMBERS = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


@dataclass(frozen=True, order=True, slots=True)
class YearsMonths:
    """A years and months duration."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """Everything between two ends; None is no end on that side."""

    low: Value
    high: Value
    low_closed: bool = True
    high_closed: bool = True


class Function(ABC):
    """Something that can be called."""

    name: str

    @abstractmethod
    def call(self, run: "Run", arguments: list[Value], names: Sequence[str]) -> Value:
        """Names is empty for a positional call. Raises Failure."""


KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
}

KINDS_ZH = {
    "null": "空值",
    "boolean": "布尔值",
    "number": "数字",
    "string": "文本",
    "date": "日期",
    "time": "时间",
    "date and time": "日期时间",
    "days and time duration": "天时长",
    "years and months duration": "年月时长",
    "list": "列表",
    "context": "上下文",
    "range": "区间",
    "function": "函数",
    "any": "任意值",
}

ORDERED = frozenset({Decimal, str, date, time, datetime, timedelta, YearsMonths})


def kind(value: Value) -> str:
    """The name of a value's type."""
    return KINDS.get(type(value), "function")


def kind_zh(value: Value) -> str:
    return KINDS_ZH[kind(value)]


class Foreign(TypeError):
    """A Python value that FEEL has no type for."""


_ITSELF = frozenset({str, bool, type(None), date, time, datetime, timedelta, YearsMonths})
_DEPTH = 100  # of lists and contexts in each other
_BITS = 25_000  # of a Python int, somewhat more than the largest number


def accept(value: object, depth: int = _DEPTH) -> Value:
    """A Python value as a FEEL value; lists and contexts are copied.

    Raises Foreign for anything that is not one of FEEL's types, int or float.
    """
    if type(value) in _ITSELF:
        return value
    if depth == 0:
        raise Foreign("nested too deeply")
    if isinstance(value, Mapping):
        return {_key(name): accept(item, depth - 1) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [accept(item, depth - 1) for item in value]
    if isinstance(value, Range):
        return Range(
            accept(value.low, depth - 1),
            accept(value.high, depth - 1),
            bool(value.low_closed),
            bool(value.high_closed),
        )
    return _scalar(value)


def _key(name: object) -> str:
    if isinstance(name, str):
        return str.__str__(name)
    raise Foreign("the key of a context is not a string")


def _scalar(value: object) -> Value:
    if isinstance(value, str):  # a subclass, as of an enumeration or of marked-up text
        return str.__str__(value)
    if isinstance(value, int) and value.bit_length() < _BITS:
        return NUMBERS.create_decimal(value)
    if isinstance(value, float) and -1e308 < value < 1e308:
        return NUMBERS.create_decimal(repr(float(value)))
    if isinstance(value, Decimal) and value.is_finite():
        return NUMBERS.create_decimal(value)
    raise Foreign(type(value).__name__)


def equal(left: Value, right: Value, run: "Run") -> bool | None:
    """Null only equals null; values of different types are neither equal nor unequal."""
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return None
    if type(left) is list:
        run.step(len(left))
        return len(left) == len(right) and all(
            equal(a, b, run) is True for a, b in zip(left, right, strict=True)
        )
    if type(left) is dict:
        run.step(len(left))
        return left.keys() == right.keys() and all(
            equal(item, right[name], run) is True for name, item in left.items()
        )
    return bool(left == right)


def are_ordered(values: Iterable[Value]) -> bool:
    """Can these be put in order: all of one type, and with an offset all or none?"""
    sorts = {_sort(value) for value in values}
    return len(sorts) <= 1 and None not in sorts


def _sort(value: Value) -> object:
    """Values of one sort can be put in order; None for what has no order."""
    if isinstance(value, time | datetime):
        return type(value), value.utcoffset() is None
    return type(value) if type(value) in ORDERED else None


def includes(interval: Range, value: Value) -> bool | None:
    """Is the value between the ends? None if it cannot be compared with them."""
    low, high = interval.low, interval.high
    sort = _sort(value)
    if sort is None or any(_sort(end) != sort for end in (low, high) if end is not None):
        return None
    after = low is None or low < value or (interval.low_closed and low == value)
    before = high is None or value < high or (interval.high_closed and value == high)
    return bool(after and before)


def member(value: Value, test: Value, run: "Run") -> bool | None:
    """Does a value pass a test that is itself a value: a range, a list, a plain value?"""
    if type(test) is Range and type(value) is not Range:
        return includes(test, value)
    if type(test) is list:
        run.step(len(test))
        if any(member(value, item, run) is True for item in test):
            return True
        return type(value) is list and equal(value, test, run)
    if type(test) is bool and type(value) is not bool:
        return test  # the test was a condition of its own, as `count > 3`
    return equal(value, test, run)
