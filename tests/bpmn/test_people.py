"""Who a task is for, until when, and what its form is given."""

from datetime import datetime, timedelta

from bpmn.engine import USUAL_PRIORITY
from tests.bpmn.diagrams import (
    BEIJING,
    NOW,
    Driver,
    definition,
    end,
    flows,
    io,
    node,
    properties,
    start,
    user,
)

LANES = """
<bpmn:laneSet id="lanes">
  <bpmn:lane id="outer" name="邀请方"><bpmn:extensionElements><zeebe:properties>
    <zeebe:property name="side" value="inviting"/></zeebe:properties></bpmn:extensionElements>
    <bpmn:childLaneSet id="inner"><bpmn:lane id="lane" name="医务科">
      <bpmn:extensionElements><zeebe:properties>
        <zeebe:property name="role" value="medical_affairs"/>
      </zeebe:properties></bpmn:extensionElements>
      <bpmn:flowNodeRef>review</bpmn:flowNodeRef><bpmn:flowNodeRef>sub</bpmn:flowNodeRef>
    </bpmn:lane></bpmn:childLaneSet>
  </bpmn:lane>
</bpmn:laneSet>"""


def one_task(task: str, **variables):
    made = definition(start(), task, end(), flows("start > review > end"))
    return Driver(made, **variables).snapshot.ready[0]


def test_a_lane_gives_role_and_side_and_lanes_inherit():
    task = node("userTask", "review", extension=properties(name_en="Review", record="opinion"))
    task = task.replace("<zeebe:prop", '<zeebe:formDefinition formId="opinion"/><zeebe:prop', 1)
    inside = node("userTask", "inside")
    sub = node("subProcess", "sub", start("s"), inside, end("e"), flows("s > inside > e"))
    made = definition(LANES, start(), task, sub, end(), flows("start > review > sub > end"))
    case = Driver(made)

    review = case.task("review")
    assert (review.role, review.side) == ("medical_affairs", "inviting")
    assert (review.name, review.name_en) == ("名review", "Review")
    assert (review.form_id, review.record) == ("opinion", "opinion")
    assert review.priority == USUAL_PRIORITY

    inside_task = case.complete("review").task("inside")
    assert (inside_task.role, inside_task.side) == ("medical_affairs", "inviting")


def test_people_come_from_words_or_from_feel():
    literal = one_task(user("review", assignee="17", candidateUsers="1, 2", candidateGroups=""))
    computed = one_task(
        user(
            "review",
            assignee="=applicant",
            candidateUsers="=consultation.experts",
            candidateGroups='=["expert"]',
        ),
        applicant=17,
        consultation={"experts": [1, 2]},
    )

    for task in (literal, computed):
        assert task.assignee == "17"
        assert task.candidate_users == ("1", "2")
    assert computed.candidate_groups == ("expert",)
    assert one_task(user("review", assignee="=null")).assignee is None


def test_due_follow_up_and_priority():
    more = (
        """<zeebe:taskSchedule dueDate='=duration("P2D")'"""
        ' followUpDate="2026-03-03T08:00:00+08:00"/>'
        '<zeebe:priorityDefinition priority="=40 + 40"/>'
    )
    task = one_task(user("review", more=more))

    assert task.due_at == NOW + timedelta(days=2)
    assert task.follow_up_at == datetime(2026, 3, 3, 8, tzinfo=BEIJING)
    assert task.priority == 80


def test_the_due_date_is_fixed_when_the_task_becomes_ready():
    more = """<zeebe:taskSchedule dueDate='=now() + duration("PT1H")'/>"""
    made = definition(start(), user("review", more=more), end(), flows("start > review > end"))
    case = Driver(made)

    case.now += timedelta(hours=5)
    case.execution.tick(case.now)

    assert case.execution.snapshot(case.now).ready[0].due_at == NOW + timedelta(hours=1)


def test_inputs_are_given_to_the_form_and_to_nobody_else():
    more = io(inputs={"title": '="会诊 " + applicant', "length": "=string length(title)"})
    made = definition(
        start(),
        user("review", more=more),
        user("next"),
        end(),
        flows("start > review > next > end"),
    )
    case = Driver(made, applicant="李")

    assert case.task("review").inputs == {"title": "会诊 李", "length": 4}
    case.complete("review")
    assert case.variables == {"applicant": "李"}
    assert case.task("next").inputs == {}


def test_status_is_that_of_the_last_element_entered():
    made = definition(
        start(),
        node("userTask", "a", extension=properties(status="draft") + _groups()),
        node("task", "b", extension=properties(status="pending")),
        node("userTask", "c", extension=_groups()),
        end("end", extension=properties(status="completed")),
        flows("start > a > b > c > end"),
    )
    case = Driver(made)

    assert case.statuses == ["draft"]
    assert case.complete("a").statuses == ["draft", "pending"]
    assert case.complete("c").statuses == ["draft", "pending", "completed"]


def _groups() -> str:
    return '<zeebe:assignmentDefinition candidateGroups="expert"/>'
