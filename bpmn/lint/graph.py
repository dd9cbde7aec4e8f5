"""The ways through a diagram as one graph, sub-processes and boundary events included.

Each node has two places: the token has come, and the node is done. A boundary event leaves from
the first, a sequence flow from the second, so what is interrupted was never done. All questions
are answered in time linear in the size of the diagram.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from bpmn.diagram import FOREIGN_NODES, Diagram, Node

Test = Callable[[Node], bool]
_WAITING = FOREIGN_NODES | {"userTask", "receiveTask", "intermediateCatchEvent", "boundaryEvent"}


def waits(node: Node) -> bool:
    """Whether a token stays here for a person, a message or a time."""
    return node.kind in _WAITING and not any(one.kind == "error" for one in node.triggers)


class Place(NamedTuple):
    """Where a token can be."""

    node: str
    is_done: bool


class Graph:
    """The places of a diagram and the moves between them. Flows to nowhere are left out."""

    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        self._nodes = diagram.nodes

    def starts(self) -> list[Place]:
        """Where a case begins."""
        return [Place(one.id, False) for one in self._of_level(None, "startEvent")]

    def ends(self) -> list[Node]:
        """The events that can end a case."""
        return self._of_level(None, "endEvent")

    def reached(self, sources: Iterable[Place]) -> set[Place]:
        """The places a token can come to."""
        return _spread(sources, self.moves.__getitem__)

    def reached_without(self, sources: Iterable[Place], met: Test) -> set[Place]:
        """The places a token can come to before any node that meets the test was done.

        A parallel join waits for all its tokens, so one of them is enough to have met it. An
        activity for each of a list may be done for none.
        """
        sources = list(sources)
        known = self.reached(sources)
        waits_for = {
            place: sum(one in known for one in self.moves_back[place])
            for place in known
            if not place.is_done and self._nodes[place.node].kind == "parallelGateway"
        }
        return _spread(
            sources, lambda place: [] if self._meets(place, met) else self.moves[place], waits_for
        )

    def ends_without(self, ends: Iterable[Place], met: Test) -> set[Place]:
        """The places from which a token can come to an end, no node that meets the test done.

        What a parallel split starts is all done, so one of its branches is enough to meet it. A
        boundary event that does not interrupt starts something beside: the case does not end there.
        """

        def back(place: Place) -> Iterator[Place]:
            for one in self.moves_back[place]:
                if not self._meets(one, met) and not self._starts_beside(place):
                    yield one

        waits_for = {
            place: len(self.moves[place])
            for place in self.moves
            if place.is_done and self._nodes[place.node].kind == "parallelGateway"
        }
        return _spread(ends, back, waits_for)

    def leading_to(self, targets: Iterable[Place]) -> set[Place]:
        """The places from which a token can come to some."""
        return _spread(targets, self.moves_back.__getitem__)

    def reached_among(self, sources: Iterable[Place], among: set[Place]) -> set[Place]:
        """The places a token can come to without leaving some."""
        inside = (place for place in sources if place in among)
        return _spread(inside, lambda place: (one for one in self.moves[place] if one in among))

    def circles(self) -> list[list[str]]:
        """The nodes of each way round on which no node waits, in the order of the document."""
        moves = {
            place: [
                one
                for one in onward
                if one != Place(place.node, True) or not self._is_passed_slowly(place.node)
            ]
            for place, onward in self.moves.items()
        }
        order = {name: number for number, name in enumerate(self._nodes)}
        return [
            sorted({place.node for place in group}, key=order.__getitem__)
            for group in _components(moves)
            if len(group) > 1
        ]

    @cached_property
    def moves(self) -> Mapping[Place, list[Place]]:
        found: dict[Place, list[Place]] = {
            Place(name, is_done): [] for name in self._nodes for is_done in (False, True)
        }
        for source, target in self._moves():
            if source in found and target in found:
                found[source].append(target)
        main = _spread(
            self.starts(),
            lambda place: (one for one in found[place] if not self._starts_beside(one)),
        )
        for node in self._nodes.values():
            # A sub-process is not over when what was started beside it is.
            if node.kind == "endEvent" and node.parent and Place(node.id, False) not in main:
                found[Place(node.id, True)].clear()
        return found

    @cached_property
    def moves_back(self) -> Mapping[Place, list[Place]]:
        found: dict[Place, list[Place]] = {place: [] for place in self.moves}
        for source, onward in self.moves.items():
            for target in onward:
                found[target].append(source)
        return found

    def _moves(self) -> Iterator[tuple[Place, Place]]:
        for node in self._nodes.values():
            come, done = Place(node.id, False), Place(node.id, True)
            inner = self._of_level(node.id, "startEvent") if node.kind == "subProcess" else []
            for start in inner:
                yield come, Place(start.id, False)
            if not inner or node.many:
                yield come, done
            if node.attached_to:
                yield Place(node.attached_to, False), come
            is_error = any(one.kind == "error" for one in node.triggers)
            if node.kind == "endEvent" and node.parent and not is_error:
                yield done, Place(node.parent, True)
        for flow in self._diagram.flows:
            yield Place(flow.source, True), Place(flow.target, False)

    def _of_level(self, parent: str | None, kind: str) -> list[Node]:
        return [one for one in self._levels.get(parent, ()) if one.kind == kind]

    @cached_property
    def _levels(self) -> Mapping[str | None, list[Node]]:
        found: dict[str | None, list[Node]] = {}
        for node in self._nodes.values():
            found.setdefault(node.parent, []).append(node)
        return found

    def _meets(self, place: Place, met: Test) -> bool:
        """Whether leaving this place means that a node was surely done that meets the test."""
        node = self._nodes[place.node]
        return place.is_done and node.many is None and met(node)

    def _starts_beside(self, place: Place) -> bool:
        node = self._nodes[place.node]
        return node.kind == "boundaryEvent" and not place.is_done and not node.is_interrupting

    def _is_passed_slowly(self, name: str) -> bool:
        """Whether a node is done only after a wait, or after what is inside it."""
        node = self._nodes[name]
        return waits(node) or (
            node.kind == "subProcess" and bool(self._of_level(name, "startEvent"))
        )


def _spread(
    sources: Iterable[Place],
    onward: Callable[[Place], Iterable[Place]],
    waits_for: Mapping[Place, int] | None = None,
) -> set[Place]:
    """What is reached from the sources; some places only once as many moves lead there."""
    missing = dict(waits_for or {})
    found = set[Place]()
    waiting = list(sources)
    while waiting:
        here = waiting.pop()
        missing[here] = missing.get(here, 1) - 1
        if here in found or missing[here] > 0:
            continue
        found.add(here)
        waiting.extend(onward(here))
    return found


def _components(moves: Mapping[Place, list[Place]]) -> Iterator[list[Place]]:
    """The strongly connected components (Tarjan's algorithm, without recursion)."""
    number: dict[Place, int] = {}
    lowest: dict[Place, int] = {}
    stack: list[Place] = []
    on_stack = set[Place]()
    for root in moves:
        if root in number:
            continue
        path: list[tuple[Place, Iterator[Place]]] = [(root, iter(moves[root]))]
        number[root] = lowest[root] = len(number)
        stack.append(root)
        on_stack.add(root)
        while path:
            here, rest = path[-1]
            onward = next(rest, None)
            if onward is None:
                path.pop()
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[here])
                if lowest[here] == number[here]:
                    group = [stack.pop()]
                    while group[-1] != here:
                        group.append(stack.pop())
                    on_stack.difference_update(group)
                    yield group
            elif onward not in number:
                number[onward] = lowest[onward] = len(number)
                stack.append(onward)
                on_stack.add(onward)
                path.append((onward, iter(moves[onward])))
            elif onward in on_stack:
                lowest[here] = min(lowest[here], number[onward])
