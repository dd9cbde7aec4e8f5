"""FEEL values as JSON values, for process variables and answers."""

from decimal import Decimal
from typing import TypeAlias, Union

from bpmn.feel.printer import number_text
from bpmn.feel.temporal import PARTS, write
from bpmn.feel.values import Value

Json: TypeAlias = Union[bool, int, float, str, "list[Json]", "dict[str, Json]", None]

_EXACT = 34  # digits up to which a whole number is written out


def to_json(value: Value) -> Json:
    """A FEEL value as JSON.

    Whole numbers are int, others the nearest float (which reads back as the same number up to 15
    digits); a number too large for both is its digits as a string. Temporal values and durations
    are ISO 8601 strings. Raises TypeError for ranges and functions: JSON has nothing for them.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if type(value) is Decimal:
        return _number(value)
    if type(value) is list:
        return [to_json(item) for item in value]
    if type(value) is dict:
        return {name: to_json(item) for name, item in value.items()}
    if type(value) in PARTS:
        return write(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _number(number: Decimal) -> int | float | str:
    if number == number.to_integral_value() and number.adjusted() < _EXACT:
        return int(number)
    return float(number) if number.adjusted() < 308 else number_text(number)
