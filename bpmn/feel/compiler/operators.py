"""Arithmetic, comparison, logic and tests."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from bpmn.feel import tree
from bpmn.feel.analysis import reads
from bpmn.feel.arithmetic import COMPARE, NEGATE, TABLES
from bpmn.feel.compiler.base import Code, Scope, compiled
from bpmn.feel.functions import NAMES
from bpmn.feel.instance import is_a
from bpmn.feel.run import Run
from bpmn.feel.tree import Node
from bpmn.feel.values import ORDERED, Range, Value, equal, includes, kind, kind_zh, member

Test: TypeAlias = Callable[[Value, Scope, Run], bool | None]


@compiled.register
def _(node: tree.Arithmetic) -> Code:
    left, right, symbol = compiled(node.left), compiled(node.right), node.operator
    table = TABLES[symbol]

    def apply(scope: Scope, run: Run) -> Value:
        a, b = left(scope, run), right(scope, run)
        operation = table.get((type(a), type(b)))
        if operation is None:
            return run.fail(
                node,
                f"{kind_zh(a)} {symbol} {kind_zh(b)} 没有意义",
                f"{kind(a)} {symbol} {kind(b)} has no meaning",
            )
        try:
            result = operation(a, b)
        except (ArithmeticError, ValueError):
            return run.fail(node, "计算没有结果", "the calculation has no result")
        return run.text(result) if type(result) is str else result

    return apply


@compiled.register
def _(node: tree.Negate) -> Code:
    operand = compiled(node.operand)

    def negate(scope: Scope, run: Run) -> Value:
        value = operand(scope, run)
        operation = NEGATE.get(type(value))
        if operation is None:
            return run.fail(node, f"{kind_zh(value)}没有相反数", f"cannot negate {kind(value)}")
        return operation(value)

    return negate


@compiled.register
def _(node: tree.Comparison) -> Code:
    left, right, compare = compiled(node.left), compiled(node.right), _comparison(node)
    return lambda scope, run: compare(left(scope, run), right(scope, run), run)


def _comparison(
    node: tree.Comparison | tree.Relation,
) -> Callable[[Value, Value, Run], Value]:
    """How the node's operator compares two values."""
    if node.operator in ("=", "!="):
        return _equality(node, wanted=node.operator == "=")
    order = COMPARE[node.operator]

    def compare(a: Value, b: Value, run: Run) -> Value:
        if type(a) is type(b) and type(a) in ORDERED:
            try:
                return order(a, b)
            except TypeError:  # a time with and one without an offset
                pass
        return _incomparable(node, a, b, run)

    return compare


def _equality(node: Node, *, wanted: bool) -> Callable[[Value, Value, Run], Value]:
    def compare(a: Value, b: Value, run: Run) -> Value:
        result = equal(a, b, run)
        return _incomparable(node, a, b, run) if result is None else result is wanted

    return compare


def _incomparable(node: Node, a: Value, b: Value, run: Run) -> Value:
    return run.fail(
        node,
        f"{kind_zh(a)}与{kind_zh(b)}无法比较",
        f"cannot compare {kind(a)} with {kind(b)}",
    )


@compiled.register
def _(node: tree.Logic) -> Code:
    """Three-valued: one side may decide alone, else both must be known."""
    left, right = compiled(node.left), compiled(node.right)
    decisive = node.operator == "or"

    def decide(scope: Scope, run: Run) -> Value:
        a = left(scope, run)
        if a is decisive:
            return decisive
        b = right(scope, run)
        if b is decisive:
            return decisive
        if type(a) is bool and type(b) is bool:
            return not decisive
        for value in (a, b):
            if value is not None and type(value) is not bool:
                run.fail(node, f"{kind_zh(value)}不是真假", f"{kind(value)} is not a boolean")
        return None

    return decide


@compiled.register
def _(node: tree.Between) -> Code:
    operand, low, high = compiled(node.operand), compiled(node.low), compiled(node.high)

    def between(scope: Scope, run: Run) -> Value:
        value, start, end = operand(scope, run), low(scope, run), high(scope, run)
        if start is not None and end is not None:
            result = includes(Range(start, end), value)
            if result is not None:
                return result
        return run.fail(node, "无法比较", "cannot compare these")

    return between


@compiled.register
def _(node: tree.In) -> Code:
    operand, passes = compiled(node.operand), _any_test(node.tests)
    return lambda scope, run: passes(operand(scope, run), scope, run)


@compiled.register
def _(node: tree.Tests) -> Code:
    """Reads the value under test from the name `?`."""
    passes, negated = _any_test(node.tests), node.negated

    def check(scope: Scope, run: Run) -> Value:
        result = passes(scope["?"], scope, run)
        return (not result if result is not None else None) if negated else result

    return check if node.tests else lambda scope, run: True


def _any_test(nodes: Sequence[Node]) -> Test:
    """True if any test holds, else null if one is unknown."""
    tests = [_test(node) for node in nodes]

    def passes(value: Value, scope: Scope, run: Run) -> Value:
        unknown = False
        for test in tests:
            result = test(value, scope, run)
            if result is True:
                return True
            unknown = unknown or result is not False
        return None if unknown else False

    return passes if len(tests) != 1 else tests[0]


def _test(node: Node) -> Test:
    if isinstance(node, tree.Relation):
        compare, operand = _comparison(node), compiled(node.operand)
        return lambda value, scope, run: compare(value, operand(scope, run), run)
    code = compiled(node)
    if "?" in reads(node, NAMES).all:
        return lambda value, scope, run: code({**scope, "?": value}, run)

    def test(value: Value, scope: Scope, run: Run) -> Value:
        wanted = code(scope, run)
        result = member(value, wanted, run)
        return _incomparable(node, value, wanted, run) if result is None else result

    return test


@compiled.register
def _(node: tree.InstanceOf) -> Code:
    operand, type_ = compiled(node.operand), node.type
    return lambda scope, run: is_a(operand(scope, run), type_)
