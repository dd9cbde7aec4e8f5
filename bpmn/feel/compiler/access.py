"""Paths and filters."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bpmn.feel import tree
from bpmn.feel.analysis import reads
from bpmn.feel.compiler.base import Code, Scope, compiled
from bpmn.feel.functions import NAMES
from bpmn.feel.run import Run
from bpmn.feel.temporal import PARTS
from bpmn.feel.tree import Node
from bpmn.feel.values import Range, Value, kind, kind_zh

_RANGE_PARTS: dict[str, Callable[[Range], Value]] = {
    "start": lambda interval: interval.low,
    "end": lambda interval: interval.high,
    "start included": lambda interval: interval.low_closed,
    "end included": lambda interval: interval.high_closed,
}
_PARTS: dict[type, dict[str, Callable[[Any], Value]]] = {**PARTS, Range: _RANGE_PARTS}


@compiled.register
def _(node: tree.Path) -> Code:
    base, name = compiled(node.base), node.name

    def part(value: Value, run: Run) -> Value:
        if type(value) is dict and name in value:
            return value[name]
        if find := _PARTS.get(type(value), {}).get(name):
            return find(value)
        return run.fail(node, f"{kind_zh(value)}中没有“{name}”", f'{kind(value)} has no "{name}"')

    def follow(scope: Scope, run: Run) -> Value:
        value = base(scope, run)
        if type(value) is list:
            run.step(len(value))
            return [part(item, run) for item in value]
        return part(value, run)

    return follow


@compiled.register
def _(node: tree.Filter) -> Code:
    base, condition = compiled(node.base), compiled(node.condition)
    own = tuple(reads(node.condition, NAMES).all)
    constant = not own

    def select(scope: Scope, run: Run) -> Value:
        value = base(scope, run)
        items = value if type(value) is list else [] if value is None else [value]
        if constant and type(at := condition(scope, run)) is Decimal:
            return _item(node, items, at, run)
        found = []
        for item in items:
            run.step()
            verdict = condition(_item_scope(scope, item, own), run)
            if type(verdict) is Decimal:
                return _item(node, items, verdict, run)
            if verdict is True:
                found.append(item)
        return found

    return select


def _item_scope(scope: Scope, item: Value, own: tuple[str, ...]) -> Scope:
    """The scope of a filter: an item's own entries hide what is named alike outside."""
    inner = {**scope, "item": item}
    if type(item) is dict:
        for name in own:
            if name in item:
                inner[name] = item[name]
    return inner


def _item(node: Node, items: list[Value], at: Decimal, run: Run) -> Value:
    """Counted from 1, or from the end if negative."""
    if at == at.to_integral_value() and 1 <= abs(at) <= len(items):
        return items[int(at) - 1 if at > 0 else int(at)]
    return run.fail(node, "列表没有这一项", "the list has no such item")
