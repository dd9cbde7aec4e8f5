"""Walking through tokens: what every rule of the grammar needs, and knows nothing of any rule."""

from collections.abc import Callable
from typing import NoReturn, TypeVar

from bpmn.feel.lexer import Token, tokens
from bpmn.feel.names import Names, joined
from bpmn.feel.run import FeelError, Limits, position
from bpmn.feel.tree import Node

N = TypeVar("N", bound=Node)


class Cursor:
    """Where a parser stands in the tokens of a text."""

    def __init__(self, text: str, known: Names, limits: Limits) -> None:
        self.text, self.limits = text, limits
        if len(text) > limits.length:
            raise FeelError("表达式过长", "the expression is too long")
        self.names = known
        self.tokens = tokens(text)
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.token
        self.index += token.kind != "end"
        return token

    def at(self, *texts: str) -> bool:
        return self.token.text in texts and self.token.kind in ("symbol", "name")

    def skip(self, text: str) -> bool:
        """Take the token if it is this one."""
        if found := self.at(text):
            self.index += 1
        return found

    def expect(self, text: str) -> None:
        if not self.skip(text):
            self.refuse(f"此处应为“{text}”", f'expected "{text}" here')

    def refuse(self, zh: str, en: str, at: int | None = None) -> NoReturn:
        """At an offset, or else where the parser stands."""
        raise FeelError(zh, en, *position(self.text, self.token.start if at is None else at))

    def node(self, make: Callable[..., N], start: int, *parts: object) -> N:
        """A node that reaches from `start` to the last token taken."""
        node = make(*parts, start=start, end=self.tokens[self.index - 1].end)
        if node.height > self.limits.depth:
            self.refuse("表达式嵌套过深", "the expression is nested too deeply")
        return node

    def whole(self, rule: Callable[[], N]) -> N:
        if self.token.kind == "end":
            self.refuse("表达式为空", "the expression is empty")
        node = rule()
        if self.token.kind != "end":
            self.refuse(f"多余的内容“{self.token.text}”", f'unexpected "{self.token.text}"')
        return node

    def deeper(self) -> None:
        """A rule begins that may hold itself."""
        self.depth += 1
        if self.depth > self.limits.depth:
            self.refuse("表达式嵌套过深", "the expression is nested too deeply")

    def name_here(self) -> tuple[int, str]:
        """How many tokens from here on make a name, and that name."""
        known = self.names.longest(self.tokens, self.index)
        return max(known, joined(self.tokens, self.index), key=lambda found: found[0])

    def spelt(self, words: list[Token]) -> str:
        """A name as it is written, with single spaces where there are any."""
        return " ".join(self.text[words[0].start : words[-1].end].split())
