"""From trees and values back to text that reads as the same tree or value."""

from collections.abc import Iterable
from decimal import Decimal
from functools import singledispatch

from bpmn.feel import tree
from bpmn.feel.lexer import escape
from bpmn.feel.run import Run
from bpmn.feel.temporal import PARTS, write
from bpmn.feel.tree import Node, Type
from bpmn.feel.values import NUMBERS, Function, Range, Value


def number_text(number: Decimal) -> str:
    """Without exponent and without zeros that say nothing."""
    return format(NUMBERS.normalize(number), "f") if number else "0"


def scalar_text(value: Value) -> str:
    """A value that is no list, context, range or function, as a literal."""
    if value is None or type(value) is bool:
        return {None: "null", True: "true", False: "false"}[value]
    if type(value) is Decimal:
        return str(value)
    return f"@{escape(write(value))}" if type(value) in PARTS else escape(value)


def value_text(run: Run, value: Value) -> str:
    """What `string(value)` gives: temporal values bare, inside lists and contexts as literals."""
    return write(value) if type(value) in PARTS else _inner_text(run, value)


def _inner_text(run: Run, value: Value) -> str:
    run.step()
    if type(value) is list:
        return run.text(f"[{', '.join(_inner_text(run, item) for item in value)}]")
    if type(value) is dict:
        entries = (f"{key_text(key)}: {_inner_text(run, item)}" for key, item in value.items())
        return run.text(f"{{{', '.join(entries)}}}")
    if type(value) is Range:
        return _range_text(run, value)
    if isinstance(value, Function):
        return f"function {value.name}"
    return number_text(value) if type(value) is Decimal else scalar_text(value)


def _range_text(run: Run, value: Range) -> str:
    if value.low is None:
        return f"({'<=' if value.high_closed else '<'} {_inner_text(run, value.high)})"
    if value.high is None:
        return f"({'>=' if value.low_closed else '>'} {_inner_text(run, value.low)})"
    ends = f"{_inner_text(run, value.low)}..{_inner_text(run, value.high)}"
    return f"{'[' if value.low_closed else '('}{ends}{']' if value.high_closed else ')'}"


def key_text(name: str) -> str:
    return name if name.isidentifier() else escape(name)


@singledispatch
def source(node: Node) -> str:
    """An expression that reads as this tree; parentheses stand wherever they could matter."""
    raise NotImplementedError(type(node).__name__)


def _closed(node: Node) -> str:
    """In parentheses, unless it cannot fall apart."""
    plain = isinstance(node, tree.Literal | tree.Name | tree.ListOf | tree.ContextOf)
    return source(node) if plain else f"({source(node)})"


def _listed(nodes: Iterable[Node]) -> str:
    return ", ".join(map(source, nodes))


@source.register
def _(node: tree.Literal) -> str:
    return scalar_text(node.value)


@source.register
def _(node: tree.Name) -> str:
    return node.name


@source.register
def _(node: tree.ListOf) -> str:
    return f"[{_listed(node.items)}]"


@source.register
def _(node: tree.ContextOf) -> str:
    entries = (f"{key_text(name)}: {source(entry)}" for name, entry in node.entries)
    return f"{{{', '.join(entries)}}}"


@source.register
def _(node: tree.Interval) -> str:
    ends = f"{_closed(node.low)}..{_closed(node.high)}"
    return f"{'[' if node.low_closed else '('}{ends}{']' if node.high_closed else ')'}"


@source.register
def _(node: tree.Relation) -> str:
    return f"({node.operator} {_closed(node.operand)})"


@source.register
def _(node: tree.Path) -> str:
    return f"{_closed(node.base)}.{node.name}"


@source.register
def _(node: tree.Filter) -> str:
    return f"{_closed(node.base)}[{source(node.condition)}]"


@source.register
def _(node: tree.Call) -> str:
    if node.names:
        pairs = zip(node.names, node.arguments, strict=True)
        return f"{_closed(node.function)}({', '.join(f'{n}: {source(a)}' for n, a in pairs)})"
    return f"{_closed(node.function)}({_listed(node.arguments)})"


@source.register
def _(node: tree.Negate) -> str:
    return f"-{_closed(node.operand)}"


@source.register(tree.Arithmetic)
@source.register(tree.Comparison)
@source.register(tree.Logic)
def _(node: tree.Arithmetic | tree.Comparison | tree.Logic) -> str:
    return f"{_closed(node.left)} {node.operator} {_closed(node.right)}"


@source.register
def _(node: tree.Between) -> str:
    ends = f"{_closed(node.low)} and {_closed(node.high)}"
    return f"{_closed(node.operand)} between {ends}"


@source.register
def _(node: tree.In) -> str:
    return f"{_closed(node.operand)} in ({_listed(node.tests)})"


@source.register
def _(node: tree.InstanceOf) -> str:
    return f"{_closed(node.operand)} instance of {type_text(node.type)}"


def type_text(type_: Type) -> str:
    inner = list(map(type_text, type_.arguments))
    if type_.name == "context":
        inner = [
            f"{key_text(name)}: {text}" for name, text in zip(type_.entries, inner, strict=True)
        ]
    if type_.name == "function" and inner:
        *parameters, result = inner
        return f"function<{', '.join(parameters)}> -> {result}"
    return f"{type_.name}<{', '.join(inner)}>" if inner else type_.name


@source.register
def _(node: tree.If) -> str:
    parts = source(node.condition), source(node.then), source(node.otherwise)
    return "if {} then {} else {}".format(*parts)


def _iterators(node: tree.For | tree.Quantified) -> str:
    return ", ".join(f"{name} in {source(domain)}" for name, domain in node.iterators)


@source.register
def _(node: tree.For) -> str:
    return f"for {_iterators(node)} return {source(node.body)}"


@source.register
def _(node: tree.Quantified) -> str:
    return f"{node.quantifier} {_iterators(node)} satisfies {source(node.body)}"


@source.register
def _(node: tree.FunctionOf) -> str:
    parameters = (f"{name}: {type_text(type_)}" for name, type_ in node.parameters)
    return f"function({', '.join(parameters)}) {source(node.body)}"


@source.register
def _(node: tree.Tests) -> str:
    inner = _listed(node.tests) or "-"
    return f"not({inner})" if node.negated else inner
