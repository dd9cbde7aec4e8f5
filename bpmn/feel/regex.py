"""Regular expressions of XPath, run by RE2: in time linear to the text, whatever the pattern.

What RE2 cannot do in linear time (back-references) and what it has not (subtraction of character
classes) is refused, so a call with it gives null and says why.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import re2

from bpmn.feel.run import Failure, Run

_PATTERN = 2_000  # characters
_MEMORY = 4 << 20  # bytes for one compiled pattern and its automaton

# XPath's own escapes. \i and \c are the characters that begin and make XML names.
_ESCAPES: Final = {
    "i": r"[\pL_:]",
    "c": r"[\pL\pN\pM_:.\-]",
    "I": r"[^\pL_:]",
    "C": r"[^\pL\pN\pM_:.\-]",
}
# In XPath \d, \w and \s know all of Unicode; in RE2 only ASCII.
_UNICODE: Final = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"\pL\pM\pN\pS",
    "W": r"\pP\pZ\pC",
}
_GROUP = re.compile(r"\\([\\$])|\$(\d)|([\\$])")


def replace(run: Run, string: str, pattern: str, replacement: str, flags: str) -> str:
    """`$1` to `$9` stand for groups, `$0` for the whole match; `\\$` and `\\\\` for themselves."""
    parts: list[str] = []
    size, last = 0, 0
    fill = (lambda match: replacement) if "q" in flags else _template(replacement)
    for match in _matches(compiled(pattern, flags), string):
        run.step()
        pieces = string[last : match.start()], fill(match)
        size += sum(map(len, pieces))
        run.room(size, run.limits.text)
        parts += pieces
        last = match.end()
    return "".join([*parts, string[last:]])


def split(run: Run, string: str, pattern: str) -> list[str]:
    parts, last = [], 0
    for match in _matches(compiled(pattern, ""), string):
        run.step()
        parts.append(string[last : match.start()])
        last = match.end()
    return [*parts, string[last:]]


def _matches(pattern: Any, string: str) -> Iterator[Any]:
    """Raises Failure where the pattern matches nothing at all, as XPath has it."""
    if pattern.search("") is not None:
        raise Failure("该模式可匹配空文本", "the pattern matches an empty string")
    return iter(pattern.finditer(string))


def _template(replacement: str) -> Any:
    """How a match is written: a function from match to text."""
    pieces: list[str | int] = []
    last = 0
    for found in _GROUP.finditer(replacement):
        escaped, group, stray = found.groups()
        if stray:
            raise Failure("替换文本中的 $ 或 \\ 不完整", "a stray $ or \\ in the replacement")
        pieces += [replacement[last : found.start()], escaped or int(group)]
        last = found.end()
    pieces.append(replacement[last:])

    def fill(match: Any) -> str:
        groups = (match.group(), *match.groups(""))
        return "".join(
            piece if isinstance(piece, str) else groups[piece] if piece < len(groups) else ""
            for piece in pieces
        )

    return fill


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str) -> Any:
    """A compiled pattern. Flags: s, m, i, x, q. Raises Failure."""
    if len(pattern) > _PATTERN:
        raise Failure("正则表达式过长", "the regular expression is too long")
    if unknown := {*flags} - {*"smixq"}:
        raise Failure(f"没有标志 {min(unknown)}", f"there is no flag {min(unknown)}")
    options = re2.Options()
    options.max_mem, options.log_errors = _MEMORY, False
    options.literal = "q" in flags
    options.case_sensitive = "i" not in flags
    text = pattern if options.literal else _flagged(_translated(pattern, "x" in flags), flags)
    try:
        return re2.compile(text, options)
    except re2.error as error:
        raise Failure("正则表达式无效或不受支持", "invalid or unsupported pattern") from error


def _flagged(pattern: str, flags: str) -> str:
    inner = "".join(flag for flag in "sm" if flag in flags)
    return f"(?{inner}){pattern}" if inner else pattern


def _translated(pattern: str, free_spacing: bool) -> str:
    """XPath's dialect in RE2's words."""
    out: list[str] = []
    in_class = False
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            out.append(_escape(next(characters, ""), in_class))
            continue
        if in_class and character == "[":
            raise Failure("不支持字符类相减", "subtraction of classes is not supported")
        in_class = character == "[" or (in_class and character != "]")
        if not (free_spacing and not in_class and character in " \t\r\n"):
            out.append(character)
    text = "".join(out)
    if re.search(r"\(\?(?!:)", text):
        raise Failure("不支持 (?", "groups with (? are not part of XPath")
    return text


def _escape(letter: str, in_class: bool) -> str:
    if letter.isdigit():
        raise Failure("不支持反向引用", "back-references are not supported")
    if letter in _UNICODE:
        return _UNICODE[letter] if in_class or letter in "dD" else f"[{_UNICODE[letter]}]"
    if letter in _ESCAPES:
        if in_class:
            raise Failure(f"字符类中不支持 \\{letter}", f"\\{letter} is not supported in a class")
        return _ESCAPES[letter]
    return f"\\{letter}"
