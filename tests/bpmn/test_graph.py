"""The graph of ways against brute force: blocks whose meaning is plain, and every path by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn import diagram
from bpmn.diagram import Diagram, Node
from bpmn.lint.graph import Graph, Place, waits
from tests.bpmn.diagrams import (
    boundary,
    document,
    end,
    flows,
    many,
    message,
    messages,
    node,
    service,
    start,
    user,
)


def meets(one: Node) -> bool:
    return one.id.startswith("met")


# --- diagrams of blocks -------------------------------------------------------------------------


@dataclass
class Block:
    """What has one way in and one way out: met, task, seq, xor, and, loop, sub, each, left."""

    kind: str
    parts: list[Block] = field(default_factory=list)

    def can_avoid(self) -> bool:
        """Whether the block can be gone through with nothing met."""
        parts = [part.can_avoid() for part in self.parts]
        if self.kind == "xor":
            return any(parts)
        if self.kind in ("each", "left"):  # for none of a list; left by what interrupts
            return True
        return self.kind != "met" and all(parts)


def _parents(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    one, several = st.lists(inner, min_size=1, max_size=1), st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        st.builds(Block, st.sampled_from(["seq", "xor", "and"]), several),
        st.builds(Block, st.sampled_from(["loop", "sub", "each", "left", "beside"]), one),
    )


BLOCKS = st.recursive(
    st.sampled_from(["met", "task", "task", "service"]).map(Block), _parents, max_leaves=8
)


class Drawing:
    """A block as BPMN."""

    def __init__(self, block: Block) -> None:
        self._numbers = count(1)
        self.parts, self.chains = [start(), end()], list[str]()
        first, last = self._draw(block)
        self.chains += [f"start > {first}", f"{last} > end"]

    def read(self) -> Diagram:
        xml = document(*self.parts, flows(*self.chains), outside=messages("m"))
        return diagram.read(diagram.read_xml(xml))

    def _draw(self, block: Block) -> tuple[str, str]:
        """The ids of the block's first and last node."""
        name = f"{block.kind}{next(self._numbers)}"
        if block.kind in ("met", "task"):
            self.parts.append(user(name))
            return name, name
        if block.kind == "service":
            self.parts.append(service(name))
            return name, name
        if block.kind == "seq":
            ends = [self._draw(part) for part in block.parts]
            self.chains += [f"{one[1]} > {other[0]}" for one, other in pairwise(ends)]
            return ends[0][0], ends[-1][1]
        if block.kind in ("xor", "and", "loop"):
            return self._gateways(block, name)
        return self._sub_process(block, name)

    def _gateways(self, block: Block, name: str) -> tuple[str, str]:
        kind = "parallelGateway" if block.kind == "and" else "exclusiveGateway"
        first, last = f"{name}_in", f"{name}_out"
        self.parts += [node(kind, first), node(kind, last)]
        for part in block.parts:
            one, other = self._draw(part)
            self.chains.append(f"{first} > {one}")
            self.chains.append(f"{other} > {last}")
        if block.kind == "loop":
            self.chains.append(f"{last} > {first}")
        return first, last

    def _sub_process(self, block: Block, name: str) -> tuple[str, str]:
        outside, chains = self.parts, self.chains
        self.parts, self.chains = [start(f"{name}_start"), end(f"{name}_end")], []
        first, last = self._draw(block.parts[0])
        self.chains += [f"{name}_start > {first}", f"{last} > {name}_end"]
        inside = [*self.parts, flows(*self.chains)]
        self.parts, self.chains = outside, chains
        if block.kind == "each":
            inside.insert(0, many("=list"))
        self.parts.append(node("subProcess", name, *inside))
        if block.kind == "left":
            out = f"{name}_out"
            self.parts += [boundary(f"{name}_event", name, message("m")), service(out)]
            self.chains += [f"{name} > {out}", f"{name}_event > {out}"]
            return name, out
        if block.kind == "beside":
            self.parts += [
                boundary(f"{name}_event", name, message("m"), interrupts=False),
                end(f"{name}_beside"),
            ]
            self.chains.append(f"{name}_event > {name}_beside")
        return name, name


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
def test_the_end_is_reached_without_what_can_be_avoided(block: Block) -> None:
    graph = Graph(Drawing(block).read())
    reached = graph.reached_without(graph.starts(), meets)

    assert (Place("end", False) in reached) == block.can_avoid()


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
def test_the_case_ends_without_what_can_be_avoided(block: Block) -> None:
    graph = Graph(Drawing(block).read())
    ended = graph.ends_without([Place("end", True)], meets)

    assert (Place("start", True) in ended) == block.can_avoid()


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
def test_everything_in_blocks_is_reached_and_leads_to_the_end(block: Block) -> None:
    graph = Graph(Drawing(block).read())
    beside = {place for place in graph.moves if place.node.endswith(("_event", "_beside"))}

    assert graph.reached(graph.starts()) == graph.moves.keys()
    assert graph.leading_to([Place("end", True)]) >= graph.moves.keys() - beside


