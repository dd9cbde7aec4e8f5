"""Numeric functions (10.3.4.5)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from bpmn.feel.functions.signature import builtin
from bpmn.feel.run import Failure
from bpmn.feel.values import NUMBERS, Value, YearsMonths

_ZERO = Decimal(0)


def _rounded(n: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """To so many places after the point; whole tens and hundreds if negative."""
    if not -6111 < scale < 6176:
        raise Failure("小数位数超出范围", "the scale is out of range")
    places = int(scale)
    exponent = n.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return n  # has no more places than asked for
    # Numbers far below the last place round within twice the digits.
    wide = NUMBERS.copy()
    wide.prec, wide.Emin = 7000, -13000
    return NUMBERS.plus(n.quantize(Decimal(1).scaleb(-places), rounding, wide))


@builtin("decimal(n: number, scale: number)")
def decimal(n: Decimal, scale: Decimal) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number)")
def floor(n: Decimal, scale: Decimal = _ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number)")
def ceiling(n: Decimal, scale: Decimal = _ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_CEILING)


@builtin("round up(n: number, scale?: number)")
def round_up(n: Decimal, scale: Decimal = _ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_UP)


@builtin("round down(n: number, scale?: number)")
def round_down(n: Decimal, scale: Decimal = _ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale?: number)")
def round_half_up(n: Decimal, scale: Decimal = _ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale?: number)")
def round_half_down(n: Decimal, scale: Decimal = _ZERO) -> Decimal:
    return _rounded(n, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number | days and time duration | years and months duration)")
def absolute(n: Value) -> Value:
    return _ABSOLUTE[type(n)](n)


_ABSOLUTE: dict[type, Callable[[Value], Value]] = {
    Decimal: Decimal.copy_abs,
    timedelta: abs,
    YearsMonths: lambda n: YearsMonths(abs(n.months)),
}


@builtin("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """With the divisor's sign: dividend - divisor * floor(dividend / divisor)."""
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) is not (divisor < 0) else rest


@builtin("sqrt(number: number)")
def sqrt(number: Decimal) -> Decimal:
    return NUMBERS.sqrt(number)


@builtin("log(number: number)")
def log(number: Decimal) -> Decimal:
    if number <= 0:
        raise Failure("只有正数有对数", "only positive numbers have a logarithm")
    return NUMBERS.ln(number)


@builtin("exp(number: number)")
def exp(number: Decimal) -> Decimal:
    return NUMBERS.exp(number)


@builtin("odd(number: number)")
def odd(number: Decimal) -> bool:
    return NUMBERS.abs(NUMBERS.remainder(number, Decimal(2))) == 1


@builtin("even(number: number)")
def even(number: Decimal) -> bool:
    return NUMBERS.remainder(number, Decimal(2)) == 0
