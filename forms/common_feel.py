"""The part of FEEL that feelin, in the browser, and bpmn.feel read alike, for rules of fields.

The two differ wherever types mix (`5 > "3"`, `[1] = 1`), in intervals, in decimals that are added,
and in much of the library. So a rule is typed by the fields it reads, and what is not listed here
is refused: comparison within one type, `and`, `or`, `not`, `in` a list of constants, sums of whole
numbers, `count`, `list contains`, `date` and `today`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bpmn import feel
from bpmn.feel.tree import (
    Arithmetic,
    Call,
    Comparison,
    In,
    ListOf,
    Literal,
    Logic,
    Name,
    Negate,
    Node,
)
from forms.schema import MULTIPLE, TEXTS, Component

Kind = str

_BOOL, _TEXT, _WHOLE, _NUMBER, _NULL, _DATE = "bool", "text", "whole", "number", "null", "date"
_OPAQUE = "opaque"  # options that are known only when the form is open
_LIST, _MOMENT = "list:", "moment:"  # then the kind of the items; subtype and zone

_PLAIN_NUMBER = re.compile(r"\d{1,15}|\d{1,9}\.\d{1,6}")
_ODD_TEXT = re.compile(r"[\\\x00-\x1f]")
_ORDERED = ("<", "<=", ">", ">=")


@dataclass
class Uncommon(Exception):
    """The two would not, or not surely, read this alike."""

    zh: str
    en: str


def kinds(components: Iterable[Component]) -> dict[str, Kind]:
    """What a rule can read: for each field what its answers are."""
    return {component["key"]: _kind_of_field(component) for component in components}


def must_be_common(text: str, kinds: Mapping[str, Kind]) -> None:
    """See that a rule says yes or no in the common part. Raises FeelError, Uncommon."""
    tree = feel.parse(text).tree
    if _Reader(text, kinds).kind(tree) != _BOOL:
        raise Uncommon("结果须为是或否", "it must say yes or no")


def _kind_of_field(component: Component) -> Kind:
    kind = component["type"]
    if kind in TEXTS:
        return _TEXT
    if kind == "checkbox":
        return _BOOL
    if kind == "number":
        return _WHOLE if component.get("decimalDigits") == 0 else _NUMBER
    if kind == "datetime":
        zone = component.get("timeSerializingFormat", "no_timezone")
        subtype = component.get("subtype", "date")
        return _MOMENT + (subtype if subtype == "date" else f"{subtype} {zone}")
    of_options = _kind_of_options(component.get("values"))
    return _LIST + of_options if kind in MULTIPLE else of_options


def _kind_of_options(listed: Any) -> Kind:
    if not isinstance(listed, list) or not all(isinstance(option, Mapping) for option in listed):
        return _OPAQUE
    found = {_kind_of_constant(option.get("value")) for option in listed}
    return found.pop() if len(found) == 1 else _OPAQUE


def _kind_of_constant(value: object) -> Kind:
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return _BOOL
    return _TEXT if isinstance(value, str) else _NUMBER


@dataclass
class _Reader:
    text: str
    kinds: Mapping[str, Kind]

    def kind(self, node: Node) -> Kind:
        """What the value of this piece is, if it is not null. Raises Uncommon."""
        match node:
            case Literal():
                return self._literal(node)
            case Name(name):
                return self._field(name)
            case Logic(_, left, right):
                return self._all(_BOOL, left, right)
            case Comparison(operator, left, right):
                return self._comparison(operator, left, right)
            case In(operand, tests):
                return self._membership(operand, tests)
            case Arithmetic(operator, left, right) if operator in ("+", "-", "*"):
                return self._sum(left, right)
            case Negate(operand):
                return self._sum(operand)
            case Call(Name(name), arguments, ()) if name not in self.kinds:
                return self._call(name, arguments)
        raise self._refused(node)

    def _literal(self, node: Literal) -> Kind:
        kind, source = _kind_of_constant(node.value), self._source(node)
        if kind == _TEXT and _ODD_TEXT.search(source):
            raise self._refused(node)
        if kind == _NUMBER:
            if not _PLAIN_NUMBER.fullmatch(source):
                raise self._refused(node)
            return _NUMBER if "." in source else _WHOLE
        return kind

    def _field(self, name: str) -> Kind:
        if name not in self.kinds:
            zh, en = f"表单里没有字段“{name}”", f"the form has no field {name!r}"
            raise Uncommon(zh, en)
        return self.kinds[name]

    def _all(self, kind: Kind, *nodes: Node) -> Kind:
        for node in nodes:
            if self.kind(node) != kind:
                raise self._refused(node)
        return kind

    def _comparison(self, operator: str, left: Node, right: Node) -> Kind:
        one, other = self.kind(left), self.kind(right)
        if operator in _ORDERED:
            fits = _ordered(one, other)
        else:
            fits = _NULL in (one, other) or _comparable(one, other)
        if not fits:
            zh = f"“{self._source(left)}”与“{self._source(right)}”不能用 {operator} 比较"
            en = f"{self._source(left)} and {self._source(right)} cannot be compared by {operator}"
            raise Uncommon(zh, en)
        return _BOOL

    def _membership(self, operand: Node, tests: tuple[Node, ...]) -> Kind:
        constants = tests[0].items if len(tests) == 1 and isinstance(tests[0], ListOf) else tests
        kind = self.kind(operand)
        for constant in constants:
            if not isinstance(constant, Literal) or not _comparable(kind, self.kind(constant)):
                raise self._refused(constant)
        return _BOOL

    def _sum(self, *nodes: Node) -> Kind:
        for node in nodes:
            if self.kind(node) == _NUMBER:
                zh = f"“{self._source(node)}”可能有小数，不能参与计算：请把字段的小数位数设为 0"
                en = f"{self._source(node)} may have decimals and cannot be calculated with"
                raise Uncommon(zh, en)
        return self._all(_WHOLE, *nodes)

    def _call(self, name: str, arguments: tuple[Node, ...]) -> Kind:
        found = [self.kind(argument) for argument in arguments]
        match name, found:
            case "not", ["bool"]:
                return _BOOL
            case "count", [items] if items.startswith(_LIST):
                return _WHOLE
            case "list contains", [items, item] if items == _LIST + item and item != _OPAQUE:
                return _BOOL
            case "date", ["moment:date"]:
                return _DATE
            case "today", []:
                return _DATE
        zh, en = f"不能这样用 {name}(…)", f"{name}(…) cannot be used like this"
        raise Uncommon(zh, en)

    def _source(self, node: Node) -> str:
        return self.text[node.start : node.end][:60]

    def _refused(self, node: Node) -> Uncommon:
        source = self._source(node)
        return Uncommon(f"不能用“{source}”", f"{source} cannot be used")


def _comparable(one: Kind, other: Kind) -> bool:
    if {one, other} <= {_WHOLE, _NUMBER}:
        return True
    if _TEXT in (one, other):
        return all(kind == _TEXT or kind.startswith(_MOMENT) for kind in (one, other))
    # feelin takes the first day of 1900 for a time of day, and so for unequal to any date.
    return one == other and one not in (_OPAQUE, _DATE) and not one.startswith(_LIST)


def _ordered(one: Kind, other: Kind) -> bool:
    # As ISO texts, moments of one notation are in order; other texts have no order to speak of.
    return (
        {one, other} <= {_WHOLE, _NUMBER}
        or (one == other and (one == _DATE or one.startswith(_MOMENT)))
        or (_TEXT in (one, other) and any(kind.startswith(_MOMENT) for kind in (one, other)))
    )
