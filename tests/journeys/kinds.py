"""A diagram with every kind of element that BPMN tools draw, whether or not our engine runs it."""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:test">
<bpmn:message id="m" name="withdraw"/><bpmn:error id="e" name="失败" errorCode="failed"/>
<bpmn:collaboration id="all"><bpmn:participant id="pool" name="流程池一" processRef="kinds"/>
</bpmn:collaboration><bpmn:process id="kinds" isExecutable="true">
<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="泳道一"/></bpmn:laneSet>"""

TASKS = (
    "task userTask serviceTask sendTask receiveTask manualTask businessRuleTask scriptTask "
    "callActivity transaction subProcess adHocSubProcess"
).split()
GATEWAYS = (
    "exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway complexGateway".split()
)
CAUGHT = "message timer error signal conditional escalation compensate".split()
EVENTS = {
    "startEvent": ["", "message", "timer", "signal", "conditional"],
    "intermediateCatchEvent": ["message", "timer", "signal", "conditional", "link"],
    "intermediateThrowEvent": ["", "message", "signal", "escalation", "compensate", "link"],
    "endEvent": ["", "message", "error", "signal", "escalation", "compensate", "terminate"],
}
_MORE = {"message": 'messageRef="m"', "error": 'errorRef="e"'}
_INSIDE = {
    "timer": '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT4H</bpmn:timeDuration>',
    "conditional": '<bpmn:condition xsi:type="bpmn:tFormalExpression">=x</bpmn:condition>',
}
_LISTS = (
    '<bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=a" target="b"/>'
    '<zeebe:output source="=b" target="c"/></zeebe:ioMapping></bpmn:extensionElements>'
)
_MANY = """<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>
<zeebe:loopCharacteristics inputCollection="=experts" inputElement="expert"
outputCollection="results" outputElement="=result"/></bpmn:extensionElements>
</bpmn:multiInstanceLoopCharacteristics>"""


class _Drawing:
    """Elements and their shapes, placed row by row."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.elements: list[str] = []
        self.shapes: list[str] = []
        self._x, self._y = 120, 60

    def node(self, kind: str, one: str, inside: str = "", size: tuple[int, int] = (36, 36)) -> None:
        self.elements.append(f'<bpmn:{kind} id="{one}" name="名 {one}">{inside}</bpmn:{kind}>')
        if self._x > 1500:
            self._x, self._y = 120, self._y + 140
        self.shape(one, self._x, self._y, *size)
        self._x += size[0] + 60

    def shape(self, one: str, x: int, y: int, width: int, height: int, more: str = "") -> None:
        self.ids.append(one)
        self.shapes.append(
            f'<bpmndi:BPMNShape id="{one}_di" bpmnElement="{one}"{more}>'
            f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/></bpmndi:BPMNShape>'
        )

    def boundary(self, one: str, x: int, y: int, kind: str, interrupts: bool) -> None:
        stays = "" if interrupts else ' cancelActivity="false"'
        self.elements.append(
            f'<bpmn:boundaryEvent id="{one}" name="名 {one}" attachedToRef="host"{stays}>'
            f"{_definition(kind)}</bpmn:boundaryEvent>"
        )
        self.shape(one, x, y, 36, 36)

    def flow(self, one: str, source: str, target: str, inside: str, y: int) -> None:
        self.elements.append(
            f'<bpmn:sequenceFlow id="{one}" name="名 {one}" sourceRef="{source}" '
            f'targetRef="{target}">{inside}</bpmn:sequenceFlow>'
        )
        self.edge(one, y)

    def edge(self, one: str, y: int) -> None:
        self.ids.append(one)
        self.shapes.append(
            f'<bpmndi:BPMNEdge id="{one}_di" bpmnElement="{one}"><di:waypoint x="200" y="{y}"/>'
            f'<di:waypoint x="900" y="{y}"/></bpmndi:BPMNEdge>'
        )


def _definition(kind: str) -> str:
    if not kind:
        return ""
    tag = f"{kind}EventDefinition"
    inside, more = _INSIDE.get(kind, ""), _MORE.get(kind, "")
    return f'<bpmn:{tag} id="" {more}>{inside}</bpmn:{tag}>'.replace(' id=""', "")


def every_kind() -> tuple[str, list[str]]:
    """The XML, and the ids of all that is drawn."""
    drawing = _Drawing()
    for kind in TASKS:
        drawing.node(kind, f"a_{kind}", _LISTS, (100, 80))
    drawing.node("userTask", "a_many", _MANY, (100, 80))
    for kind in GATEWAYS:
        drawing.node(kind, f"a_{kind}", size=(50, 50))
    for kind, definitions in EVENTS.items():
        for one in definitions:
            drawing.node(kind, f"a_{one}_{kind}", _definition(one))
    drawing.node("dataObjectReference", "a_data")
    drawing.node("dataStoreReference", "a_store")
    drawing.elements.append('<bpmn:subProcess id="host" name="名 host"/>')
    drawing.shape("host", 120, 800, 1300, 120, ' isExpanded="true"')
    for place, kind in enumerate(CAUGHT):
        drawing.boundary(f"b_{kind}", 150 + place * 150, 902, kind, interrupts=True)
        if kind not in ("error", "compensate"):
            drawing.boundary(f"n_{kind}", 150 + place * 150, 782, kind, interrupts=False)
    drawing.flow("f_plain", "a_task", "a_userTask", "", 1000)
    drawing.flow("f_default", "a_exclusiveGateway", "a_task", "", 1030)
    condition = (
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=x</bpmn:conditionExpression>'
    )
    drawing.flow("f_condition", "a_exclusiveGateway", "a_userTask", condition, 1060)
    drawing.elements.append(
        '<bpmn:textAnnotation id="note"><bpmn:text>注释</bpmn:text></bpmn:textAnnotation>'
    )
    drawing.elements.append('<bpmn:association id="link" sourceRef="note" targetRef="a_task"/>')
    drawing.elements.append('<bpmn:group id="frame"/>')
    drawing.shape("note", 120, 1100, 100, 40)
    drawing.shape("frame", 300, 1100, 200, 60)
    drawing.edge("link", 1085)
    body = "".join(drawing.elements).replace(
        'id="a_exclusiveGateway" name', 'id="a_exclusiveGateway" default="f_default" name'
    )
    frame = _Drawing()
    frame.shape("pool", 30, 20, 1700, 1200, ' isHorizontal="true"')
    frame.shape("lane", 60, 20, 1670, 1200, ' isHorizontal="true"')
    shapes = "".join([*frame.shapes, *drawing.shapes])
    xml = (
        f'{HEAD}{body}</bpmn:process><bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" '
        f'bpmnElement="all">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>'
    )
    return xml, [*frame.ids, *drawing.ids]
