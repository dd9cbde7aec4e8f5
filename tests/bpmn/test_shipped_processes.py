"""Every shipped process as a document: sound, whole, in two languages, and drawn to be read."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

import pytest
from lxml import etree

import notifications
from app.consultations.audience import AUDIENCES
from app.processes.vocabulary import built_in
from bpmn import diagram, parser, shipped
from bpmn.bundle import Bundle
from bpmn.diagram import BPMN, GATEWAYS, ZEEBE

DI = {
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def box(bounds: etree._Element | None) -> Box:
    assert bounds is not None
    x, y, width, height = (float(bounds.get(one, "")) for one in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


class Drawing:
    """A shipped process and where its parts stand on the sheet."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.bundle: Bundle = shipped.bundle(name)
        self.root = diagram.read_xml(self.bundle.process)
        self.read = diagram.read(self.root)
        self.nodes = self.read.nodes

    @cached_property
    def shapes(self) -> dict[str, Box]:
        return {
            shape.get("bpmnElement", ""): box(shape.find("dc:Bounds", DI))
            for shape in self.root.iterfind(".//bpmndi:BPMNShape", DI)
        }

    @cached_property
    def labels(self) -> dict[str, Box]:
        return {
            shape.getparent().get("bpmnElement"): box(shape.find("dc:Bounds", DI))  # type: ignore[union-attr, misc]
            for shape in self.root.iterfind(".//bpmndi:BPMNLabel", DI)
        }

    @cached_property
    def lines(self) -> dict[str, list[tuple[float, float]]]:
        return {
            edge.get("bpmnElement", ""): [
                (float(point.get("x", "")), float(point.get("y", "")))
                for point in edge.iterfind("di:waypoint", DI)
            ]
            for edge in self.root.iterfind(".//bpmndi:BPMNEdge", DI)
        }

    def segments(self, flow: str) -> list[Box]:
        """A line's straight pieces, as boxes without thickness."""
        return [
            Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
            for a, b in pairwise(self.lines[flow])
        ]


@pytest.fixture(scope="module", params=shipped.names())
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return Drawing(request.param)


# --- what it names ------------------------------------------------------------------------------


def test_the_product_would_publish_it(drawing: Drawing) -> None:
    assert parser.parse(drawing.bundle, built_in()).warnings == ()
    assert drawing.read.process_id == drawing.name


def test_ids_are_unique_and_references_lead_somewhere(drawing: Drawing) -> None:
    ids = Counter(element.get("id") for element in drawing.root.iter() if element.get("id"))
    referring = ("sourceRef", "targetRef", "attachedToRef", "bpmnElement", "messageRef", "default")
    named = {element.get(name) for element in drawing.root.iter() for name in referring}
    spoken = {
        (element.text or "").strip()
        for kind in ("incoming", "outgoing", "flowNodeRef")
        for element in drawing.root.iter(f"{BPMN}{kind}")
    }

    assert [one for one, count in ids.items() if count > 1] == []
    assert (named - {None}) | spoken <= ids.keys()


def test_incoming_and_outgoing_say_what_the_flows_say(drawing: Drawing) -> None:
    for flow in drawing.read.flows:
        source, target = (
            drawing.root.find(f".//*[@id='{one}']") for one in (flow.source, flow.target)
        )
        assert source is not None
        assert target is not None
        assert flow.id in [one.text for one in source.findall(f"{BPMN}outgoing")]
        assert flow.id in [one.text for one in target.findall(f"{BPMN}incoming")]


def test_every_user_task_says_who_how_and_until_when(drawing: Drawing) -> None:
    for task in drawing.nodes.values():
        if task.kind == "userTask":
            assert task.lane is not None
            assert task.lane.role
            assert task.lane.side
            assert task.form_id in drawing.bundle.forms
            assert task.due
            assert task.name
            assert task.name_en


def test_it_is_described_in_both_languages(drawing: Drawing) -> None:
    assert drawing.read.documentation
    assert drawing.read.documentation_en


def test_its_own_notices_can_be_sent(drawing: Drawing) -> None:
    assert notifications.check(drawing.bundle.notices) == []


