"""From text to tokens. Which tokens make a name is the parser's business."""

import re
from dataclasses import dataclass

from bpmn.feel.run import FeelError, position

# The standard's own list of spaces and of name characters (grammar rules 28 to 30 and 61).
_SPACE = "\\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_NAME_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u167f\u1681-\u180d"
    "\u180f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe"
    "\uff00-\ufffd\U00010000-\U000effff"
)
_NAME_PART = _NAME_START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"

_TOKEN = re.compile(
    rf"""
      (?P<space>  [{_SPACE}]+ | //[^\n]* | /\*.*?\*/ )
    | (?P<number> (?:[0-9]+(?:\.[0-9]+)? | \.[0-9]+) (?:[eE][+-]?[0-9]+)? )
    | (?P<at>     @"(?:[^"\\]|\\.)*" )
    | (?P<string> "(?:[^"\\]|\\.)*" )
    | (?P<name>   \? | [{_NAME_START}][{_NAME_PART}]* )
    | (?P<symbol> \*\* | \.\. | <= | >= | != | -> | [-+*/=<>()\[\]{{}},.:?'] )
    """,
    re.VERBOSE | re.DOTALL,
)

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, at, string, name, symbol or end."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """All tokens of a text, the last one of kind `end`. Raises FeelError."""
    found, offset = [], 0
    while offset < len(text):
        match = _TOKEN.match(text, offset)
        if match is None:
            raise _unreadable(text, offset)
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(Token(kind, match.group(), offset, match.end()))
        offset = match.end()
    return [*found, Token("end", "", len(text), len(text))]


def _unreadable(text: str, offset: int) -> FeelError:
    line, column = position(text, offset)
    if text[offset] in '"@':
        return FeelError("字符串没有结束的引号", "the string has no closing quote", line, column)
    if text[offset] in "“”‘’":
        return FeelError('请使用半角引号 "', 'write the straight quote "', line, column)
    character = text[offset]
    return FeelError(f"无法识别字符 {character}", f"unknown character {character}", line, column)


def unescape(literal: str) -> str:
    """The string that a quoted literal stands for. Raises ValueError for half a character."""
    text = _ESCAPE.sub(_unescaped, literal[1:-1])
    text = _SURROGATES.sub(_joined, text)
    text.encode()  # half of a surrogate pair cannot be stored anywhere
    return text


def _unescaped(match: re.Match[str]) -> str:
    short, long, plain = match.groups()
    if plain is not None:
        return _PLAIN.get(plain, match.group())
    return chr(int(short or long, 16))


def _joined(match: re.Match[str]) -> str:
    return match.group().encode("utf-16", "surrogatepass").decode("utf-16")


def escape(text: str) -> str:
    """A string as a quoted literal."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + quoted.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'
