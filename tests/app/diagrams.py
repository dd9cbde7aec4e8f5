"""Small processes for tests of the case; the shipped one has tests of its own."""

from typing import Any

from bpmn.bundle import Bundle

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://example.org">
"""

# An applicant asks, the director of the department decides, the invited hospital looks.
DIAGRAM = (
    HEAD
    + """
<bpmn:message id="m" name="withdraw"/>
<bpmn:process id="small" isExecutable="true">
  <bpmn:laneSet id="lanes">
    <bpmn:lane id="l1" name="申请医生"><bpmn:extensionElements><zeebe:properties>
      <zeebe:property name="role" value="applicant"/><zeebe:property name="side" value="inviting"/>
      </zeebe:properties></bpmn:extensionElements>
      <bpmn:flowNodeRef>start</bpmn:flowNodeRef><bpmn:flowNodeRef>ask</bpmn:flowNodeRef></bpmn:lane>
    <bpmn:lane id="l2" name="科室主任"><bpmn:extensionElements><zeebe:properties>
      <zeebe:property name="role" value="department_director"/>
      <zeebe:property name="side" value="inviting"/></zeebe:properties></bpmn:extensionElements>
      <bpmn:flowNodeRef>decide</bpmn:flowNodeRef><bpmn:flowNodeRef>agreed</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>taken</bpmn:flowNodeRef><bpmn:flowNodeRef>withdrawn</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>no</bpmn:flowNodeRef><bpmn:flowNodeRef>late</bpmn:flowNodeRef>
      <bpmn:flowNodeRef>remind</bpmn:flowNodeRef><bpmn:flowNodeRef>reminded</bpmn:flowNodeRef></bpmn:lane>
    <bpmn:lane id="l3" name="协作方医务科"><bpmn:extensionElements><zeebe:properties>
      <zeebe:property name="role" value="medical_affairs"/>
      <zeebe:property name="side" value="invited"/></zeebe:properties></bpmn:extensionElements>
      <bpmn:flowNodeRef>look</bpmn:flowNodeRef><bpmn:flowNodeRef>end</bpmn:flowNodeRef></bpmn:lane>
  </bpmn:laneSet>
  <bpmn:startEvent id="start" name="开始"/>
  <bpmn:userTask id="ask" name="申请"><bpmn:extensionElements>
    <zeebe:formDefinition formId="ask"/><zeebe:properties>
    <zeebe:property name="status" value="draft"/><zeebe:property name="name_en" value="Ask"/>
    </zeebe:properties></bpmn:extensionElements></bpmn:userTask>
  <bpmn:userTask id="decide" name="审核"><bpmn:extensionElements>
    <zeebe:formDefinition formId="decide"/>
    <zeebe:taskSchedule dueDate="=now() + duration(&quot;PT4H&quot;)"/><zeebe:properties>
    <zeebe:property name="status" value="pending"/></zeebe:properties>
    </bpmn:extensionElements></bpmn:userTask>
  <bpmn:boundaryEvent id="taken" name="撤回" attachedToRef="decide">
    <bpmn:messageEventDefinition messageRef="m"/></bpmn:boundaryEvent>
  <bpmn:boundaryEvent id="late" name="超时" attachedToRef="decide" cancelActivity="false">
    <bpmn:timerEventDefinition><bpmn:timeDuration>PT4H</bpmn:timeDuration>
    </bpmn:timerEventDefinition></bpmn:boundaryEvent>
  <bpmn:serviceTask id="remind" name="提醒"><bpmn:extensionElements>
    <zeebe:taskDefinition type="notify"/><zeebe:ioMapping>
    <zeebe:input source="=&quot;overdue&quot;" target="template"/>
    <zeebe:input source="=&quot;applicant&quot;" target="audience"/></zeebe:ioMapping>
    </bpmn:extensionElements></bpmn:serviceTask>
  <bpmn:endEvent id="reminded"/>
  <bpmn:endEvent id="withdrawn" name="已撤回"><bpmn:extensionElements><zeebe:properties>
    <zeebe:property name="status" value="cancelled"/></zeebe:properties>
    </bpmn:extensionElements></bpmn:endEvent>
  <bpmn:exclusiveGateway id="agreed" name="同意?" default="f_no"/>
  <bpmn:endEvent id="no" name="不同意"><bpmn:extensionElements><zeebe:properties>
    <zeebe:property name="status" value="cancelled"/></zeebe:properties>
    </bpmn:extensionElements></bpmn:endEvent>
  <bpmn:userTask id="look" name="查看"/>
  <bpmn:endEvent id="end" name="结束"/>
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="ask"/>
  <bpmn:sequenceFlow id="f2" sourceRef="ask" targetRef="decide"/>
  <bpmn:sequenceFlow id="f3" sourceRef="decide" targetRef="agreed"/>
  <bpmn:sequenceFlow id="f4" sourceRef="agreed" targetRef="look">
    <bpmn:conditionExpression>=decision = "approve"</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:sequenceFlow id="f_back" sourceRef="agreed" targetRef="ask">
    <bpmn:conditionExpression>=decision = "return"</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:sequenceFlow id="f_no" sourceRef="agreed" targetRef="no"/>
  <bpmn:sequenceFlow id="f5" sourceRef="taken" targetRef="withdrawn"/>
  <bpmn:sequenceFlow id="f6" sourceRef="late" targetRef="remind"/>
  <bpmn:sequenceFlow id="f7" sourceRef="remind" targetRef="reminded"/>
  <bpmn:sequenceFlow id="f8" sourceRef="look" targetRef="end"/>
</bpmn:process></bpmn:definitions>"""
)


def _form(name: str, *components: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "type": "default", "schemaVersion": 18, "components": list(components)}


ASK = _form("ask", {"type": "textfield", "key": "reason", "label": "理由", "id": "f_reason"})
DECIDE = _form(
    "decide",
    {
        "type": "radio",
        "key": "decision",
        "label": "决定",
        "id": "f_decision",
        "values": [{"value": value, "label": value} for value in ("approve", "return", "refuse")],
        "validate": {"required": True},
    },
)


def small_bundle() -> Bundle:
    """A whole process of three people, small enough to follow in one's head."""
    return Bundle(DIAGRAM, {"ask": ASK, "decide": DECIDE})
