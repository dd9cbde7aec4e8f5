"""How points and ranges lie to each other (10.3.4.9), and ranges from text.

A start and an end are compared by three numbers: beyond everything or not, where, and how close
the range comes to it. A point is a range that starts and ends with it.
"""

from typing import TypeAlias

from bpmn.feel import tree
from bpmn.feel.arithmetic import NEGATE
from bpmn.feel.functions.signature import builtin
from bpmn.feel.grammar import parse_expression
from bpmn.feel.names import Names
from bpmn.feel.run import Failure, FeelError, Limits
from bpmn.feel.values import Range, Value, are_ordered

End: TypeAlias = tuple[int, Value, int]


def _start(value: Value) -> End:
    if type(value) is not Range:
        return 1, value, 0
    return (0, None, 0) if value.low is None else (1, value.low, 0 if value.low_closed else 1)


def _end(value: Value) -> End:
    if type(value) is not Range:
        return 1, value, 0
    return (2, None, 0) if value.high is None else (1, value.high, 0 if value.high_closed else -1)


def _alike(a: Value, b: Value) -> None:
    """Raises Failure unless the two can be compared."""
    ends = [_start(a)[1], _end(a)[1], _start(b)[1], _end(b)[1]]
    if a is None or b is None or not are_ordered(end for end in ends if end is not None):
        raise Failure("这些值无法互相比较", "these values cannot be compared")


@builtin("before(point1: any, point2: any)")
def before(a: Value, b: Value) -> bool:
    _alike(a, b)
    return _end(a) < _start(b)


@builtin("after(point1: any, point2: any)")
def after(a: Value, b: Value) -> bool:
    return before(b, a)


@builtin("meets(range1: range, range2: range)")
def meets(a: Range, b: Range) -> bool:
    _alike(a, b)
    return _end(a) == _start(b)


@builtin("met by(range1: range, range2: range)")
def met_by(a: Range, b: Range) -> bool:
    return meets(b, a)


@builtin("overlaps(range1: range, range2: range)")
def overlaps(a: Range, b: Range) -> bool:
    _alike(a, b)
    return _start(a) <= _end(b) and _start(b) <= _end(a)


@builtin("overlaps before(range1: range, range2: range)")
def overlaps_before(a: Range, b: Range) -> bool:
    return overlaps(a, b) and _start(a) < _start(b) and _end(a) <= _end(b)


@builtin("overlaps after(range1: range, range2: range)")
def overlaps_after(a: Range, b: Range) -> bool:
    return overlaps_before(b, a)


@builtin("finishes(point: any, range: range)")
def finishes(a: Value, b: Range) -> bool:
    _alike(a, b)
    return _end(a) == _end(b) and _start(b) <= _start(a)


@builtin("finished by(range: range, point: any)")
def finished_by(a: Range, b: Value) -> bool:
    return finishes(b, a)


@builtin("includes(range: range, point: any)")
def includes(a: Range, b: Value) -> bool:
    _alike(a, b)
    return _start(a) <= _start(b) and _end(b) <= _end(a)


@builtin("during(point: any, range: range)")
def during(a: Value, b: Range) -> bool:
    return includes(b, a)


@builtin("starts(point: any, range: range)")
def starts(a: Value, b: Range) -> bool:
    _alike(a, b)
    return _start(a) == _start(b) and _end(a) <= _end(b)


@builtin("started by(range: range, point: any)")
def started_by(a: Range, b: Value) -> bool:
    return starts(b, a)


@builtin("coincides(point1: any, point2: any)")
def coincides(a: Value, b: Value) -> bool:
    _alike(a, b)
    return (_start(a), _end(a)) == (_start(b), _end(b))


@builtin("range(from: string)")
def range_from(text: str) -> Range:
    """From `[1..5]`, `(@"2026-01-01"..@"2026-02-01")` and the like."""
    try:
        node = parse_expression(text, Names(), Limits(length=200, depth=4))
    except FeelError as error:
        raise Failure(error.zh, error.en) from error
    if not isinstance(node, tree.Interval):
        raise Failure("文本不是区间", "the text is no range")
    low, high = _literal(node.low), _literal(node.high)
    if not are_ordered([low, high]) or low > high:
        raise Failure("区间两端不符", "the ends do not make a range")
    return Range(low, high, node.low_closed, node.high_closed)


def _literal(node: tree.Node) -> Value:
    if isinstance(node, tree.Literal):
        return node.value
    if isinstance(node, tree.Negate) and type(value := _literal(node.operand)) in NEGATE:
        return NEGATE[type(value)](value)
    raise Failure("区间的端点须为字面值", "the ends of the range must be literals")
