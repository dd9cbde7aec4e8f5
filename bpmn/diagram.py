"""Reads BPMN XML in Camunda 8's vocabulary into small records. Judges nothing but the XML itself.

Names of fields follow Camunda: a `Node` is a flow node with what its zeebe extensions say, all
texts as written; a text that begins with `=` is FEEL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

from bpmn.bundle import Finding, Refused
from bpmn.limits import LIMITS

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

LARGEST_XML = LIMITS.diagram_bytes

ACTIVITIES = frozenset(
    "userTask serviceTask sendTask receiveTask scriptTask businessRuleTask task manualTask "
    "subProcess".split()
)
GATEWAYS = frozenset("exclusiveGateway inclusiveGateway parallelGateway eventBasedGateway".split())
EVENTS = frozenset(
    "startEvent endEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent".split()
)
# Known to BPMN, unknown to us: they are read so that a finding can name them.
FOREIGN_NODES = frozenset("callActivity transaction adHocSubProcess complexGateway".split())
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS | FOREIGN_NODES


@dataclass(frozen=True)
class Io:
    """One input or output mapping."""

    source: str
    target: str


@dataclass(frozen=True)
class Trigger:
    """What an event waits for or throws.

    kind: date, duration, cycle, message, error, terminate, or the local name of an event
    definition that is not supported. text: the timer's expression. name: of the message, code of
    the error. key: the message's correlation key.
    """

    kind: str
    text: str = ""
    name: str = ""
    key: str = ""


@dataclass(frozen=True)
class Many:
    """Multi-instance: the activity runs once for each element of a list."""

    collection: str
    element: str | None
    output_collection: str | None
    output_element: str | None
    is_sequential: bool
    until: str = ""  # completion condition


@dataclass(frozen=True)
class Lane:
    """A swim lane, its words inherited from the lane around it."""

    id: str
    name: str
    role: str | None
    side: str | None


@dataclass(frozen=True)
class Flow:
    """A sequence flow; condition is None where there is none."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None
    parent: str | None


@dataclass(frozen=True)
class Node:
    """A flow node. parent: id of the sub-process around it, None in the process itself."""

    id: str
    kind: str
    name: str
    parent: str | None
    lane: Lane | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    form_id: str | None = None
    assignee: str = ""
    candidate_groups: str = ""
    candidate_users: str = ""
    due: str = ""
    follow_up: str = ""
    priority: str = ""
    inputs: tuple[Io, ...] = ()
    outputs: tuple[Io, ...] = ()
    operation: str | None = None
    decision: str | None = None
    script: str | None = None
    result: str | None = None
    many: Many | None = None
    triggers: tuple[Trigger, ...] = ()
    attached_to: str | None = None
    is_interrupting: bool = True
    default_flow: str | None = None

    @property
    def name_en(self) -> str:
        return self.properties.get("name_en", "")

    @property
    def trigger(self) -> Trigger | None:
        return self.triggers[0] if self.triggers else None


@dataclass(frozen=True)
class Diagram:
    """One process with all its flow nodes, sub-processes included, by id in document order.

    documentation: what it is for, in a sentence or two; documentation_en: the same in English.
    """

    process_id: str
    name: str
    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]
    name_en: str = ""
    documentation: str = ""
    documentation_en: str = ""

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        return self._by_end("source")

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        return self._by_end("target")

    @cached_property
    def boundaries(self) -> Mapping[str, tuple[Node, ...]]:
        """Activity id -> the boundary events on it."""
        found: dict[str, tuple[Node, ...]] = {}
        for node in self.nodes.values():
            if node.attached_to:
                found[node.attached_to] = (*found.get(node.attached_to, ()), node)
        return found

    def inside(self, parent: str | None) -> Iterator[Node]:
        """The nodes directly in the process (None) or in a sub-process."""
        return (node for node in self.nodes.values() if node.parent == parent)

    def _by_end(self, end: str) -> Mapping[str, tuple[Flow, ...]]:
        found: dict[str, tuple[Flow, ...]] = {}
        for flow in self.flows:
            node = getattr(flow, end)
            found[node] = (*found.get(node, ()), flow)
        return found


