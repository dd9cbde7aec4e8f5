"""What changed between two versions of a process, told element by element.

Pure. Compared is what the files say, not what this engine understands of it: foreign extension
elements count as well. An element is known by its id; what only moved on the page is told apart
from what works differently.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lxml import etree

from bpmn import diagram
from bpmn.bundle import Bundle
from bpmn.diagram import local

Part = Literal["diagram", "form", "decision", "notice"]
How = Literal["added", "removed", "changed", "moved"]

# Parts of the element around them: tools give them new ids at will, and nobody draws them.
_INNER = frozenset(
    "conditionExpression completionCondition documentation extensionElements script "
    "ioSpecification multiInstanceLoopCharacteristics standardLoopCharacteristics variable "
    "inputExpression inputEntry outputEntry inputValues outputValues defaultOutputEntry text "
    "literalExpression decisionTable informationRequirement knowledgeRequirement "
    "authorityRequirement laneSet formalExpression correlationKey".split()
)
# Said once more by the flows and, of lanes, by what stands in them.
_DERIVED = frozenset("incoming outgoing flowNodeRef".split())
_DRAWING = frozenset("BPMNDiagram DMNDI".split())
_DEEPEST = 40  # levels; what is deeper is compared as one text
# What tells siblings of one name apart, before their place does.
_NAMES = ("target", "name", "key", "type", "id")


@dataclass(frozen=True)
class Detail:
    """One property before and after; None where there is none.

    path: names of nested elements and at last the attribute, joined by `/`.
    """

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """What became of one element. file: key of the form, decision or notice; empty for the diagram.

    kind: its tag in BPMN or DMN, its type in a form. name: as it is called now, or was.
    """

    part: Part
    file: str
    id: str
    kind: str
    name: str
    how: How
    details: tuple[Detail, ...] = ()


@dataclass
class _Element:
    """What is compared of an element.

    facts: path -> text. place: where it stands on the page. row: those among which its order
    counts, if it does.
    """

    kind: str
    name: str
    facts: dict[str, str] = field(default_factory=dict)
    place: str = ""
    row: str | None = None


_Elements = dict[str, _Element]


def changes(before: Bundle, after: Bundle) -> tuple[Change, ...]:
    """All changes, in the order of the newer files, what was removed last in its file.

    An empty diagram has no elements.

    Raises Refused if a diagram or decision cannot be read.
    """
    return tuple(
        replace(change, part=part, file=name)
        for part, name, old, new in _files(before, after)
        for change in _between(old, new)
    )


def _files(before: Bundle, after: Bundle) -> Iterator[tuple[Part, str, _Elements, _Elements]]:
    yield "diagram", "", _of_xml(before.process), _of_xml(after.process)
    for name in _keys(before.forms, after.forms):
        yield "form", name, _of_form(before.forms.get(name)), _of_form(after.forms.get(name))
    for name in _keys(before.decisions, after.decisions):
        old, new = before.decisions.get(name), after.decisions.get(name)
        yield "decision", name, _of_xml(old), _of_xml(new)
    for name in _keys(before.notices, after.notices):
        old_text, new_text = before.notices.get(name), after.notices.get(name)
        yield "notice", name, _of_notice(name, old_text), _of_notice(name, new_text)


def _keys(before: Mapping[str, object], after: Mapping[str, object]) -> Iterable[str]:
    return dict.fromkeys([*after, *before])


def _between(before: _Elements, after: _Elements) -> Iterator[Change]:
    displaced = _displaced(before, after)
    for key in _keys(before, after):
        old, new = before.get(key), after.get(key)
        shown = new or old
        assert shown is not None  # noqa: S101 - the key is of one of them
        details = _details(old.facts if old else {}, new.facts if new else {})
        how: How
        if old is None:
            how = "added"
        elif new is None:
            how = "removed"
        elif details:
            how = "changed"
        elif old.place != new.place or key in displaced:
            how = "moved"
        else:
            continue
        yield Change("diagram", "", key, shown.kind, shown.name, how, details)


def _displaced(before: _Elements, after: _Elements) -> set[str]:
    """Those that stand in another order than before; the longest runs that kept theirs stay."""
    rows: dict[str, tuple[list[str], list[str]]] = {}
    for side, elements, other in ((0, before, after), (1, after, before)):
        for key, one in elements.items():
            if one.row is not None and key in other and other[key].row == one.row:
                rows.setdefault(one.row, ([], []))[side].append(key)
    return {key for old, new in rows.values() for key in _out_of_order(old, new)}


def _out_of_order(old: list[str], new: list[str]) -> set[str]:
    """All but the longest series that is in the old order too (patience sorting)."""
    places = {key: place for place, key in enumerate(old)}
    ends: list[int] = []  # place of the last of the best series of each length
    last: list[str] = []
    before: dict[str, str | None] = {}
    for key in new:
        length = bisect_left(ends, places[key])
        before[key] = last[length - 1] if length else None
        ends[length : length + 1] = [places[key]]
        last[length : length + 1] = [key]
    kept, key_ = set[str](), last[-1] if last else None
    while key_ is not None:
        kept.add(key_)
        key_ = before[key_]
    return set(new) - kept


def _details(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Detail, ...]:
    return tuple(
        Detail(path, before.get(path), after.get(path))
        for path in _keys(before, after)
        if before.get(path) != after.get(path)
    )


# -- BPMN and DMN ------------------------------------------------------------------------------


def _of_xml(text: str | None) -> _Elements:
    if not text:
        return {}
    root = diagram.read_xml(text)
    found: _Elements = {}
    for _fact in _facts_inside(root, "", found, root, 0):
        pass  # the file itself is nobody's element
    for lane in root.iter(f"{diagram.BPMN}lane"):
        for reference in lane.iterchildren(f"{diagram.BPMN}flowNodeRef"):
            if (element := found.get((reference.text or "").strip())) is not None:
                element.facts["lane"] = str(lane.get("name") or lane.get("id"))
    _place(root, found)
    return found


def _gather(node: etree._Element, found: _Elements, parent: etree._Element, depth: int) -> None:
    """Add an element, and those inside of it, each with the facts that are its own."""
    own = _Element(local(node), node.get("name") or node.get("label") or "")
    if own.kind in ("rule", "input", "output"):
        own.row = f"{own.kind} {parent.get('id')}"
    found[node.get("id", "")] = own
    if local(parent) == "subProcess":
        own.facts["parent"] = str(parent.get("name") or parent.get("id"))
    own.facts.update(_attributes(node, ""))
    own.facts.update(_facts_inside(node, "", found, node, depth))


def _facts_inside(
    node: etree._Element, path: str, found: _Elements, owner: etree._Element, depth: int
) -> Iterator[tuple[str, str]]:
    """Facts of nested elements; those that stand for themselves are gathered on the way."""
    seen: dict[str, int] = {}
    for child in node.iterchildren("*"):
        tag = local(child)
        if tag in _DERIVED or tag in _DRAWING:
            continue
        if depth > _DEEPEST:
            yield f"{path}{_prefixed(child)}", etree.tostring(child, method="c14n").decode()
            continue
        if child.get("id") and not (tag in _INNER or tag.endswith("EventDefinition")):
            _gather(child, found, owner, depth + 1)
            continue
        seen[tag] = seen.get(tag, 0) + 1
        inside = f"{path}{_step(node, child, seen[tag])}/"
        yield from _attributes(child, inside)
        is_bare = not len(child) and set(child.attrib) <= {"id"}
        if (text := (child.text or "").strip()) or is_bare:
            yield inside.rstrip("/"), text
        yield from _facts_inside(child, inside, found, owner, depth + 1)


def _step(parent: etree._Element, child: etree._Element, place: int) -> str:
    """One name of a path: the tag, with what tells it from its siblings where there are some."""
    tag = local(child)
    if tag in ("inputEntry", "outputEntry"):
        return _column(parent, tag.removesuffix("Entry"), place)
    if sum(1 for _ in parent.iterchildren(child.tag)) == 1:
        return _prefixed(child)
    given = next((value for name in _NAMES if (value := child.get(name))), str(place))
    return f"{_prefixed(child)}[{given}]"


def _column(rule: etree._Element, kind: str, place: int) -> str:
    """What a decision table's column is called."""
    table = rule.getparent()
    columns = [] if table is None else [one for one in table if local(one) == kind]
    if place > len(columns):
        return f"{kind}[{place}]"
    column = columns[place - 1]
    return str(column.get("label") or column.get("name") or f"{kind}[{place}]")


