"""Camunda 8's diagram vocabulary put onto SpiffWorkflow's specifications.

The specifications are put together from what was read, not by SpiffWorkflow's own parser: that
one reads another vocabulary, evaluates Python, walks by recursion and can hang on data objects.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults as stock
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.simple import (
    NoneEventDefinition,
    TerminateEventDefinition,
)

from bpmn import diagram, lint, specs
from bpmn.bundle import Bundle, Finding, Refused, Vocabulary
from bpmn.diagram import Diagram, Flow, Node

KEPT = 64  # definitions a process keeps


@dataclass(frozen=True, eq=False)
class Definition:
    """A bundle that was read and may be run. Immutable, shared by all its executions.

    choices: form id -> the keys that reach the process when a task has no output mappings.
    moments: form id -> the keys of dates and times.
    """

    bundle: Bundle
    diagram: Diagram
    spec: BpmnProcessSpec
    subprocess_specs: Mapping[str, BpmnProcessSpec]
    choices: Mapping[str, frozenset[str]]
    moments: Mapping[str, frozenset[str]]
    warnings: tuple[Finding, ...] = ()

    @property
    def digest(self) -> str:
        return self.bundle.digest()


def parse(bundle: Bundle, vocabulary: Vocabulary) -> Definition:
    """Read a bundle for publication. Raises Refused with all findings."""
    findings = lint.judge(bundle, vocabulary)
    if any(one.severity == "error" for one in findings):
        raise Refused(findings)
    return _build(bundle, findings)


def load(bundle: Bundle) -> Definition:
    """The definition of a bundle published before. Kept per process under the bundle's digest."""
    digest = bundle.digest()
    with _lock:
        if (known := _kept.get(digest)) is not None:
            _kept.move_to_end(digest)
            return known
    definition = _build(bundle)
    with _lock:
        _kept[digest] = definition
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return definition


_kept: OrderedDict[str, Definition] = OrderedDict()
_lock = Lock()


def _build(bundle: Bundle, warnings: tuple[Finding, ...] = ()) -> Definition:
    read = diagram.read(diagram.read_xml(bundle.process))
    holders = [node.id for node in read.nodes.values() if node.kind == "subProcess"]
    return Definition(
        bundle,
        read,
        _Process(read, None).spec,
        {name: _Process(read, name).spec for name in holders},
        {name: lint.choices(form) for name, form in bundle.forms.items()},
        {name: lint.moments(form) for name, form in bundle.forms.items()},
        warnings,
    )


