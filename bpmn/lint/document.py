"""Checks on the XML itself: foreign elements, doubled ids, what the engine cannot run."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from bpmn.bundle import Finding
from bpmn.diagram import BPMN, FLOW_NODES, FOREIGN_NODES, ZEEBE, local
from bpmn.limits import LIMITS
from bpmn.lint.case import Case

MOST_NODES = LIMITS.elements
_LONGEST = {"id": 100, "name": 200, "value": 200}  # characters; value: of a zeebe property
# SpiffWorkflow has elements of its own under these names.
TAKEN_IDS = frozenset({"Start", "End", "Root"})

_KNOWN = (FLOW_NODES - FOREIGN_NODES) | frozenset(
    "definitions process collaboration participant messageFlow documentation extensionElements "
    "laneSet childLaneSet lane flowNodeRef sequenceFlow incoming outgoing conditionExpression "
    "textAnnotation text association group category categoryValue message error "
    "multiInstanceLoopCharacteristics completionCondition timerEventDefinition timeDate "
    "timeDuration timeCycle messageEventDefinition errorEventDefinition "
    "terminateEventDefinition".split()
)
_KNOWN_ZEEBE = frozenset(
    "userTask formDefinition assignmentDefinition taskSchedule priorityDefinition ioMapping input "
    "output properties property taskDefinition calledDecision subscription script "
    "loopCharacteristics versionTag".split()
)
# Vendors whose attributes and elements would be passed over in silence.
_VENDORS = (
    "http://camunda.org/schema/1.0/bpmn",
    "http://activiti.org/bpmn",
    "http://flowable.org/bpmn",
    "http://spiffworkflow.org/bpmn/schema/1.0/core",
)

_DATA = (
    "数据对象和数据存储不受支持，请使用流程变量",
    "data objects and data stores are not supported; use process variables",
)
_COMPENSATION = ("补偿不受支持", "compensation is not supported")
_NO_CORRELATION = (
    "消息关联请使用 zeebe:subscription",
    "correlate messages by zeebe:subscription",
)
_NO_LOOP = (
    "多实例请使用 zeebe:loopCharacteristics 指定集合",
    "a multi-instance activity names its collection in zeebe:loopCharacteristics",
)
_UNSUPPORTED = {
    "callActivity": (
        "调用活动不受支持：一个版本只含一个流程，请改用子流程",
        "call activities are not supported: a version holds one process; use a sub-process",
    ),
    "transaction": ("事务子流程不受支持", "transactions are not supported"),
    "adHocSubProcess": ("即席子流程不受支持", "ad-hoc sub-processes are not supported"),
    "complexGateway": ("复杂网关不受支持", "complex gateways are not supported"),
    "dataObject": _DATA,
    "dataObjectReference": _DATA,
    "dataStore": _DATA,
    "dataStoreReference": _DATA,
    "dataInputAssociation": _DATA,
    "dataOutputAssociation": _DATA,
    "ioSpecification": _DATA,
    "property": _DATA,
    "standardLoopCharacteristics": (
        "标准循环不受支持，请使用多实例或用网关返回",
        "standard loops are not supported; use multi-instance or lead back by a gateway",
    ),
    "loopCardinality": _NO_LOOP,
    "loopDataInputRef": _NO_LOOP,
    "loopDataOutputRef": _NO_LOOP,
    "inputDataItem": _NO_LOOP,
    "outputDataItem": _NO_LOOP,
    "compensateEventDefinition": _COMPENSATION,
    "cancelEventDefinition": ("取消事件不受支持", "cancel events are not supported"),
    "linkEventDefinition": (
        "链接事件不受支持：令牌会丢失，请直接连线",
        "link events are not supported: the token would be lost; draw the flow",
    ),
    "signalEventDefinition": (
        "信号事件不受支持，请使用消息",
        "signal events are not supported; use messages",
    ),
    "escalationEventDefinition": (
        "升级事件不受支持，请使用非中断定时器或服务任务",
        "escalation events are not supported; use a timer that does not interrupt, or a service",
    ),
    "conditionalEventDefinition": (
        "条件事件不受支持，请使用网关",
        "conditional events are not supported; use a gateway",
    ),
    "script": (
        "不允许脚本代码，请使用 zeebe:script 中的 FEEL 表达式",
        "script code is not allowed; use a FEEL expression in zeebe:script",
    ),
    "correlationKey": _NO_CORRELATION,
    "correlationProperty": _NO_CORRELATION,
    "correlationSubscription": _NO_CORRELATION,
}


def check(case: Case) -> Iterator[Finding]:
    yield from _size(case)
    yield from _ids(case.root)
    for element in case.root.iter():
        name = local(element)
        if element.tag == f"{BPMN}{name}" and name:
            yield from _element(element, name)
        elif element.tag == f"{ZEEBE}{name}" and name not in _KNOWN_ZEEBE:
            yield _about(
                element,
                "zeebe-unknown",
                f"不支持 zeebe:{name}",
                f"zeebe:{name} is not supported",
            )
        yield from _vendors(element)
        yield from _lengths(element)


def _size(case: Case) -> Iterator[Finding]:
    processes = case.root.findall(f".//{BPMN}process")
    for extra in processes[1:]:
        yield _about(
            extra,
            "several-processes",
            "一个文件只能含一个流程",
            "a file may hold one process only",
        )
    if len(case.diagram.nodes) > MOST_NODES:
        yield _about(
            processes[0],
            "too-many-elements",
            f"流程含 {len(case.diagram.nodes)} 个节点，上限 {MOST_NODES}",
            f"the process has {len(case.diagram.nodes)} elements, at most {MOST_NODES} can be run",
        )


def _ids(root: etree._Element) -> Iterator[Finding]:
    seen: set[str] = set()
    for element in root.iter(f"{BPMN}*"):
        own = element.get("id")
        if not own:
            if local(element) in FLOW_NODES | {"sequenceFlow", "process"}:
                yield _about(element, "no-id", "元素没有标识", "the element has no id")
        elif own in seen:
            yield _about(
                element, "duplicate-id", f"标识“{own}”重复", f"the id {own!r} is used twice"
            )
        elif own in TAKEN_IDS or own.endswith((".EndJoin", ".BoundaryEventSplit")):
            yield _about(
                element,
                "taken-id",
                f"标识“{own}”由引擎占用，请改名",
                f"the id {own!r} is the engine's own; choose another",
            )
        else:
            seen.add(own)


def _element(element: etree._Element, name: str) -> Iterator[Finding]:
    above = element.getparent()
    if name in _UNSUPPORTED:
        yield _about(element, f"unsupported-{name}", *_UNSUPPORTED[name])
    elif name not in _KNOWN and (above is None or local(above) not in _UNSUPPORTED):
        yield _about(
            element, "unknown-element", f"不支持元素 {name}", f"element {name} is not supported"
        )
    if element.get("triggeredByEvent") == "true":
        yield _about(
            element,
            "event-sub-process",
            "事件子流程不受支持，请使用边界事件",
            "event sub-processes are not supported; use boundary events",
        )
    if element.get("isForCompensation") == "true":
        yield _about(element, "compensation", *_COMPENSATION)
    language = element.get("expressionLanguage", element.get("language", "feel")).lower()
    if not language.endswith("feel") and name != "definitions":
        yield _about(
            element,
            "foreign-language",
            f"表达式语言只能是 FEEL，而不是 {language}",
            f"the only expression language is FEEL, not {language}",
        )


def _vendors(element: etree._Element) -> Iterator[Finding]:
    names = [element.tag, *element.attrib] if isinstance(element.tag, str) else []
    for name in names:
        space, _, short = str(name).removeprefix("{").rpartition("}")
        if space in _VENDORS:
            yield _about(
                element,
                "foreign-vendor",
                f"不识别其他厂商的扩展 {short}",
                f"another vendor's extension, {short}, is not understood",
            )


def _lengths(element: etree._Element) -> Iterator[Finding]:
    """Whoever keeps a step's name keeps it in a column of a certain width."""
    for attribute, most in _LONGEST.items():
        if len(element.get(attribute, "")) > most:
            yield _about(
                element,
                "too-long",
                f"{attribute} 超过 {most} 个字",
                f"its {attribute} is longer than {most} characters",
            )


def _about(element: etree._Element, rule: str, zh: str, en: str) -> Finding:
    """A finding about the element, or about the nearest around it that has an id."""
    holder: etree._Element | None = element
    while holder is not None and not (holder.get("id") and local(holder) in _POINTABLE):
        holder = holder.getparent()
    if holder is None:
        return Finding("", "", rule, zh, en)
    return Finding(holder.get("id", ""), holder.get("name", ""), rule, zh, en)


_POINTABLE = FLOW_NODES | frozenset(
    "process sequenceFlow lane message error dataObject dataObjectReference dataStoreReference "
    "dataStore correlationProperty".split()
)
