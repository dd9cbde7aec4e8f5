"""Which tokens make one name: FEEL's names may contain spaces, operators and keywords.

A name that is known (from the caller, from a context's entries, from parameters and variables,
or because a function has it) is read as long as possible, as the standard asks. Beyond that,
words side by side are one name: nothing else could be meant. So `first name` needs no knowledge,
`a-b` is a name only where such a name was seen before.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpmn.feel.lexer import Token, tokens
from bpmn.feel.run import FeelError

KEYWORDS = frozenset(
    [
        *("and", "or", "in", "between", "instance", "if", "then", "else", "for", "return"),
        *("some", "every", "satisfies", "function", "true", "false", "null"),
    ]
)

_DEPTH = 4  # how far into a context names are looked for
_COUNT = 2_000  # of them


class Names:
    """The known names of more than one token, as a trie over the texts of tokens.

    `library`: names that are always known, so that they are read once only.
    """

    def __init__(self, names: Iterable[str] = (), library: "Names | None" = None) -> None:
        self._library = library
        self._root: dict[str, Any] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Names that are one token need no help; names that are no tokens cannot be written."""
        try:
            words = [token.text for token in tokens(name)[:-1]]
        except FeelError:
            return
        if len(words) < 2:
            return
        branch = self._root
        for word in words:
            branch = branch.setdefault(word, {})
        branch[""] = name

    def longest(self, found: list[Token], start: int) -> tuple[int, str]:
        """How many tokens from `start` on make a known name, and that name."""
        branch = self._root
        best = self._library.longest(found, start) if self._library else (0, "")
        for index in range(start, len(found)):
            branch = branch.get(found[index].text, {})
            if not branch or found[index].kind in ("string", "at", "end"):
                break
            if "" in branch and index - start >= best[0]:
                best = (index - start + 1, branch[""])
        return best


def joined(found: list[Token], start: int) -> tuple[int, str]:
    """How many words from `start` on stand side by side, and the name they make."""
    index = start
    while found[index].kind == "name" and found[index].text not in KEYWORDS:
        index += 1
    return index - start, " ".join(token.text for token in found[start:index])


def odd(context: Mapping[str, Any]) -> tuple[str, ...]:
    """The names in a context, also in the contexts within it, that a parser must be told."""
    names: set[str] = set()
    _collect(context, names, _DEPTH)
    return tuple(sorted(names))


def _collect(value: object, names: set[str], depth: int) -> None:
    if depth == 0 or len(names) > _COUNT:
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            if isinstance(name, str) and not name.isidentifier():
                names.add(name)
            if isinstance(item, Mapping | list):
                _collect(item, names, depth - 1)
    elif isinstance(value, list):
        for item in value[:3]:
            _collect(item, names, depth)