def test_notices_are_known_and_reach_known_people(drawing: Drawing) -> None:
    sent = [
        {one.target: one.source.strip('="') for one in node.inputs}
        for node in drawing.nodes.values()
        if node.operation == "notify"
    ]
    assert {one["template"] for one in sent} <= notifications.TEMPLATES.keys()
    assert {one["audience"] for one in sent} <= AUDIENCES
    # S2-33: a refusal is pushed to the applicant and to the coordinator.
    assert {one["audience"] for one in sent if one["template"] == "refused"} == {
        "applicant",
        "coordinator",
    }


def test_everything_with_a_name_has_an_english_one(drawing: Drawing) -> None:
    named = [*drawing.root.iter(f"{BPMN}lane"), *drawing.root.iter(f"{BPMN}sequenceFlow")]
    named += [one for one in drawing.root.iter() if one.get("id") in drawing.nodes]
    english = {
        element.get("id"): element.find(
            f"{BPMN}extensionElements/{ZEEBE}properties/{ZEEBE}property[@name='name_en']"
        )
        for element in named
        if element.get("name")
    }
    assert [one for one, found in english.items() if found is None or not found.get("value")] == []


# --- how it is drawn ----------------------------------------------------------------------------


def test_everything_is_drawn_once(drawing: Drawing) -> None:
    lanes = {one.get("id", "") for one in drawing.root.iter(f"{BPMN}lane")}
    notes = {one.get("id", "") for one in drawing.root.iter(f"{BPMN}textAnnotation")}

    assert drawing.shapes.keys() == drawing.nodes.keys() | lanes | notes | {
        f"participant_{drawing.name}"
    }
    assert drawing.lines.keys() == {flow.id for flow in drawing.read.flows}
    assert drawing.nodes.keys() & drawing.labels.keys() == {
        node.id
        for node in drawing.nodes.values()
        if node.name and (node.kind.endswith("Event") or node.kind in GATEWAYS)
    }


def test_everything_stands_in_its_lane(drawing: Drawing) -> None:
    for node in drawing.nodes.values():
        assert node.lane is not None
        inside = drawing.shapes[node.lane.id]
        assert inside.holds(drawing.shapes[node.id]) or node.attached_to, node.id
        if node.parent:
            assert drawing.shapes[node.parent].holds(drawing.shapes[node.id]), node.id


def test_nothing_overlaps(drawing: Drawing) -> None:
    for (one, first), (other, second) in combinations(drawing.shapes.items(), 2):
        if one not in drawing.nodes or other not in drawing.nodes:
            continue
        related = {drawing.nodes[one].attached_to, drawing.nodes[one].parent} & {other} or (
            {drawing.nodes[other].attached_to, drawing.nodes[other].parent} & {one}
        )
        assert related or not first.meets(second), (one, other)


def test_lines_run_straight_and_past_everything_else(drawing: Drawing) -> None:
    for flow in drawing.read.flows:
        for piece in drawing.segments(flow.id):
            assert piece.left == piece.right or piece.top == piece.bottom, flow.id
            for name, shape in drawing.shapes.items():
                if name in drawing.nodes and name not in (flow.source, flow.target, flow.parent):
                    assert not piece.meets(shape), (flow.id, name)


def test_lines_do_not_lie_on_each_other(drawing: Drawing) -> None:
    pieces = [(name, piece) for name in drawing.lines for piece in drawing.segments(name)]
    for (one, first), (other, second) in combinations(pieces, 2):
        if one != other:
            lie_together = (first.left == first.right == second.left == second.right) or (
                first.top == first.bottom == second.top == second.bottom
            )
            shared = min(first.right, second.right) - max(first.left, second.left)
            shared += min(first.bottom, second.bottom) - max(first.top, second.top)
            assert not (lie_together and shared > 0), (one, other)


def test_labels_can_be_read(drawing: Drawing) -> None:
    for (one, first), (other, second) in combinations(drawing.labels.items(), 2):
        assert not first.meets(second), (one, other)
    for name, label in drawing.labels.items():
        for other, shape in drawing.shapes.items():
            if other in drawing.nodes and drawing.nodes[other].kind != "subProcess":
                assert not label.meets(shape), (name, other)
        for line in drawing.lines:
            assert not any(label.meets(piece) for piece in drawing.segments(line)), (name, line)
