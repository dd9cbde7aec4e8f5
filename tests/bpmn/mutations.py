"""What diagrams, forms and tables turn into when somebody, or something, breaks them."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st
from lxml import etree

NASTY = (
    "",
    " ",
    "=",
    "=1 +",
    "=().__class__",
    "=for x in 1..1000000000 return x",
    "=" + "(" * 300,
    "typename",
    "../../etc",
    "‮",
    "𠮷" * 40,
    "x" * 20_000,
    "-1",
    "1e309",
    "PT0S",
    "P999999999Y",
    "R/PT0S",
    "null",
    "{{{}}}",
)
_ODD: tuple[Any, ...] = (None, True, -1, 1e308, [], {}, [[[]]], {"a": {"b": []}}, *NASTY)


@st.composite
def broken_xml(draw: st.DrawFn, text: str) -> str:
    """BPMN or DMN after one to four changes of its tree, or of its bytes."""
    if draw(st.integers(0, 9)) == 0:
        return _cut(draw, text)
    root = etree.fromstring(text.encode())
    for _ in range(draw(st.integers(1, 4))):
        draw(st.sampled_from(_CHANGES))(draw, root)
    return etree.tostring(root, encoding="unicode")


@st.composite
def broken_json(draw: st.DrawFn, value: dict[str, Any]) -> dict[str, Any]:
    """A form after one to four changes anywhere in it."""
    broken = deepcopy(value)
    for _ in range(draw(st.integers(1, 4))):
        holders = list(_holders(broken))
        holder = draw(st.sampled_from(holders))
        if isinstance(holder, dict):
            key = draw(st.sampled_from([*holder, "x", *_TELLING]))
            holder[key] = deepcopy(draw(st.sampled_from(_ODD)))
        else:
            holder.append(deepcopy(draw(st.sampled_from(_ODD))))
    return broken


_TELLING = ("type", "key", "id", "components", "values", "validate", "conditional", "properties")


def _cut(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(("", "<", "&", "\0", "<!--", "]]>"))) + text[at + 1 :]


def _elements(root: etree._Element) -> list[etree._Element]:
    return [one for one in root.iter("{*}*") if one is not root] or [root]


def _remove(draw: st.DrawFn, root: etree._Element) -> None:
    chosen = draw(st.sampled_from(_elements(root)))
    if (parent := chosen.getparent()) is not None:
        parent.remove(chosen)


def _repeat(draw: st.DrawFn, root: etree._Element) -> None:
    chosen = draw(st.sampled_from(_elements(root)))
    if (parent := chosen.getparent()) is not None:
        parent.append(deepcopy(chosen))


def _move(draw: st.DrawFn, root: etree._Element) -> None:
    chosen, target = (draw(st.sampled_from(_elements(root))) for _ in range(2))
    if chosen not in target.iterancestors() and chosen is not target and chosen is not root:
        target.append(chosen)


def _rename(draw: st.DrawFn, root: etree._Element) -> None:
    chosen, like = (draw(st.sampled_from(_elements(root))) for _ in range(2))
    chosen.tag = like.tag


def _set(draw: st.DrawFn, root: etree._Element) -> None:
    """An attribute becomes nasty, or that of another element."""
    chosen, other = (draw(st.sampled_from(_elements(root))) for _ in range(2))
    names = [*map(str, chosen.attrib), "id", "name", "isExecutable"]
    values = [*map(str, other.attrib.values()), *_printable(NASTY)]
    chosen.set(draw(st.sampled_from(names)), draw(st.sampled_from(values)))


def _say(draw: st.DrawFn, root: etree._Element) -> None:
    chosen = draw(st.sampled_from(_elements(root)))
    chosen.text = draw(st.sampled_from(_printable(NASTY)))


def _printable(texts: tuple[str, ...]) -> list[str]:
    return [text for text in texts if "\0" not in text]


_Change = Callable[[st.DrawFn, etree._Element], None]
_CHANGES: tuple[_Change, ...] = (_remove, _repeat, _move, _rename, _set, _say)


def _holders(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _holders(inner)
    elif isinstance(value, list):
        yield value
        for inner in value:
            yield from _holders(inner)
