"""Names, literals, lists, contexts and ranges."""

from collections.abc import Callable

from bpmn.feel import tree
from bpmn.feel.compiler.base import Code, Scope, compiled
from bpmn.feel.functions import BUILTINS
from bpmn.feel.run import Run
from bpmn.feel.values import ORDERED, Range, Value, are_ordered, kind, kind_zh


@compiled.register
def _(node: tree.Literal) -> Code:
    value = node.value
    return lambda scope, run: value


@compiled.register
def _(node: tree.Name) -> Code:
    name = node.name

    def read(scope: Scope, run: Run) -> Value:
        try:
            return scope[name]
        except KeyError:
            if name in BUILTINS:
                return BUILTINS[name]
        return run.fail(node, f"没有名为“{name}”的值", f'nothing is named "{name}"')

    return read


@compiled.register
def _(node: tree.ListOf) -> Code:
    codes = [compiled(item) for item in node.items]
    return lambda scope, run: [code(scope, run) for code in codes]


@compiled.register
def _(node: tree.ContextOf) -> Code:
    codes = [(name, compiled(entry)) for name, entry in node.entries]

    def make(scope: Scope, run: Run) -> Value:
        inner, context = dict(scope), {}
        for name, code in codes:
            context[name] = inner[name] = code(inner, run)
        return context

    return make


@compiled.register
def _(node: tree.Interval) -> Code:
    low, high = compiled(node.low), compiled(node.high)
    closed = node.low_closed, node.high_closed
    if isinstance(node.low, tree.Literal) and isinstance(node.high, tree.Literal):
        ends = node.low.value, node.high.value
        if are_ordered(ends):
            constant = Range(*ends, *closed)
            return lambda scope, run: constant

    def make(scope: Scope, run: Run) -> Value:
        start, end = low(scope, run), high(scope, run)
        if are_ordered((start, end)):
            return Range(start, end, *closed)
        return run.fail(
            node,
            f"{kind_zh(start)}与{kind_zh(end)}不能构成区间",
            f"no range from {kind(start)} to {kind(end)}",
        )

    return make


_OPEN_RANGES: dict[str, Callable[[Value], Range]] = {
    "<": lambda end: Range(None, end, False, False),
    "<=": lambda end: Range(None, end, False, True),
    ">": lambda end: Range(end, None, False, False),
    ">=": lambda end: Range(end, None, True, False),
    "=": lambda end: Range(end, end),
}


@compiled.register
def _(node: tree.Relation) -> Code:
    operand, make_range = compiled(node.operand), _OPEN_RANGES.get(node.operator)

    def make(scope: Scope, run: Run) -> Value:
        end = operand(scope, run)
        if make_range and type(end) in ORDERED:
            return make_range(end)
        return run.fail(node, "这不是一个区间", "this is not a range")

    return make
