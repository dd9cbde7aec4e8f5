"""A case whose first step is its session: start opens the room, completing the task closes it."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from app.accounts.models import Person
from app.consultations.actions import start_consultation
from app.consultations.models import Capacity, Participant
from app.db import db, now
from app.permissions import Role
from app.processes.actions import put_in_force
from app.records.actions import add_record
from app.records.models import Category
from bpmn.bundle import Bundle
from tests.app.diagrams import HEAD
from tests.makers import make_department, make_person

DIAGRAM = (
    HEAD
    + """
<bpmn:process id="talk" isExecutable="true">
  <bpmn:laneSet id="lanes"><bpmn:lane id="l1" name="申请医生"><bpmn:extensionElements>
    <zeebe:properties><zeebe:property name="role" value="applicant"/>
    <zeebe:property name="side" value="inviting"/></zeebe:properties></bpmn:extensionElements>
    <bpmn:flowNodeRef>start</bpmn:flowNodeRef><bpmn:flowNodeRef>open</bpmn:flowNodeRef>
    <bpmn:flowNodeRef>session</bpmn:flowNodeRef><bpmn:flowNodeRef>close</bpmn:flowNodeRef>
    <bpmn:flowNodeRef>end</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
  <bpmn:startEvent id="start" name="开始"/>
  <bpmn:serviceTask id="open" name="开放会诊室"><bpmn:extensionElements>
    <zeebe:taskDefinition type="open_room"/></bpmn:extensionElements></bpmn:serviceTask>
  <bpmn:userTask id="session" name="进行远程会诊"><bpmn:extensionElements>
    <zeebe:formDefinition formId="session"/></bpmn:extensionElements></bpmn:userTask>
  <bpmn:serviceTask id="close" name="关闭会诊室"><bpmn:extensionElements>
    <zeebe:taskDefinition type="close_room"/></bpmn:extensionElements></bpmn:serviceTask>
  <bpmn:endEvent id="end" name="结束"/>
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="open"/>
  <bpmn:sequenceFlow id="f2" sourceRef="open" targetRef="session"/>
  <bpmn:sequenceFlow id="f3" sourceRef="session" targetRef="close"/>
  <bpmn:sequenceFlow id="f4" sourceRef="close" targetRef="end"/>
</bpmn:process></bpmn:definitions>"""
)
FORM = {
    "id": "session",
    "type": "default",
    "schemaVersion": 18,
    "components": [
        {"type": "textfield", "key": "note", "label": "会诊结果", "id": "f_note"},
    ],
}


@dataclass(frozen=True)
class Talk:
    """The people of the case, and somebody who is not."""

    case_id: int
    li: Person
    wang: Person
    zhao: Person
    stranger: Person


def make_talk() -> Talk:
    """A case in session with two experts and one invented picture."""
    ward = make_department()
    li = make_person(Role.APPLICANT, department=ward, name="李示例")
    wang, zhao = (
        make_person(Role.EXPERT, department=make_department(), name=name)
        for name in ("王示例", "赵示例")
    )
    # Nothing but the session: it lacks the consent, without which no check would let it pass.
    put_in_force(None, "consultation", "会诊", Bundle(DIAGRAM, {"session": FORM}))
    case = start_consultation(li)
    for expert in (wang, zhao):
        db.session.add(
            Participant(
                consultation_id=case.id,
                person_id=expert.id,
                capacity=Capacity.EXPERT,
                added_at=now(),
            )
        )
    db.session.commit()
    add_record(case.id, li, picture(), "胸片.jpg", Category.IMAGING)
    stranger = make_person(Role.EXPERT, department=make_department(), name="孙示例")
    return Talk(case.id, li, wang, zhao, stranger)


def picture() -> bytes:
    """Two grey ovals on black: nobody's chest."""
    image, out = Image.new("L", (800, 600), 20), io.BytesIO()
    drawn = ImageDraw.Draw(image)
    drawn.ellipse((150, 80, 370, 520), fill=90)
    drawn.ellipse((430, 80, 650, 520), fill=90)
    image.save(out, "JPEG")
    return out.getvalue()