def _attributes(node: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    for name, value in node.attrib.items():
        if name != "id":
            yield f"{path}@{_named(str(name), node)}", str(value)


def _place(root: etree._Element, found: _Elements) -> None:
    """Where the shapes and edges stand, and in which colours."""
    for shape in root.iter("{*}BPMNShape", "{*}BPMNEdge", "{*}DMNShape", "{*}DMNEdge"):
        key = shape.get("bpmnElement") or shape.get("dmnElementRef") or ""
        element = found.get(key)
        if element is None:
            continue
        points = shape.iter("{*}Bounds", "{*}waypoint")
        element.place = ";".join(str(sorted(one.attrib.items())) for one in points)
        for name, value in shape.attrib.items():
            if "color" in str(name).lower():
                element.facts[f"@{_named(str(name), shape)}"] = str(value)


def _prefixed(node: etree._Element) -> str:
    return f"{node.prefix}:{local(node)}" if node.prefix not in (None, "bpmn") else local(node)


def _named(name: str, node: etree._Element) -> str:
    qualified = etree.QName(name)
    prefixes = [prefix for prefix, uri in node.nsmap.items() if uri == qualified.namespace]
    if not qualified.namespace or not prefixes or prefixes[0] is None:
        return qualified.localname
    return f"{prefixes[0]}:{qualified.localname}"


# -- forms and notices -------------------------------------------------------------------------


def _of_form(form: Mapping[str, Any] | None) -> _Elements:
    if form is None:
        return {}
    found: _Elements = {}
    own = _Element("form", "", dict(_flat({k: v for k, v in form.items() if k != "components"})))
    found[""] = own
    _components(form.get("components"), "", found)
    return found


def _components(listed: Any, parent: str, found: _Elements) -> None:
    for place, component in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(component, dict):
            continue
        key = str(component.get("id") or component.get("key") or f"{parent}[{place}]")
        said = {k: v for k, v in component.items() if k not in ("components", "layout", "id")}
        name = str(component.get("label") or component.get("text") or "")
        element = _Element(str(component.get("type", "")), name, dict(_flat(said)))
        element.place, element.row = f"{parent}:{component.get('layout')}", parent
        found[key] = element
        _components(component.get("components"), key, found)


def _of_notice(name: str, texts: Mapping[str, Any] | None) -> _Elements:
    return {} if texts is None else {name: _Element("notice", name, dict(_flat(texts)))}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The leaves of a JSON value with their paths; entries of a list are known by their value."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _flat(one, f"{path}/{key}" if path else str(key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            named = one.get("value") if isinstance(one, Mapping) else None
            yield from _flat(one, f"{path}[{place if named is None else named}]")
    else:
        yield path, value if isinstance(value, str) else repr(value)
