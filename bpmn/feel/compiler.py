"""From a tree to nested Python closures, which evaluate it many times faster than a walk would.

A closure takes the scope (name to value) and the run, and gives a value. An operation without a
value for its operands notes a problem and gives null.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import singledispatch
from typing import Any, TypeAlias

from bpmn.feel import tree
from bpmn.feel.analysis import reads
from bpmn.feel.arithmetic import ADD, COMPARE, NEGATE, TABLES
from bpmn.feel.functions import BUILTINS, NAMES
from bpmn.feel.instance import fits, is_a
from bpmn.feel.run import Failure, Run
from bpmn.feel.temporal import PARTS
from bpmn.feel.tree import Node
from bpmn.feel.values import (
    NUMBERS,
    ORDERED,
    Function,
    Range,
    Value,
    are_ordered,
    equal,
    includes,
    kind,
    kind_zh,
    member,
)

Scope: TypeAlias = dict[str, Value]
Code: TypeAlias = Callable[[Scope, Run], Value]
Test: TypeAlias = Callable[[Value, Scope, Run], Value]


@singledispatch
def compiled(node: Node) -> Code:
    """The closure for a tree."""
    raise NotImplementedError(type(node).__name__)


# Values


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


# Operators


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


# Paths and filters

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


# Control


@compiled.register
def _(node: tree.If) -> Code:
    condition, then, otherwise = map(compiled, (node.condition, node.then, node.otherwise))

    def choose(scope: Scope, run: Run) -> Value:
        verdict = condition(scope, run)
        if verdict is not None and type(verdict) is not bool:
            run.fail(node.condition, "条件不是真假", "the condition is not a boolean")
        return then(scope, run) if verdict is True else otherwise(scope, run)

    return choose


@compiled.register
def _(node: tree.For) -> Code:
    scopes, body = _iteration(node.iterators), compiled(node.body)
    looks_back = "partial" in reads(node.body, NAMES).all

    def collect(scope: Scope, run: Run) -> Value:
        results: list[Value] = []
        try:
            for inner in scopes(scope, run):
                if looks_back:
                    inner["partial"] = run.items(results[:])
                results.append(body(inner, run))
                run.room(len(results), run.limits.items)
        except Failure as failure:
            return run.fail(node, failure.zh, failure.en)
        return results

    return collect


@compiled.register
def _(node: tree.Quantified) -> Code:
    scopes, body = _iteration(node.iterators), compiled(node.body)
    decisive = node.quantifier == "some"

    def decide(scope: Scope, run: Run) -> Value:
        unknown = False
        try:
            for inner in scopes(scope, run):
                verdict = body(inner, run)
                if verdict is decisive:
                    return decisive
                unknown = unknown or type(verdict) is not bool
        except Failure as failure:
            return run.fail(node, failure.zh, failure.en)
        return None if unknown else not decisive

    return decide


def _iteration(
    iterators: tuple[tuple[str, Node], ...],
) -> Callable[[Scope, Run], Iterator[Scope]]:
    """The scopes a loop runs in, one for each combination of its variables."""
    domains = [(name, compiled(domain)) for name, domain in iterators]

    def scopes(scope: Scope, run: Run, index: int = 0) -> Iterator[Scope]:
        name, domain = domains[index]
        for item in _elements(domain(scope, run), run):
            run.step()
            inner = {**scope, name: item}
            if index + 1 < len(domains):
                yield from scopes(inner, run, index + 1)
            else:
                yield inner

    return scopes


def _elements(value: Value, run: Run) -> list[Value]:
    """What a loop goes through. Raises Failure."""
    if value is None:
        raise Failure("空值不能循环", "cannot iterate over null")
    if type(value) is Range:
        return _steps(value, run)
    return value if type(value) is list else [value]


def _steps(interval: Range, run: Run) -> list[Value]:
    """The whole numbers or the days of a range, upwards or downwards. Raises Failure."""
    low, high = interval.low, interval.high
    if type(low) is date and type(high) is date:
        distance = Decimal((high - low).days)
    elif type(low) is Decimal and type(high) is Decimal:
        distance = NUMBERS.subtract(high, low)
    else:
        raise Failure("不能在此区间上循环", "cannot iterate over this range")
    run.room(abs(distance), run.limits.items)
    sign = 1 if distance >= 0 else -1
    unit = timedelta(days=1) if type(low) is date else Decimal(1)
    add = ADD[type(low), type(unit)]
    values = [add(low, sign * count * unit) for count in range(int(abs(distance)) + 1)]
    if not interval.low_closed:
        values = values[1:]
    if not interval.high_closed and values and values[-1] == high:
        values.pop()
    return values


# Functions


@dataclass(frozen=True, eq=False)
class Lambda(Function):
    """A function written in the expression itself."""

    node: tree.FunctionOf
    body: Code
    scope: Scope
    name: str = "function"

    def call(self, run: Run, arguments: list[Value], names: Sequence[str]) -> Value:
        wanted = [name for name, _ in self.node.parameters]
        given = dict(zip(names or wanted, arguments, strict=False))
        if len(arguments) != len(wanted) or given.keys() != {*wanted}:
            raise Failure("参数个数或名称不符", "the arguments do not fit the parameters")
        for name, type_ in self.node.parameters:
            if not fits(given[name], type_):
                raise Failure(f"参数“{name}”类型不符", f'the argument "{name}" has a wrong type')
        run.step()
        run.enter()
        result = self.body({**self.scope, **given}, run)
        run.leave()
        return result


@compiled.register
def _(node: tree.FunctionOf) -> Code:
    body = compiled(node.body)
    return lambda scope, run: Lambda(node, body, scope)


@compiled.register
def _(node: tree.Call) -> Code:
    called, names = _called(node.function), node.names
    codes = [compiled(argument) for argument in node.arguments]

    def call(scope: Scope, run: Run) -> Value:
        function = called(scope, run)
        if not isinstance(function, Function):
            return run.fail(node.function, "这不是函数", "this is not a function")
        try:
            return function.call(run, [code(scope, run) for code in codes], names)
        except Failure as failure:
            return run.fail(node, failure.zh, failure.en)

    return call


def _called(node: Node) -> Code:
    """A value that is no function does not hide the library's function of the same name."""
    value = compiled(node)
    builtin = BUILTINS.get(node.name) if isinstance(node, tree.Name) else None
    if builtin is None:
        return value
    name = builtin.name

    def find(scope: Scope, run: Run) -> Value:
        found = scope.get(name)
        return found if isinstance(found, Function) else builtin

    return find
