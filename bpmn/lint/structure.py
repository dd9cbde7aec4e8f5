"""Checks on how nodes and flows hang together: what the engine would ignore, lose or wait on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpmn.bundle import Finding
from bpmn.diagram import ACTIVITIES, FOREIGN_NODES, GATEWAYS, Diagram, Flow, Node
from bpmn.lint.case import Case, error, warning
from bpmn.lint.graph import Graph, Place

_CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})


@dataclass(frozen=True)
class _Place:
    id: str
    name: str = ""


def check(case: Case) -> Iterator[Finding]:
    diagram = case.diagram
    holders = [node for node in diagram.nodes.values() if node.kind == "subProcess"]
    yield from _level(diagram, None, _Place(diagram.process_id))
    for holder in holders:
        yield from _level(diagram, holder.id, _Place(holder.id, holder.name))
    for flow in diagram.flows:
        yield from _flow(diagram, flow)
    for node in diagram.nodes.values():
        if node.kind in FOREIGN_NODES:
            continue
        yield from _ways(diagram, node)
        yield from _event(diagram, node)
    graph = Graph(diagram)
    yield from _circles(diagram, graph)
    yield from _traps(diagram, graph)


def _circles(diagram: Diagram, graph: Graph) -> Iterator[Finding]:
    for circle in graph.circles():
        names = [diagram.nodes[one].name or one for one in circle]
        yield warning(
            diagram.nodes[circle[0]],
            "loop-without-wait",
            f"循环中没有任务或等待，会一直空转：{'、'.join(names)}",
            "nothing in this loop waits for a person or a time, so it would turn for ever: "
            + ", ".join(names),
        )


def _traps(diagram: Diagram, graph: Graph) -> Iterator[Finding]:
    """Ways in, without a way out to an end. What has no flow at all leading on is told as such."""
    ends = [
        Place(node.id, True)
        for node in diagram.nodes.values()
        if node.kind == "endEvent" or not diagram.outgoing.get(node.id)
    ]
    trapped = graph.reached(graph.starts()) - graph.leading_to(ends) if ends else set[Place]()
    for node in diagram.nodes.values():
        place = Place(node.id, False)
        before = graph.moves_back[place]
        if (
            place in trapped
            and not (before and trapped.issuperset(before))
            and not _is_interruptible(diagram, node)
        ):
            yield error(
                node,
                "no-way-out",
                "从这里再也到不了结束事件",
                "from here on no way leads to an end event",
            )


def _is_interruptible(diagram: Diagram, node: Node) -> bool:
    """Whether a boundary event can take the case out of a sub-process around the node."""
    around = diagram.nodes.get(node.parent or "")
    while around is not None:
        if any(one.is_interrupting for one in diagram.boundaries.get(around.id, ())):
            return True
        around = diagram.nodes.get(around.parent or "")
    return False


def _level(diagram: Diagram, parent: str | None, place: _Place) -> Iterator[Finding]:
    nodes = list(diagram.inside(parent))
    starts = [node for node in nodes if node.kind == "startEvent"]
    if len(starts) != 1:
        yield error(
            place,
            "one-start",
            f"必须恰有一个开始事件，现有 {len(starts)} 个",
            f"there must be exactly one start event, there are {len(starts)}",
        )
    if not any(node.kind == "endEvent" for node in nodes):
        yield error(place, "no-end", "没有结束事件", "there is no end event")
    reached = _reached(diagram, starts)
    for node in nodes:
        if node.id not in reached and starts:
            yield error(
                node, "unreachable", "从开始事件到不了这里", "no way leads here from the start"
            )


def _reached(diagram: Diagram, starts: list[Node]) -> set[str]:
    found = {node.id for node in starts}
    waiting = list(found)
    while waiting:
        here = waiting.pop()
        onward = [flow.target for flow in diagram.outgoing.get(here, ())]
        onward += [event.id for event in diagram.boundaries.get(here, ())]
        waiting += [one for one in onward if one not in found]
        found.update(onward)
    return found


def _flow(diagram: Diagram, flow: Flow) -> Iterator[Finding]:
    source, target = diagram.nodes.get(flow.source), diagram.nodes.get(flow.target)
    if source is None or target is None:
        yield error(
            flow,
            "loose-flow",
            "连线的起点或终点不存在",
            "the flow leads from or to an element that does not exist",
        )
        return
    if not source.parent == target.parent == flow.parent:
        yield error(
            flow,
            "flow-across",
            "连线不能跨越子流程边界",
            "a flow may not cross the border of a sub-process",
        )
    if target.kind in ("startEvent", "boundaryEvent") or source.kind == "endEvent":
        yield error(
            flow,
            "flow-direction",
            "连线不能进入开始事件或边界事件，也不能离开结束事件",
            "a flow may not enter a start or boundary event, nor leave an end event",
        )
    if flow.condition is not None and source.kind not in _CHOOSING:
        yield error(
            flow,
            "condition-ignored",
            f"条件只对排他网关和包容网关之后的连线有效，“{source.name or source.id}”不是",
            f"conditions count behind exclusive and inclusive gateways only, not behind "
            f"{source.name or source.id!r}",
        )


def _ways(diagram: Diagram, node: Node) -> Iterator[Finding]:
    outgoing = diagram.outgoing.get(node.id, ())
    if node.kind == "endEvent":
        return
    if not outgoing:
        yield error(node, "dead-end", "没有向外的连线", "no flow leads on from here")
    elif node.kind in GATEWAYS:
        yield from _gateway(diagram, node, outgoing)
    elif len(outgoing) > 1:
        yield error(
            node,
            "two-flows",
            "不经网关有多条向外的连线，请加网关",
            "several flows leave without a gateway; add one",
        )


def _gateway(diagram: Diagram, node: Node, outgoing: tuple[Flow, ...]) -> Iterator[Finding]:
    if node.default_flow and node.default_flow not in {flow.id for flow in outgoing}:
        yield error(
            node,
            "default-flow",
            "默认流向不是这个网关的连线",
            "the default flow does not leave this gateway",
        )
    if node.kind in _CHOOSING and len(outgoing) > 1:
        for flow in outgoing:
            if not flow.condition and flow.id != node.default_flow:
                yield error(
                    flow,
                    "no-condition",
                    f"网关“{node.name or node.id}”之后的连线没有条件，也不是默认流向",
                    f"the flow behind gateway {node.name or node.id!r} has no condition "
                    "and is not the default",
                )
        if not node.default_flow:
            yield warning(
                node,
                "no-default",
                "没有默认流向：条件都不成立时流程会停住",
                "there is no default flow: if no condition is true the case gets stuck",
            )
    if node.kind == "eventBasedGateway":
        yield from _awaited(diagram, node, outgoing)


def _awaited(diagram: Diagram, node: Node, outgoing: tuple[Flow, ...]) -> Iterator[Finding]:
    for flow in outgoing:
        target = diagram.nodes.get(flow.target)
        if target is None:
            continue
        if target.kind not in ("intermediateCatchEvent", "receiveTask"):
            yield error(
                target,
                "awaits-no-event",
                "事件网关之后只能是消息或定时器捕获事件",
                "behind an event-based gateway only message and timer events may stand",
            )
        elif len(diagram.incoming.get(target.id, ())) > 1:
            yield error(
                target,
                "event-two-ways",
                "事件网关之后的事件只能有一条进入的连线",
                "an event behind an event-based gateway may have one incoming flow only",
            )
        if target.id in diagram.boundaries:
            yield error(
                target,
                "boundary-behind-gateway",
                "事件网关之后的接收任务不能带边界事件",
                "a receive task behind an event-based gateway may have no boundary events",
            )


_TRIGGERS = {
    "startEvent": frozenset[str](),
    "endEvent": frozenset({"terminate", "error"}),
    "intermediateThrowEvent": frozenset[str](),
    "intermediateCatchEvent": frozenset({"message", "date", "duration"}),
    "boundaryEvent": frozenset({"message", "date", "duration", "cycle", "error"}),
    "receiveTask": frozenset({"message"}),
}
_MUST_WAIT = frozenset({"intermediateCatchEvent", "boundaryEvent", "receiveTask"})


def _event(diagram: Diagram, node: Node) -> Iterator[Finding]:
    allowed = _TRIGGERS.get(node.kind)
    if allowed is None:
        return
    if len(node.triggers) > 1:
        yield error(
            node,
            "several-events",
            "一个事件只能有一种定义",
            "an event may have one definition only",
        )
    if not node.triggers and node.kind in _MUST_WAIT:
        yield error(node, "no-event", "没有说明等待什么", "it does not say what it waits for")
    for trigger in node.triggers:
        if trigger.kind not in allowed:
            yield error(
                node,
                "event-kind",
                f"这里不能使用 {trigger.kind} 事件",
                f"an event of kind {trigger.kind} cannot stand here",
            )
        if trigger.kind == "message" and not trigger.name:
            yield error(node, "no-message", "消息没有名称", "the message has no name")
    if node.kind == "boundaryEvent":
        yield from _boundary(diagram, node)
    elif node.kind == "endEvent" and node.parent is None and _is(node, "error"):
        yield error(
            node,
            "error-end",
            "错误结束事件只能在子流程中使用",
            "an error end event may stand in a sub-process only",
        )


def _boundary(diagram: Diagram, node: Node) -> Iterator[Finding]:
    host = diagram.nodes.get(node.attached_to or "")
    if host is None or host.kind not in ACTIVITIES or host.parent != node.parent:
        yield error(
            node,
            "not-attached",
            "边界事件没有附着在任务或子流程上",
            "the boundary event is not attached to a task or sub-process",
        )
    elif _is(node, "error") and host.kind not in ("serviceTask", "sendTask", "subProcess"):
        yield error(
            node,
            "error-host",
            "错误边界事件只能附着在服务任务或子流程上",
            "an error boundary event belongs on a service task or sub-process",
        )
    if _is(node, "error") and not node.is_interrupting:
        yield error(
            node,
            "error-interrupts",
            "错误边界事件必须中断",
            "an error boundary event must interrupt",
        )
    if _is(node, "cycle") and node.is_interrupting:
        yield error(
            node,
            "cycle-interrupts",
            "循环定时器只能用于非中断边界事件",
            "a repeating timer may stand only where it does not interrupt",
        )


def _is(node: Node, kind: str) -> bool:
    return any(trigger.kind == kind for trigger in node.triggers)
