"""FEEL, the expression language of diagrams, forms and decisions (DMN 1.5, chapter 10).

    evaluate("年龄 >= 60 and count(检查) > 1", {"年龄": 71, "检查": ["CT", "MR"]})   -> True
    unary_test("[18..60)", 42)                                                   -> True
    parse("申请人.医院").names()                                                   -> {"申请人"}

A text that is not FEEL raises FeelError. Beyond that nothing raises: what has no value is null
(None), and whoever passes a list as `problems` finds there why and where. The clock of `now()` is
given by the caller. Evaluation is bounded by `Limits`; beyond them the whole result is null.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from bpmn.feel.analysis import reads
from bpmn.feel.compiler import Scope, compiled
from bpmn.feel.functions import NAMES as FUNCTIONS
from bpmn.feel.grammar import QUALIFIED_TYPES, parse_expression, parse_tests
from bpmn.feel.jsonvalues import to_json
from bpmn.feel.names import Names, odd
from bpmn.feel.printer import source
from bpmn.feel.run import LIMITS, Exceeded, FeelError, Limits, Problem, Run
from bpmn.feel.tree import Node
from bpmn.feel.values import Foreign, Function, Range, Value, YearsMonths, accept

__all__ = [
    "FUNCTIONS",
    "LIMITS",
    "Expression",
    "FeelError",
    "Function",
    "Limits",
    "Problem",
    "Range",
    "Value",
    "YearsMonths",
    "evaluate",
    "parse",
    "parse_unary_tests",
    "source",
    "to_json",
    "unary_test",
]

_NO_CONTEXT: Mapping[str, Any] = {}
_LIBRARY = Names((*FUNCTIONS, *QUALIFIED_TYPES))


class Expression:
    """A text that was read and compiled; evaluating it changes nothing, so it may be shared."""

    __slots__ = ("_code", "_reads", "_wanted", "text", "tree")

    def __init__(self, text: str, tree: Node) -> None:
        self.text, self.tree = text, tree
        self._code = compiled(tree)
        self._reads = reads(tree, FUNCTIONS)
        self._wanted = tuple(self._reads.all)

    def names(self) -> frozenset[str]:
        """The names it reads from the context."""
        return self._reads.sure - {"?"}

    def possible_names(self) -> frozenset[str]:
        """Names inside filters: an item's own entries, or from the context."""
        return self._reads.perhaps

    def evaluate(
        self,
        context: Mapping[str, Any] = _NO_CONTEXT,
        *,
        now: datetime | None = None,
        problems: list[Problem] | None = None,
        limits: Limits = LIMITS,
    ) -> Value:
        """Its value in a context; only the names it reads are looked at there.

        now: for `now()` and `today()`, else the present in UTC. problems: is filled.
        """
        run = Run(self.text, limits, now, problems)
        try:
            return run.whole(self._code(self._scope(context, run), run))
        except Exceeded as exceeded:
            return run.fail(self.tree, exceeded.zh, exceeded.en)
        except RecursionError:
            return run.fail(self.tree, "嵌套过深", "nested too deeply")

    def _scope(self, context: Mapping[str, Any], run: Run) -> Scope:
        scope: Scope = {}
        for name in self._wanted:
            if name in context:
                try:
                    scope[name] = accept(context[name])
                except Foreign as foreign:
                    scope[name] = None
                    zh, en = f"“{name}”不是 FEEL 的值", f'"{name}" is no value of FEEL'
                    run.fail(self.tree, f"{zh}（{foreign}）", f"{en} ({foreign})")
        return scope


def parse(text: str, names: Iterable[str] = (), limits: Limits = LIMITS) -> Expression:
    """Read an expression. Raises FeelError.

    names: those that hold operators or keywords (`a-b`) are only read as names if they are given.
    """
    return _expression(text, frozenset(names), limits)


def parse_unary_tests(text: str, names: Iterable[str] = (), limits: Limits = LIMITS) -> Expression:
    """Read a cell of a decision table; it tests the value of `?`. Raises FeelError."""
    return _tests(text, frozenset(names), limits)


def evaluate(
    text: str,
    context: Mapping[str, Any] = _NO_CONTEXT,
    *,
    now: datetime | None = None,
    problems: list[Problem] | None = None,
) -> Value:
    """The value of a text. Raises FeelError if it is not FEEL."""
    expression = parse(text, odd(context))
    return expression.evaluate(context, now=now, problems=problems)


def unary_test(
    text: str,
    value: object,
    context: Mapping[str, Any] = _NO_CONTEXT,
    *,
    now: datetime | None = None,
    problems: list[Problem] | None = None,
) -> bool | None:
    """Does a value pass the tests of a cell? None if that is unknown. Raises FeelError."""
    tests = parse_unary_tests(text, odd(context))
    result = tests.evaluate({**context, "?": value}, now=now, problems=problems)
    return result if isinstance(result, bool) else None


@lru_cache(maxsize=4096)
def _expression(text: str, names: frozenset[str], limits: Limits) -> Expression:
    return Expression(text, parse_expression(text, Names(names, _LIBRARY), limits))


@lru_cache(maxsize=4096)
def _tests(text: str, names: frozenset[str], limits: Limits) -> Expression:
    return Expression(text, parse_tests(text, Names(names, _LIBRARY), limits))
