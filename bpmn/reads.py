"""Which variables would be read before anything has given them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from bpmn import dmn, feel
from bpmn.diagram import Diagram, Node, formula
from bpmn.parser import Definition

Operations = Mapping[str, frozenset[str]]  # the outputs of each


@dataclass(frozen=True)
class Reading:
    """An element that reads a variable when a token comes to it or, a gateway, leaves it."""

    element_id: str
    variable: str


class Readings:
    """Who reads and who gives what in a definition.

    operations: what the product's services yield, which no diagram says.
    """

    def __init__(self, definition: Definition, operations: Operations) -> None:
        self._definition, self._operations = definition, operations

    @property
    def _diagram(self) -> Diagram:
        return self._definition.diagram

    @cached_property
    def by_element(self) -> Mapping[str, frozenset[str]]:
        """Element -> the variables it reads that are not its own."""
        found = {}
        for node in self._diagram.nodes.values():
            names = {name for text in self._texts(node) for name in _names(text)}
            names |= self._decided_by(node)
            found[node.id] = frozenset(names - self._own(node))
        return found

    def gives(self, node: Node) -> frozenset[str]:
        """What an element writes as a token leaves it."""
        if node.outputs:
            names = {one.target for one in node.outputs}
        elif node.form_id:
            names = set(self._definition.choices.get(node.form_id, ()))
        elif node.operation:
            names = set(self._operations.get(node.operation, ()))
        else:
            names = {node.result} if node.result else set()
        if node.many:
            names = {node.many.output_collection or ""}
        return frozenset(names - {""})

    def before_given(self, places: Iterable[str], known: Iterable[str]) -> frozenset[Reading]:
        """What tokens at these elements may come to read although neither a known variable nor
        an element on their way there gives it."""
        standing = list(places)
        wanted = frozenset[str]().union(*self.by_element.values()) - frozenset(known)
        return frozenset(reading for name in wanted for reading in self._unfed(standing, name))

    def after(self, place: str, names: frozenset[str]) -> frozenset[Reading]:
        """Who reads these names behind an element, before others write them anew."""
        return frozenset(
            one for name in names for one in self._unfed([place], name, leaves_as_is=True)
        )

    def _unfed(self, places: list[str], name: str, leaves_as_is: bool = False) -> Iterator[Reading]:
        nodes = self._diagram.nodes
        found, waiting = set(places), list(places)
        while waiting:
            here = nodes[waiting.pop()]
            is_given = name in self.gives(here) and not (leaves_as_is and here.id in places)
            new = [one for one in self._onward(here, name, is_given) if one not in found]
            found.update(new)
            waiting.extend(new)
        for one in sorted(found):
            comes_by = one not in places or nodes[one].kind.endswith("Gateway")
            if comes_by and name in self.by_element[one]:
                yield Reading(one, name)

    def _onward(self, node: Node, name: str, is_given: bool) -> Iterator[str]:
        """Where tokens come to from here without the name having been given."""
        diagram = self._diagram
        yield from (one.id for one in diagram.boundaries.get(node.id, ()))
        if node.kind == "subProcess":
            inside = diagram.inside(node.id)
            yield from (one.id for one in inside if one.kind == "startEvent")
        elif not is_given:
            yield from (flow.target for flow in diagram.outgoing.get(node.id, ()))
        if node.parent:
            yield from (one.id for one in diagram.boundaries.get(node.parent, ()))
            around = diagram.nodes[node.parent]
            if node.kind == "endEvent" and name not in self.gives(around):
                yield from (flow.target for flow in diagram.outgoing.get(around.id, ()))

    def _own(self, node: Node) -> frozenset[str]:
        names = {"numberOfInstances", "numberOfCompletedInstances", "loopCounter"}
        around: str | None = node.id
        while around is not None:
            one = self._diagram.nodes[around]
            names |= {io.target for io in one.inputs}
            names |= {one.many.element or ""} if one.many else set()
            around = one.parent
        return frozenset(names)

    def _texts(self, node: Node) -> Iterator[str]:
        """What is evaluated when a token comes, and the conditions when it goes."""
        yield from (node.assignee, node.candidate_groups, node.candidate_users)
        yield from (node.due, node.follow_up, node.priority, node.script or "")
        yield from (one.source for one in node.inputs)
        yield node.many.collection if node.many else ""
        for trigger in node.triggers:
            yield from (trigger.text, trigger.key)
        for flow in self._diagram.outgoing.get(node.id, ()):
            if flow.condition and flow.id != node.default_flow:
                yield "=" + formula(flow.condition)

    def _decided_by(self, node: Node) -> frozenset[str]:
        """What the tables of a decision look at."""
        xml = self._definition.bundle.decisions.get(node.decision or "")
        return dmn.inputs(xml, node.decision or "") if xml else frozenset()


def _names(text: str) -> frozenset[str]:
    return feel.parse(formula(text)).names() if text.startswith("=") else frozenset()