@settings(max_examples=100, deadline=None)
@given(BLOCKS, BLOCKS)
def test_what_one_branch_asks_first_does_not_hold_for_the_other(one: Block, other: Block) -> None:
    """The session beside the consent is not behind it; behind the join it is."""
    fork = Block("and", [Block("seq", [Block("met"), one]), Block("seq", [Block("task"), other])])
    read = Drawing(fork).read()
    graph = Graph(read)
    reached = graph.reached_without(graph.starts(), meets)

    assert any(Place(name, False) in reached for name in read.nodes if name.startswith("task"))
    assert Place("end", False) not in reached


# --- diagrams of any shape ----------------------------------------------------------------------

NAMES = ("a", "b", "met1", "met2", "c", "end")


@st.composite
def tangles(draw: st.DrawFn) -> Diagram:
    """Tasks and services joined at random, choices made at each."""
    kinds = {name: draw(st.sampled_from([user, service])) for name in NAMES[:-1]}
    pairs = st.tuples(st.sampled_from(("start", *NAMES[:-1])), st.sampled_from(NAMES))
    chosen = draw(st.lists(pairs, min_size=1, max_size=14, unique=True))
    drawn = [make(name) for name, make in kinds.items()]
    chains = [f"{source} > {target}" for source, target in chosen]
    return diagram.read(diagram.read_xml(document(start(), end(), *drawn, flows(*chains))))


def paths(read: Diagram, here: str, past: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All ways from a node on which no node comes twice, with each way's beginnings."""
    yield (*past, here)
    for flow in read.outgoing.get(here, ()):
        if flow.target not in (*past, here):
            yield from paths(read, flow.target, (*past, here))


@settings(max_examples=100, deadline=None)
@given(tangles())
def test_reaching_without_agrees_with_all_paths(read: Diagram) -> None:
    graph = Graph(read)
    free = {
        path[-1]
        for path in paths(read, "start")
        if not any(name.startswith("met") for name in path[:-1])
    }

    reached = graph.reached_without(graph.starts(), meets)
    assert {place.node for place in reached if not place.is_done} == free


@settings(max_examples=100, deadline=None)
@given(tangles())
def test_ending_without_agrees_with_all_paths(read: Diagram) -> None:
    ended = Graph(read).ends_without([Place("end", True)], meets)
    for name in read.nodes:
        is_free = any(
            path[-1] == "end" and not any(one.startswith("met") for one in path)
            for path in paths(read, name)
        )
        assert (Place(name, False) in ended) == is_free


@settings(max_examples=100, deadline=None)
@given(tangles())
def test_circles_agree_with_all_paths(read: Diagram) -> None:
    """A node is on a circle if a way of nodes that do not wait leads from it back to it."""
    expected = {
        path[0]
        for name in read.nodes
        for path in paths(read, name)
        if not any(waits(read.nodes[one]) for one in path)
        and any(flow.target == path[0] for flow in read.outgoing.get(path[-1], ()))
    }

    found = Graph(read).circles()
    assert {name for circle in found for name in circle} == expected
    for circle in found:
        assert circle == sorted(circle, key=list(read.nodes).index)


def test_a_long_diagram_is_walked_in_one_pass() -> None:
    """Linear: thirty times the nodes cost about thirty times the moves, and no recursion."""
    names = [f"s{number}" for number in range(6000)]
    drawn = [node("serviceTask", name) for name in names]
    xml = document(start(), end(), *drawn, flows(" > ".join(["start", *names, "s0"]), "s9 > end"))
    graph = Graph(diagram.read(diagram.read_xml(xml)))

    assert len(graph.circles()[0]) == len(names)
    assert len(graph.reached_without(graph.starts(), meets)) == 2 * (len(names) + 2)
