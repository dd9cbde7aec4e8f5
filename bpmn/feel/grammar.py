"""The grammar: from text to tree. Top-down, by strength of operators (Pratt).

Weakest first; what has no number here binds from the inside:

    if, for, some, every, function      reach as far to the right as they can
    1   or
    2   and
    3   =  !=  <  <=  >  >=  in  between
    4   +  -
    5   *  /
    6   **                              from the left: 2 ** 3 ** 2 is 64
    7   -x                              stronger than **: -2 ** 2 is 4
    8   instance of
    9   x.name  x[filter]  f(x)
"""

from collections.abc import Callable
from decimal import DecimalException
from typing import TypeAlias

from bpmn.feel import tree
from bpmn.feel.cursor import Cursor
from bpmn.feel.lexer import Token, unescape
from bpmn.feel.names import KEYWORDS, Names
from bpmn.feel.run import Limits
from bpmn.feel.temporal import parse_any
from bpmn.feel.tree import Node, Type
from bpmn.feel.values import NUMBERS

_OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _NEGATE, _INSTANCE, _POSTFIX = range(1, 10)

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_CONSTANTS = {"true": True, "false": False, "null": None}
QUALIFIED_TYPES = ("days and time duration", "years and months duration", "date and time")
_TYPES = frozenset(
    [
        *("number", "string", "boolean", "date", "time", *QUALIFIED_TYPES),
        *("list", "context", "range", "function", "Any", "Null"),
    ]
)


def parse_expression(text: str, known: Names, limits: Limits) -> Node:
    """One expression. Raises FeelError."""
    parser = _Parser(text, known, limits)
    return parser.whole(parser.expression)


def parse_tests(text: str, known: Names, limits: Limits) -> tree.Tests:
    """One cell of a decision table: `-`, `not(…)`, or tests with commas. Raises FeelError."""
    parser = _Parser(text, known, limits)
    return parser.whole(parser.cell)


