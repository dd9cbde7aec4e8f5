"""if, for, some and every."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from bpmn.feel import tree
from bpmn.feel.analysis import reads
from bpmn.feel.arithmetic import ADD
from bpmn.feel.compiler.base import Code, Scope, compiled
from bpmn.feel.functions import NAMES
from bpmn.feel.run import Failure, Run
from bpmn.feel.tree import Node
from bpmn.feel.values import NUMBERS, Range, Value


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