def formula(text: str) -> str:
    """The FEEL in a text of a diagram: what follows its equals sign."""
    return text.removeprefix("=")


def read_xml(text: str) -> etree._Element:
    """The root of a document without comments, entities, network and excess. Raises Refused."""
    data = text.encode("utf-8", "replace")
    if len(data) > LARGEST_XML:
        raise _refused(
            "xml-too-large",
            f"文件过大：{len(data)} 字节，上限 {LARGEST_XML} 字节",
            f"the file is too large: {len(data)} bytes, at most {LARGEST_XML} are allowed",
        )
    # A document type is the only door for entities, so none is let in.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _refused(
            "xml-doctype",
            "文件含有 DOCTYPE 或实体声明，不允许",
            "the file declares a document type or entities, which is not allowed",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(
            "xml-syntax",
            f"不是有效的 XML：{error.msg}",
            f"this is not well-formed XML: {error.msg}",
        ) from error


def read(root: etree._Element) -> Diagram:
    """The first process below the root of a document. Raises Refused if there is none."""
    process = root.find(f".//{BPMN}process")
    if root.tag != f"{BPMN}definitions" or process is None:
        raise _refused("no-process", "文件中没有 BPMN 流程", "there is no BPMN process in the file")
    return _Reader(root, process).diagram()


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _refused(rule: str, zh: str, en: str) -> Refused:
    return Refused((Finding("", "", rule, zh, en),))


class _Reader:
    def __init__(self, root: etree._Element, process: etree._Element) -> None:
        self._process = process
        self._lanes = dict(_lanes(process))
        self._messages = {one.get("id", ""): one for one in root.iter(f"{BPMN}message")}
        self._errors = {one.get("id", ""): one for one in root.iter(f"{BPMN}error")}

    def diagram(self) -> Diagram:
        nodes: dict[str, Node] = {}
        for element in self._process.iter():
            if local(element) in FLOW_NODES and element.tag == f"{BPMN}{local(element)}":
                node = self._node(element, nodes)
                nodes.setdefault(node.id, node)
        flows = tuple(_flow(element) for element in self._process.iter(f"{BPMN}sequenceFlow"))
        own, words = self._process, _properties(self._process)
        return Diagram(
            own.get("id", ""),
            own.get("name", ""),
            nodes,
            flows,
            words.get("name_en", ""),
            (own.findtext(f"{BPMN}documentation") or "").strip(),
            words.get("documentation_en", ""),
        )

    def _node(self, element: etree._Element, known: Mapping[str, Node]) -> Node:
        parent = _parent(element)
        node_id = element.get("id", "")
        around = known[parent].lane if parent in known and parent else None
        return Node(
            id=node_id,
            kind=local(element),
            name=element.get("name", ""),
            parent=parent,
            lane=self._lanes.get(node_id, around),
            properties=_properties(element),
            triggers=tuple(self._triggers(element)),
            attached_to=element.get("attachedToRef"),
            is_interrupting=element.get("cancelActivity", "true") != "false",
            default_flow=element.get("default"),
            many=_many(element),
            **_zeebe(element),
        )

    def _triggers(self, element: etree._Element) -> Iterator[Trigger]:
        if element.get("messageRef") and local(element) == "receiveTask":
            yield self._message(element.get("messageRef", ""))
        for child in element:
            kind = local(child).removesuffix("EventDefinition")
            if kind == local(child):
                continue
            if kind == "message":
                yield self._message(child.get("messageRef", ""))
            elif kind == "error":
                error = self._errors.get(child.get("errorRef", ""))
                yield Trigger(kind, name="" if error is None else error.get("errorCode", ""))
            elif kind == "timer":
                yield _timer(child)
            else:
                yield Trigger(kind)

    def _message(self, reference: str) -> Trigger:
        message = self._messages.get(reference)
        if message is None:
            return Trigger("message")
        key = _extension(message, "subscription").get("correlationKey", "")
        return Trigger("message", name=message.get("name", ""), key=key)