class _Parser(Cursor):
    # Expressions by strength

    def expression(self, weaker_than: int = 0) -> Node:
        """As much as holds together more strongly than `weaker_than`."""
        self.deeper()
        start = self.token.start
        left = self.operand()
        while True:
            strength, rule = _INFIX.get(self.operator(), _NOTHING)
            if strength <= weaker_than:
                break
            left = rule(self, left, start)
        self.depth -= 1
        return left

    def operator(self) -> str:
        """The token as an operator, or nothing."""
        token = self.token
        if token.text == "[" and not self.starts_operand(self.peek()):
            return ""  # closes an interval, as in `]1..5[`
        return token.text if token.kind in ("symbol", "name") else ""

    def starts_operand(self, token: Token) -> bool:
        if token.kind == "name":
            return token.text not in KEYWORDS or token.text in _PREFIX
        return token.kind in ("number", "string", "at") or token.text in ("(", "[", "]", "{", "-")

    def arithmetic(self, left: Node, start: int) -> Node:
        symbol = self.take().text
        right = self.expression(_INFIX[symbol][0])
        return self.node(tree.Arithmetic, start, symbol, left, right)

    def comparison(self, left: Node, start: int) -> Node:
        symbol = self.take().text
        return self.node(tree.Comparison, start, symbol, left, self.expression(_COMPARE))

    def logic(self, left: Node, start: int) -> Node:
        word = self.take().text
        return self.node(tree.Logic, start, word, left, self.expression(_INFIX[word][0]))

    def between(self, left: Node, start: int) -> Node:
        self.expect("between")
        low = self.expression(_COMPARE)
        self.expect("and")
        return self.node(tree.Between, start, left, low, self.expression(_COMPARE))

    def inside(self, left: Node, start: int) -> Node:
        self.expect("in")
        tests = self.interval_or_tests() if self.at("(") else (self.test(_COMPARE),)
        return self.node(tree.In, start, left, tests)

    def interval_or_tests(self) -> tuple[Node, ...]:
        """After `in`: `(1..5]` is an interval, `(1, < 5)` are tests."""
        start = self.token.start
        self.expect("(")
        first = self.test()
        if self.at(".."):
            return (self.interval(first, start, low_closed=False),)
        found = [first]
        while self.skip(","):
            found.append(self.test())
        self.expect(")")
        return tuple(found)

    def instance_of(self, left: Node, start: int) -> Node:
        self.expect("instance")
        self.expect("of")
        return self.node(tree.InstanceOf, start, left, self.type())

    def path(self, left: Node, start: int) -> Node:
        self.expect(".")
        return self.node(tree.Path, start, left, self.name())

    def filter(self, left: Node, start: int) -> Node:
        self.expect("[")
        condition = self.expression()
        self.expect("]")
        return self.node(tree.Filter, start, left, condition)

    def call(self, left: Node, start: int) -> Node:
        self.expect("(")
        names: list[str] = []
        arguments: list[Node] = []
        while not self.skip(")"):
            if arguments:
                self.expect(",")
            if name := self.label():
                names.append(name)
            arguments.append(self.expression())
            if names and len(names) < len(arguments):
                self.refuse("参数须全部带名称或全部不带", "name all arguments or none")
        return self.node(tree.Call, start, left, tuple(arguments), tuple(names))

    # Operands

    def operand(self) -> Node:
        start, token = self.token.start, self.token
        count, name = self.name_here()
        if count:
            self.index += count
            return self.node(tree.Name, start, name)
        if token.kind in _LITERALS:
            return _LITERALS[token.kind](self, start)
        if (rule := _PREFIX.get(token.text)) and token.kind != "end":
            return rule(self, start)
        if token.kind == "end":
            return self.refuse("表达式不完整", "the expression is not complete")
        return self.refuse(f"此处不应出现“{token.text}”", f'unexpected "{token.text}"')

    def name(self) -> str:
        """A name where nothing else may stand."""
        count, name = self.name_here()
        if not count:
            self.refuse("此处应为名称", "expected a name here")
        self.index += count
        return name

    def label(self) -> str:
        """A name with a colon after it, as of a parameter or an entry; nothing if there is none.

        It may hold operators, which then are part of the name wherever it is used.
        """
        index = self.index
        if self.tokens[index].kind == "string" and self.tokens[index + 1].text == ":":
            name = self.string()
        else:
            while self.tokens[index].kind == "name" or (
                index > self.index and self.may_follow_in_name(self.tokens[index])
            ):
                index += 1
            if index == self.index or self.tokens[index].text != ":":
                return ""
            name = self.spelt(self.tokens[self.index : index])
            self.index = index
        self.expect(":")
        self.names.add(name)
        return name

    def may_follow_in_name(self, token: Token) -> bool:
        return token.kind == "number" or token.text in _IN_NAMES

    def number(self, start: int) -> Node:
        try:
            value = NUMBERS.create_decimal(self.token.text)
        except DecimalException:
            self.refuse("数字过大", "the number is too large")
        self.take()
        return self.node(tree.Literal, start, value)

    def string(self) -> str:
        try:
            text = unescape(self.token.text)
        except ValueError:
            self.refuse("字符串中的转义不是有效字符", "the string escapes half a character")
        self.take()
        return text

    def text_literal(self, start: int) -> Node:
        return self.node(tree.Literal, start, self.string())

    def at_literal(self, start: int) -> Node:
        try:
            value = parse_any(unescape(self.token.text[1:]))
        except (ValueError, OverflowError):
            self.refuse("@ 后不是日期、时间或时长", "no date, time or duration after @")
        self.take()
        return self.node(tree.Literal, start, value)

    def constant(self, start: int) -> Node:
        return self.node(tree.Literal, start, _CONSTANTS[self.take().text])

    def negation(self, start: int) -> Node:
        self.expect("-")
        return self.node(tree.Negate, start, self.expression(_NEGATE))

    def parenthesis(self, start: int) -> Node:
        self.expect("(")
        if self.at(*_COMPARISONS):
            inner = self.test()
        else:
            inner = self.expression()
            if self.at(".."):
                return self.interval(inner, start, low_closed=False)
        self.expect(")")
        return inner

    def bracket(self, start: int) -> Node:
        """A list, or an interval that includes its start."""
        self.expect("[")
        items: list[Node] = []
        while not self.skip("]"):
            if items:
                self.expect(",")
            items.append(self.expression())
            if len(items) == 1 and self.at(".."):
                return self.interval(items[0], start, low_closed=True)
        return self.node(tree.ListOf, start, tuple(items))

    def outward_bracket(self, start: int) -> Node:
        self.expect("]")
        return self.interval(self.expression(_COMPARE), start, low_closed=False)

    def interval(self, low: Node, start: int, *, low_closed: bool) -> Node:
        self.expect("..")
        high = self.expression(_COMPARE)
        if not self.at("]", ")", "["):
            self.refuse("区间没有结束", "the range is not closed")
        high_closed = self.take().text == "]"
        return self.node(tree.Interval, start, low, high, low_closed, high_closed)

    def context(self, start: int) -> Node:
        self.expect("{")
        entries: dict[str, Node] = {}
        while not self.skip("}"):
            if entries:
                self.expect(",")
            at = self.token.start
            if not (name := self.label()):
                self.refuse("此处应为“名称:”", 'expected "name:" here')
            if name in entries:
                self.refuse(f"名称“{name}”重复", f'"{name}" stands here twice', at)
            entries[name] = self.expression()
        return self.node(tree.ContextOf, start, tuple(entries.items()))

    def conditional(self, start: int) -> Node:
        self.expect("if")
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return self.node(tree.If, start, condition, then, self.expression())

    def loop(self, start: int) -> Node:
        self.expect("for")
        iterators = self.iterators()
        self.expect("return")
        return self.node(tree.For, start, iterators, self.expression())

    def quantified(self, start: int) -> Node:
        quantifier = self.take().text
        iterators = self.iterators()
        self.expect("satisfies")
        return self.node(tree.Quantified, start, quantifier, iterators, self.expression())

    def iterators(self) -> tuple[tuple[str, Node], ...]:
        """`x in xs, y in 1..n`"""
        found: list[tuple[str, Node]] = []
        while not found or self.skip(","):
            name = self.variable("in")
            self.expect("in")
            start = self.token.start
            domain = self.expression()
            if self.skip(".."):
                end = self.expression()
                domain = self.node(tree.Interval, start, domain, end, True, True)
            found.append((name, domain))
        return tuple(found)

    def variable(self, *ends: str) -> str:
        """A name that is made here; it reaches to one of `ends`."""
        index = self.index
        while self.tokens[index].text not in ends and self.tokens[index].kind != "end":
            index += 1
        if index == self.index or self.token.kind != "name":
            self.refuse("此处应为名称", "expected a name here")
        name = self.spelt(self.tokens[self.index : index])
        self.index = index
        self.names.add(name)
        return name

    def function(self, start: int) -> Node:
        self.expect("function")
        self.expect("(")
        parameters: list[tuple[str, Type]] = []
        while not self.skip(")"):
            if parameters:
                self.expect(",")
            name = self.variable(":", ",", ")")
            parameters.append((name, self.type() if self.skip(":") else Type("Any")))
        if self.at("external"):
            self.refuse("不允许外部函数", "external functions are not allowed")
        return self.node(tree.FunctionOf, start, tuple(parameters), self.expression())

    # Types

    def type(self) -> Type:
        self.deeper()
        count, name = self.name_here()
        if not count and self.at("function"):
            count, name = 1, "function"
        if self.at("null"):
            count, name = 1, "Null"
        if name not in _TYPES:
            self.refuse("没有这种类型", "there is no such type")
        self.index += count
        found = self.type_arguments(name) if self.skip("<") else Type(name)
        self.depth -= 1
        return found

    def type_arguments(self, name: str) -> Type:
        arguments: list[Type] = []
        entries: list[str] = []
        while not self.skip(">"):
            if arguments:
                self.expect(",")
            if name == "context":
                entries.append(self.label())
            arguments.append(self.type())
        if name == "function" and self.skip("->"):
            arguments.append(self.type())
        return Type(name, tuple(arguments), tuple(entries))

    # Tests

    def test(self, weaker_than: int = 0) -> Node:
        """`< 5`, or an expression that gives a value, a list, a range or a condition on `?`."""
        start = self.token.start
        if self.at(*_COMPARISONS):
            symbol = self.take().text
            return self.node(tree.Relation, start, symbol, self.expression(_COMPARE))
        return self.expression(weaker_than)

    def cell(self) -> tree.Tests:
        start = self.token.start
        if self.at("-") and self.peek().kind == "end":
            self.take()
            return self.node(tree.Tests, start, ())
        if self.at("not") and self.peek().text == "(":
            self.index += 2
            negated = self.tests(start, negated=True)
            if self.skip(")") and self.token.kind == "end":
                return negated
            self.index = 0  # `not(a) and b` is a condition
        return self.tests(start, negated=False)

    def tests(self, start: int, *, negated: bool) -> tree.Tests:
        found = [self.test()]
        while self.skip(","):
            found.append(self.test())
        return self.node(tree.Tests, start, tuple(found), negated)