class _Process:
    """One level of the diagram: the process itself or the inside of a sub-process."""

    def __init__(self, read: Diagram, parent: str | None) -> None:
        self._diagram = read
        self.spec = BpmnProcessSpec(name=parent or read.process_id)
        nodes = list(read.inside(parent))
        made = {node.id: self._make(node) for node in nodes}
        # What flows lead to and what they leave from differ where events are attached.
        self._entries = dict(made)
        for node in nodes:
            if node.id in read.boundaries:
                self._entries[node.id] = self._guard(node, made)
        for node in nodes:
            self._connect(node, made[node.id])

    def _make(self, node: Node) -> BpmnTaskSpec:
        task_spec = _task_spec(self.spec, node)
        task_spec.node = node
        return self._repeat(node, task_spec) if node.many else task_spec

    def _repeat(self, node: Node, child: BpmnTaskSpec) -> BpmnTaskSpec:
        """Put a multi-instance activity before the one that is run many times."""
        many = node.many
        assert many is not None  # noqa: S101 - asked by the only caller
        child.name = f"{node.id} [child]"
        self.spec.task_specs[child.name] = self.spec.task_specs.pop(node.id)
        kind = specs.SequentialInstances if many.is_sequential else specs.ParallelInstances
        activity = kind(
            self.spec,
            node.id,
            bpmn_name=node.name,
            task_spec=child.name,
            data_input=specs.Collection(many.collection),
            input_item=specs.Item(many.element),
            data_output=specs.Results("") if many.output_element else None,
            output_item=specs.Result(many.output_element) if many.output_element else None,
        )
        activity.node = node
        child.inputs = [activity]
        # The library connects this at the first run only, and a restored run has had its first.
        child.completed_event.connect(activity.merge_child)
        return activity

    def _guard(self, node: Node, made: Mapping[str, BpmnTaskSpec]) -> BpmnTaskSpec:
        """Put a split before an activity with boundary events, and a join beside what follows."""
        activity = made[node.id]
        split = BoundaryEventSplit(self.spec, f"{node.id}.BoundaryEventSplit")
        join = BoundaryEventJoin(
            self.spec, f"{node.id}.BoundaryEventJoin", split_task=split.name, cancel=True
        )
        split.connect(activity)
        activity.connect(join)
        for boundary in self._diagram.boundaries[node.id]:
            split.connect(made[boundary.id])
            if boundary.is_interrupting:
                made[boundary.id].connect(join)
        return split

    def _connect(self, node: Node, task_spec: BpmnTaskSpec) -> None:
        if node.kind == "startEvent":
            self.spec.start.connect(task_spec)
        if node.kind == "endEvent":
            task_spec.connect(self.spec.end)
        for flow in self._diagram.outgoing.get(node.id, ()):
            target = self._entries[flow.target]
            if node.kind in ("exclusiveGateway", "inclusiveGateway"):
                task_spec.connect_if(_condition(node, flow), target)
            else:
                task_spec.connect(target)
            if node.kind == "exclusiveGateway" and _condition(node, flow) is None:
                task_spec.default_task_spec = target.name


def _condition(node: Node, flow: Flow) -> specs.Condition | None:
    if flow.id == node.default_flow or flow.condition is None:
        return None
    return specs.Condition(flow.condition)


_PLAIN: Mapping[str, type[BpmnTaskSpec]] = {
    "userTask": specs.UserTask,
    "serviceTask": specs.ServiceTask,
    "sendTask": specs.ServiceTask,
    "scriptTask": specs.ScriptTask,
    "businessRuleTask": specs.DecisionTask,
    "task": specs.Step,
    "manualTask": specs.Step,
    "exclusiveGateway": stock.ExclusiveGateway,
    "inclusiveGateway": stock.InclusiveGateway,
    "parallelGateway": specs.ParallelGateway,
}
_WITH_EVENT: Mapping[str, type[BpmnTaskSpec]] = {
    "startEvent": stock.StartEvent,
    "endEvent": stock.EndEvent,
    "intermediateThrowEvent": stock.IntermediateThrowEvent,
    "intermediateCatchEvent": specs.CatchEvent,
    "receiveTask": specs.CatchEvent,
}


def _task_spec(spec: BpmnProcessSpec, node: Node) -> BpmnTaskSpec:
    words: dict[str, Any] = {"bpmn_name": node.name, "lane": node.lane and node.lane.name}
    if node.kind == "subProcess":
        return specs.SubProcess(spec, node.id, subworkflow_spec=node.id, **words)
    if node.kind == "eventBasedGateway":
        return specs.EventGateway(spec, node.id, event_definition=specs.FirstOf(), **words)
    if node.kind == "boundaryEvent":
        words["cancel_activity"] = node.is_interrupting
        return specs.BoundaryEvent(spec, node.id, event_definition=_event(node), **words)
    if node.kind in _WITH_EVENT:
        return _WITH_EVENT[node.kind](spec, node.id, event_definition=_event(node), **words)
    return _PLAIN[node.kind](spec, node.id, **words)


def _event(node: Node) -> Any:
    trigger = node.trigger
    if trigger is None:
        return NoneEventDefinition()
    if trigger.kind == "message":
        return specs.Message(trigger.name, node)
    if trigger.kind == "error":
        return specs.Error(trigger.name, trigger.name or None)
    if trigger.kind == "terminate":
        return TerminateEventDefinition()
    return specs.Timer(node)
