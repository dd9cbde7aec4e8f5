"""What + - * / ** and the comparisons do, by the types of their two sides."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from bpmn.feel.temporal import later, midnight, months_later, seconds, span
from bpmn.feel.values import NUMBERS, Value, YearsMonths

Operation: TypeAlias = Callable[[Value, Value], Value]
Table: TypeAlias = dict[tuple[type, type], Operation]

_NO_DAY = date(2000, 1, 1)


def _time_plus(clock: time, by: timedelta) -> time:
    """Round the dial."""
    return (
        (datetime.combine(_NO_DAY, clock.replace(tzinfo=None)) + by % timedelta(days=1))
        .time()
        .replace(tzinfo=clock.tzinfo)
    )


def _between_times(left: time, right: time) -> timedelta:
    return _between(datetime.combine(_NO_DAY, left), datetime.combine(_NO_DAY, right))


def _between(left: datetime, right: datetime) -> timedelta:
    """Raises ValueError if only one of them has an offset."""
    if (left.tzinfo is None) is not (right.tzinfo is None):
        raise ValueError("one side has an offset, the other has none")
    if left.tzinfo is None:
        return left - right
    return left.astimezone(UTC) - right.astimezone(UTC)


def _months(count: Decimal) -> YearsMonths:
    if abs(count) > 10**12:
        raise OverflowError("duration too long")
    return YearsMonths(int(count))


def _months_times(left: YearsMonths, right: Decimal) -> YearsMonths:
    return _months(NUMBERS.multiply(Decimal(left.months), right))


def _span_times(left: timedelta, right: Decimal) -> timedelta:
    return span(NUMBERS.multiply(seconds(left), right))


ADD: Table = {
    (Decimal, Decimal): NUMBERS.add,
    (str, str): lambda a, b: a + b,
    (date, timedelta): lambda a, b: a + b,
    (timedelta, date): lambda a, b: b + a,
    (datetime, timedelta): later,
    (timedelta, datetime): lambda a, b: later(b, a),
    (time, timedelta): _time_plus,
    (timedelta, time): lambda a, b: _time_plus(b, a),
    (date, YearsMonths): lambda a, b: months_later(a, b.months),
    (YearsMonths, date): lambda a, b: months_later(b, a.months),
    (datetime, YearsMonths): lambda a, b: months_later(a, b.months),
    (YearsMonths, datetime): lambda a, b: months_later(b, a.months),
    (timedelta, timedelta): lambda a, b: a + b,
    (YearsMonths, YearsMonths): lambda a, b: _months(Decimal(a.months + b.months)),
}

SUBTRACT: Table = {
    (Decimal, Decimal): NUMBERS.subtract,
    (date, date): lambda a, b: a - b,
    (datetime, datetime): _between,
    (date, datetime): lambda a, b: _between(midnight(a, b), b),
    (datetime, date): lambda a, b: _between(a, midnight(b, a)),
    (time, time): _between_times,
    (date, timedelta): lambda a, b: a + -b,
    (datetime, timedelta): lambda a, b: later(a, -b),
    (time, timedelta): lambda a, b: _time_plus(a, -b),
    (date, YearsMonths): lambda a, b: months_later(a, -b.months),
    (datetime, YearsMonths): lambda a, b: months_later(a, -b.months),
    (timedelta, timedelta): lambda a, b: a - b,
    (YearsMonths, YearsMonths): lambda a, b: _months(Decimal(a.months - b.months)),
}

MULTIPLY: Table = {
    (Decimal, Decimal): NUMBERS.multiply,
    (timedelta, Decimal): _span_times,
    (Decimal, timedelta): lambda a, b: _span_times(b, a),
    (YearsMonths, Decimal): _months_times,
    (Decimal, YearsMonths): lambda a, b: _months_times(b, a),
}

DIVIDE: Table = {
    (Decimal, Decimal): NUMBERS.divide,
    (timedelta, Decimal): lambda a, b: span(NUMBERS.divide(seconds(a), b)),
    (timedelta, timedelta): lambda a, b: NUMBERS.divide(seconds(a), seconds(b)),
    (YearsMonths, Decimal): lambda a, b: _months(NUMBERS.divide(Decimal(a.months), b)),
    (YearsMonths, YearsMonths): lambda a, b: NUMBERS.divide(Decimal(a.months), Decimal(b.months)),
}

POWER: Table = {(Decimal, Decimal): NUMBERS.power}

TABLES: dict[str, Table] = {
    "+": ADD,
    "-": SUBTRACT,
    "*": MULTIPLY,
    "/": DIVIDE,
    "**": POWER,
}

NEGATE: dict[type, Callable[[Value], Value]] = {
    Decimal: NUMBERS.minus,
    timedelta: lambda value: -value,
    YearsMonths: lambda value: YearsMonths(-value.months),
}

COMPARE: dict[str, Callable[[Value, Value], bool]] = {
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