def _parent(element: etree._Element) -> str | None:
    above = element.getparent()
    while above is not None and local(above) not in FLOW_NODES:
        above = above.getparent()
    return None if above is None else above.get("id", "")


def _flow(element: etree._Element) -> Flow:
    condition = element.find(f"{BPMN}conditionExpression")
    return Flow(
        element.get("id", ""),
        element.get("name", ""),
        element.get("sourceRef", ""),
        element.get("targetRef", ""),
        None if condition is None else (condition.text or "").strip(),
        _parent(element),
    )


def _timer(element: etree._Element) -> Trigger:
    for child in element:
        kind = local(child)
        if kind in ("timeDate", "timeDuration", "timeCycle"):
            return Trigger(kind.removeprefix("time").lower(), (child.text or "").strip())
    return Trigger("timer")


def _lanes(process: etree._Element) -> Iterator[tuple[str, Lane]]:
    # Document order goes from outer to inner lanes, so the innermost lane of a node wins.
    known: dict[etree._Element, Lane] = {}
    for element in process.iter(f"{BPMN}lane"):
        above = element.getparent()
        outer = known.get(above.getparent()) if above is not None else None  # type: ignore[arg-type]
        words = _properties(element)
        lane = Lane(
            element.get("id", ""),
            element.get("name", ""),
            words.get("role") or (outer.role if outer else None),
            words.get("side") or (outer.side if outer else None),
        )
        known[element] = lane
        for reference in element.findall(f"{BPMN}flowNodeRef"):
            yield (reference.text or "").strip(), lane


def _properties(element: etree._Element) -> Mapping[str, str]:
    holder = _extension(element, "properties")
    return {one.get("name", ""): one.get("value", "") for one in holder.findall(f"{ZEEBE}property")}


def _extension(element: etree._Element, name: str) -> etree._Element:
    found = element.find(f"{BPMN}extensionElements/{ZEEBE}{name}")
    return etree.Element(name) if found is None else found


def _many(element: etree._Element) -> Many | None:
    loop = element.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    words = _extension(loop, "loopCharacteristics")
    return Many(
        collection=words.get("inputCollection", ""),
        element=words.get("inputElement"),
        output_collection=words.get("outputCollection"),
        output_element=words.get("outputElement"),
        is_sequential=loop.get("isSequential") == "true",
        until=(loop.findtext(f"{BPMN}completionCondition") or "").strip(),
    )


def _zeebe(element: etree._Element) -> dict[str, Any]:
    assignment = _extension(element, "assignmentDefinition")
    schedule = _extension(element, "taskSchedule")
    mapping = _extension(element, "ioMapping")
    decision = _extension(element, "calledDecision")
    script = _extension(element, "script")
    return {
        "form_id": _extension(element, "formDefinition").get("formId"),
        "assignee": assignment.get("assignee", ""),
        "candidate_groups": assignment.get("candidateGroups", ""),
        "candidate_users": assignment.get("candidateUsers", ""),
        "due": schedule.get("dueDate", ""),
        "follow_up": schedule.get("followUpDate", ""),
        "priority": _extension(element, "priorityDefinition").get("priority", ""),
        "inputs": _io(mapping, "input"),
        "outputs": _io(mapping, "output"),
        "operation": _extension(element, "taskDefinition").get("type"),
        "decision": decision.get("decisionId"),
        "script": script.get("expression"),
        "result": decision.get("resultVariable") or script.get("resultVariable"),
    }


def _io(mapping: etree._Element, direction: str) -> tuple[Io, ...]:
    return tuple(
        Io(one.get("source", ""), one.get("target", ""))
        for one in mapping.findall(f"{ZEEBE}{direction}")
    )