_IN_NAMES = frozenset(".-+*/'")

_LITERALS: dict[str, Callable[[_Parser, int], Node]] = {
    "number": _Parser.number,
    "string": _Parser.text_literal,
    "at": _Parser.at_literal,
}

_PREFIX: dict[str, Callable[[_Parser, int], Node]] = {
    **dict.fromkeys(_CONSTANTS, _Parser.constant),
    "-": _Parser.negation,
    "(": _Parser.parenthesis,
    "[": _Parser.bracket,
    "]": _Parser.outward_bracket,
    "{": _Parser.context,
    "if": _Parser.conditional,
    "for": _Parser.loop,
    "some": _Parser.quantified,
    "every": _Parser.quantified,
    "function": _Parser.function,
}

_Infix: TypeAlias = Callable[[_Parser, Node, int], Node]

_INFIX: dict[str, tuple[int, _Infix]] = {
    "or": (_OR, _Parser.logic),
    "and": (_AND, _Parser.logic),
    **dict.fromkeys(_COMPARISONS, (_COMPARE, _Parser.comparison)),
    "in": (_COMPARE, _Parser.inside),
    "between": (_COMPARE, _Parser.between),
    "+": (_ADD, _Parser.arithmetic),
    "-": (_ADD, _Parser.arithmetic),
    "*": (_MULTIPLY, _Parser.arithmetic),
    "/": (_MULTIPLY, _Parser.arithmetic),
    "**": (_POWER, _Parser.arithmetic),
    "instance": (_INSTANCE, _Parser.instance_of),
    ".": (_POSTFIX, _Parser.path),
    "[": (_POSTFIX, _Parser.filter),
    "(": (_POSTFIX, _Parser.call),
}
_NOTHING: tuple[int, _Infix] = (0, _Parser.path)
