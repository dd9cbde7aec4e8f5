"""Conversion functions (10.3.4.1) that do not make temporal values."""

import re
from decimal import Decimal

from bpmn.feel.functions.signature import builtin
from bpmn.feel.printer import number_text, value_text
from bpmn.feel.run import Failure, Run
from bpmn.feel.values import NUMBERS, Value

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@builtin("string(from: any)")
def string(run: Run, value: Value) -> str | None:
    if value is None or type(value) is str:
        return value
    return number_text(value) if type(value) is Decimal else value_text(run, value)


@builtin("number(from: number)")
def number_itself(value: Decimal) -> Decimal:
    return value


@builtin(
    "number(from: string, grouping separator?: string | null, decimal separator?: string | null)"
)
def number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        raise Failure("分隔符不是空格、逗号或句点", "a separator is no space, comma or period")
    if grouping is not None and grouping == point:
        raise Failure("两个分隔符相同", "both separators are the same")
    if grouping:
        text = text.replace(grouping, "")
    if point and point != ".":
        text = "" if "." in text else text.replace(point, ".")
    if not _NUMBER.fullmatch(text):
        raise Failure("文本不是数字", "the text is no number")
    return NUMBERS.create_decimal(text)
