"""Regular expressions of forms, run on the server as a browser runs them.

JavaScript's and Python's dialects differ and a careless pattern can run for hours, so a form may
use the part that means the same in both and ends soon: literals, classes, groups, alternatives,
anchors, and repeats that do not nest. Everything else is refused when the form is published.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

# What String.prototype.trim removes and \s matches.
SPACE = (
    "\t\n\v\f\r \u00a0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)

MAX_PATTERN = 300
MAX_LONG_REPEATS = 2  # each multiplies the steps by the length of the answer
_LONG = 30
_REPEATABLE = frozenset({"close", "any", "set", "escape", "literal"})

_TOKEN = re.compile(
    r"""
      (?P<open>\((?:\?:)?(?!\?))
    | (?P<close>\))
    | (?P<repeat>[*+?]\??|\{\d+(?:,\d*)?\}\??)
    | (?P<bar>\|)
    | (?P<anchor>[$^])
    | (?P<any>\.)
    | (?P<set>\[\^?(?:[^\]\[\\]|\\[dwstnr\-\\\]\[^./+*?(){}$|@])+\])
    | (?P<escape>\\(?:[dDwWsbBtnr]|[\\\]\[^.\-/+*?(){}$|@]))
    | (?P<literal>[^\\\[\](){}*+?|^$.])
    """,
    re.VERBOSE,
)


class Unsupported(ValueError):
    """The pattern is outside the common, quick part of the two dialects."""


def matches(pattern: str, text: str) -> bool:
    """Whether `new RegExp(pattern).test(text)`. Raises Unsupported."""
    return compiled(pattern).search(_in_units(text)) is not None


@lru_cache(maxsize=500)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for Python's engine. Raises Unsupported."""
    if len(pattern) > MAX_PATTERN:
        raise Unsupported("too long")
    try:
        return re.compile(_translated(_in_units(pattern)), re.ASCII)
    except (re.error, OverflowError) as fault:
        raise Unsupported(str(fault)) from fault


def _translated(pattern: str) -> str:
    parts: list[str] = []
    groups = [False]  # for each open group: does something in it repeat?
    closed_repeating = False
    long_repeats = 0
    before = ""
    for kind, token in _tokens(pattern):
        if kind == "open":
            groups.append(False)
        if kind == "repeat":
            if before not in _REPEATABLE or (closed_repeating and token[0] != "?"):
                raise Unsupported(f"{token} after {before}")
            long_repeats += _is_long(token)
            groups[-1] = True
        closed_repeating = kind == "close" and groups.pop()
        if not groups:
            raise Unsupported("unbalanced )")
        groups[-1] |= closed_repeating
        parts.append(_in_python(kind, token))
        before = kind
    if long_repeats > MAX_LONG_REPEATS:
        raise Unsupported("too many repeats")
    return "".join(parts)


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise Unsupported(f"at {at}: {pattern[at : at + 10]}")
        yield str(token.lastgroup), token[0]
        at = token.end()


def _is_long(repeat: str) -> bool:
    if repeat[0] in "*+":
        return True
    numbers = [int(number) for number in re.findall(r"\d+", repeat)]
    return repeat[0] == "{" and (",}" in repeat or max(numbers) > _LONG)


def _in_python(kind: str, text: str) -> str:
    if kind == "any":
        return "[^\n\r\u2028\u2029]"
    if kind == "anchor":
        return r"\Z" if text == "$" else "^"
    if kind == "set":
        if any(pair in text for pair in ("--", "&&", "||", "~~")):
            raise Unsupported("what Python may read as set arithmetic one day")
        return text.replace(r"\s", SPACE)
    if kind == "literal":
        return re.escape(text)
    return {r"\s": f"[{SPACE}]", r"\/": "/", r"\@": "@"}.get(text, text)


def _in_units(text: str) -> str:
    """Split what lies beyond U+FFFF into surrogates: without the `u` flag a browser sees two."""
    if text.isascii():
        return text
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(raw[n] | raw[n + 1] << 8) for n in range(0, len(raw), 2))
