"""New processes: from what ships, from what another process has in force, or from nothing."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.accounts.models import Person
from app.audit import Deed, record
from app.db import db, get_or_404, now, transactional
from app.errors import Invalid, NotFound
from app.permissions import Actor, Permission, require
from app.processes import queries as processes
from app.processes.models import Process
from app.studio import content, queries
from app.studio.content import Content
from app.studio.models import Draft
from bpmn import diagram, shipped

KEY = re.compile(r"[a-z][a-z0-9-]{1,39}")
TAKEN = frozenset({"new", "settings", "proposals"})  # the studio has pages of these names
SHIPPED, COPY = "shipped/", "copy/"

# A start that leads to an end, drawn, with room for lanes: the least that is a diagram.
_EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="definitions"
  targetNamespace="urn:huizhen:process" modeler:executionPlatform="Camunda Cloud"
  modeler:executionPlatformVersion="8.6.0">
  <bpmn:process id={id} name={name} isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>first</bpmn:outgoing></bpmn:startEvent>
    <bpmn:endEvent id="end"><bpmn:incoming>first</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="first" sourceRef="start" targetRef="end"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="drawing">
    <bpmndi:BPMNPlane id="plane" bpmnElement={id}>
      <bpmndi:BPMNShape id="start_di" bpmnElement="start">
        <dc:Bounds x="160" y="120" width="36" height="36"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="end_di" bpmnElement="end">
        <dc:Bounds x="420" y="120" width="36" height="36"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="first_di" bpmnElement="first">
        <di:waypoint x="196" y="138"/><di:waypoint x="420" y="138"/>
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


@transactional
def add_process(actor: Actor, key: str, name: str, description: str, origin: str) -> Process:
    """A process with a draft and nothing in force.

    origin: one of `origins`. Raises Forbidden, Invalid.
    """
    require(actor, Permission.PROCESS_DRAFT)
    if not KEY.fullmatch(key) or key in TAKEN:
        raise Invalid({"key": _("标识以小写字母开头，只含小写字母、数字和连字符，2 至 40 个字")})
    if db.session.query(Process.id).filter_by(key=key).first():
        raise Invalid({"key": _("已有这个标识的流程")})
    process = Process(key=key, name=name, description=description, is_open=False)
    draft = Draft(
        process=process,
        content=_begun(origin, key, name).json(),
        edited_by=get_or_404(Person, actor.actor_id),
        edited_at=now(),
    )
    db.session.add_all([process, draft])
    db.session.flush()
    record(actor, Deed.PROCESS_ADDED, process, origin=origin)
    return process


def origins() -> Mapping[str, str]:
    """What a new process may begin as: value -> label."""
    present = processes.processes()
    copies = {f"{COPY}{one.key}": one.name for one in present if one.publications}
    unused = (name for name in shipped.names() if f"{COPY}{name}" not in copies)
    return {
        "": gettext("空白流程"),
        **{f"{SHIPPED}{name}": _title(name) for name in unused},
        **{value: gettext("复制“%(name)s”", name=name) for value, name in copies.items()},
    }


def _begun(origin: str, key: str, name: str) -> Content:
    if not origin:
        return Content(_EMPTY.format(id=quoteattr(key), name=quoteattr(name)))
    kind, known = origin[: origin.find("/") + 1], origin.partition("/")[2]
    try:
        if kind == SHIPPED:
            return content.of_bundle(shipped.bundle(known), [])
        if kind == COPY:
            return queries.published(processes.process(known))
    except (KeyError, NotFound):
        pass
    raise Invalid({"origin": _("没有这个模板")})


def _title(name: str) -> str:
    return diagram.read(diagram.read_xml(shipped.bundle(name).process)).name or name
