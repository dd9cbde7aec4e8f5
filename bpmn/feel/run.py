"""One evaluation: its limits, its clock, and what went wrong. Knows nothing of the language."""

from collections.abc import Sized
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol

from bpmn.feel.values import Range, Value
from bpmn.limits import LIMITS as OURS


@dataclass(frozen=True)
class Limits:
    """Bounds on one expression and one evaluation of it."""

    length: int = 10_000  # characters of an expression
    depth: int = 120  # levels of its tree
    steps: int = 100_000  # iterations, calls and items looked at in one evaluation
    calls: int = 60  # functions within functions
    text: int = 100_000  # characters of any string
    items: int = 20_000  # of any list or context, and of the whole result
    problems: int = 20  # kept of one evaluation


LIMITS = Limits(length=OURS.expression_length, steps=OURS.expression_steps)


@dataclass(frozen=True)
class Problem:
    """Why an evaluation gave null: in Chinese, in English, and at which words of the text."""

    zh: str
    en: str
    line: int
    column: int
    words: str


class FeelError(ValueError):
    """The text is not FEEL. `line` and `column` count from 1."""

    def __init__(self, zh: str, en: str, line: int = 1, column: int = 1) -> None:
        self.zh, self.en, self.line, self.column = zh, en, line, column
        super().__init__(f"第 {line} 行第 {column} 列：{zh} (line {line}, column {column}: {en})")


class Failure(Exception):
    """An operation has no value for these operands; the result is null."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


class Exceeded(Exception):
    """A limit was reached; the whole evaluation is given up."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


class Place(Protocol):
    """Where in the text: any node of the tree."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class Run:
    """What one evaluation carries along."""

    __slots__ = ("_calls", "_now", "_problems", "_steps", "_text", "limits")

    def __init__(
        self,
        text: str,
        limits: Limits,
        now: datetime | None,
        problems: list[Problem] | None,
    ) -> None:
        self._text, self._now, self._problems = text, now, problems
        self.limits = limits
        self._steps = limits.steps
        self._calls = 0

    def now(self) -> datetime:
        """The same for the whole evaluation."""
        if self._now is None:
            self._now = datetime.now(UTC)
        return self._now

    def fail(self, place: Place, zh: str, en: str) -> Value:
        """Note a problem; its value is null, so callers may `return run.fail(...)`."""
        problems = self._problems
        if problems is None or len(problems) >= self.limits.problems:
            return None
        line, column = position(self._text, place.start)
        words = self._text[place.start : place.end][:200]
        problems.append(Problem(zh, en, line, column, words))
        return None

    def step(self, count: int = 1) -> None:
        self._steps -= count
        if self._steps < 0:
            raise Exceeded("计算步数超出上限", "the evaluation takes too many steps")

    def text(self, value: str) -> str:
        """A new string, if it is not too long."""
        self.room(len(value), self.limits.text)
        self.step(len(value) >> 6)
        return value

    def items(self, value: list[Any]) -> list[Any]:
        """A new list, if it is not too long."""
        self.room(len(value), self.limits.items)
        self.step(len(value) >> 2)
        return value

    def enter(self) -> None:
        """A function is called; `leave` must follow unless the evaluation is given up."""
        self._calls += 1
        if self._calls > self.limits.calls:
            raise Exceeded("函数调用层数过多", "functions call each other too deeply")

    def leave(self) -> None:
        self._calls -= 1

    def room(self, size: int | Decimal, limit: int) -> None:
        if size > limit:
            raise Exceeded("结果过大", "the result is too large")

    def pay(self, arguments: list[Any]) -> None:
        """Charge a call for the size of what it is given."""
        cost = 1
        for value in arguments:
            if isinstance(value, Sized):
                cost += len(value) >> 4
        self.step(cost)

    def whole(self, value: Any) -> Any:
        """A result, if it is not too large as a whole: lists may share parts and so be huge."""
        if type(value) is str:
            return self.text(value)
        if isinstance(value, list | dict | Range):
            self._measure(value)
        return value

    def _measure(self, value: Value) -> None:
        left, layer = self.limits.items, [value]
        for _ in range(self.limits.depth):
            inner: list[Value] = []
            for item in layer:
                parts = _parts(item)
                left -= len(parts)
                if left < 0:
                    raise Exceeded("结果过大", "the result is too large")
                inner += parts
            if not inner:
                return
            layer = inner
        raise Exceeded("结果嵌套过深", "the result is nested too deeply")


def _parts(value: Value) -> list[Value]:
    """What a value holds directly."""
    if type(value) is list:
        return value
    if type(value) is dict:
        return list(value.values())
    return [value.low, value.high] if type(value) is Range else []
