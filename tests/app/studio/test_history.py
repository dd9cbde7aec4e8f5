"""Past cases run along a draft: the present diagram takes every one its past way (O-2)."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from app.audit import AuditEntry, Deed
from app.consultations.actions import Wish, start_consultation, wake_due
from app.consultations.actions import ask as wish
from app.consultations.models import ElementLog, Instance
from app.db import db
from app.permissions import Role
from app.processes.actions import publish
from app.studio import history
from app.studio.content import of_bundle
from app.studio.estimates import change
from app.tasks.actions import complete_task
from app.tasks.models import State, Task
from bpmn import shipped
from tests.app.cases import do, make_people
from tests.app.shipped import APPROVAL, application, naming
from tests.app.studio.managers import make_manager, propose_change
from tests.makers import make_person

URL = "/api/studio/consultation/what-if"
PARTS = {"analysis": "缺血", "diagnosis": "冠心病", "plan": "造影"}
REVIEWS = ("review_director", "review_inviting_affairs", "review_invited_affairs")


class Cases:
    """Cases of the shipped process, each taking time at each step."""

    def __init__(self, clock):
        self.clock, self.people = clock, make_people()
        self.reviewers = (self.people.director, self.people.affairs, self.people.invited_affairs)

    def open(self):
        self.clock.move(minutes=17)
        self.case = start_consultation(self.people.applicant)
        return self

    def later(self, **passed):
        """Time passes, and the scheduler comes by now and then."""
        until = self.clock.moment + timedelta(**passed)
        while (wake := db.session.get(Instance, self.case.id).wake_at) and wake <= until:
            self.clock.moment = max(self.clock.moment, wake) + timedelta(seconds=1.25)
            wake_due()
            db.session.expire_all()
        self.clock.moment = max(until, self.clock.moment)
        return self

    def do(self, person, **answers):
        do(self.case, person, **answers)
        return self

    def apply(self, **changes):
        answers = application(self.people.invited, **changes)
        return self.later(minutes=12, seconds=3).do(self.people.applicant, **answers)

    def review(self, until=3, last=None, **passed):
        """The first reviewers approve, each after some time; then the next says `last`."""
        for place in range(until):
            self.later(**(passed or {"minutes": 40 + place}))
            self.do(self.reviewers[place], **(naming(self.people) if place == 2 else APPROVAL))
        if last:
            self.later(minutes=25).do(self.reviewers[until], decision=last, reason="请说明")
        return self

    def schedule(self, **ahead):
        when = self.clock.moment + timedelta(**(ahead or {"hours": 20}))
        quarter = when.replace(minute=when.minute // 15 * 15, second=0, microsecond=0)
        at = (quarter + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M+08:00")
        self.later(minutes=55).do(self.people.coordinator, scheduled_at=at, duration_min=30)
        return self

    def hold(self, outcome="held", **more):
        self.later(hours=20, minutes=20)
        return self.do(self.people.applicant, outcome=outcome, **more)

    def conclude(self, *tracks):
        for person, track in zip(reversed(self.people.experts), tracks, strict=True):
            self.later(hours=3)
            (task,) = [one for one in waiting(self.case) if one.item == str(person.id)]
            complete_task(task.id, person, {**PARTS, "track": track})
        lead = self.people.experts[0]
        self.later(hours=1).do(lead, **PARTS)
        self.later(minutes=9).do(lead, confirm=True)
        return self.later(hours=7).do(self.people.applicant, decision="accept")

    def wish(self, what):
        self.later(minutes=21)
        wish(self.case.id, self.people.applicant, what, "家属另有安排")
        return self


def waiting(case):
    query = db.session.query(Task).filter_by(consultation_id=case.id, state=State.READY)
    return query.order_by(Task.id).all()


def follow(cases):
    for days in (8, 30, 61):
        cases.later(days=days)
        cases.do(cases.people.follow_up, condition="好转", efficacy="improved")
    return cases


WAYS = {
    "whole": lambda it: it.apply().review().schedule().hold().conclude(False, False),
    "followed up": lambda it: follow(it.apply().review().schedule().hold().conclude(True, False)),
    "returned": lambda it: (
        it.apply()
        .review(0, "return")
        .apply()
        .review(1, "return")
        .apply()
        .review(2, "return")
        .apply()
        .review(2, "refuse")
    ),
    "refused by the director": lambda it: it.apply().review(0, "refuse"),
    "refused at home": lambda it: it.apply().review(1, "refuse"),
    "withdrawn unwritten": lambda it: it.wish(Wish.WITHDRAW),
    "withdrawn": lambda it: it.apply().wish(Wish.WITHDRAW),
    "withdrawn late": lambda it: it.apply().review(2).wish(Wish.WITHDRAW),
    "cancelled unscheduled": lambda it: it.apply().review().wish(Wish.CANCEL),
    "cancelled waiting": lambda it: it.apply().review().schedule().wish(Wish.CANCEL),
    "cancelled in session": lambda it: (
        it.apply().review().schedule(hours=2).later(hours=2).wish(Wish.CANCEL)
    ),
    "rescheduled": lambda it: (
        it.apply()
        .review()
        .schedule()
        .wish(Wish.RESCHEDULE)
        .schedule(hours=2)
        .later(hours=2)
        .wish(Wish.RESCHEDULE)
        .schedule()
        .hold("no_show", absent=["patient"])
        .schedule()
        .hold()
        .conclude(False, False)
    ),
    "late everywhere": lambda it: (
        it.apply(urgency="critical")
        .review(3, hours=3)
        .later(hours=5)
        .schedule()
        .later(hours=26)
        .hold()
        .conclude(False, False)
    ),
}


@pytest.fixture
def cases(app, clock):
    publish(None, "consultation", "远程会诊", shipped.bundle("consultation"))
    return Cases(clock)


@pytest.fixture
def manager(cases):
    return make_person(Role.PROCESS_MANAGER, name="李敏")


def what_if(manager, bundle, count=500):
    given = of_bundle(bundle, []).json()
    *progress, last = history.run("consultation", manager, given, count)
    return progress, last["report"]


def test_the_unchanged_diagram_takes_every_case_its_past_way(cases, manager):
    """O-2: all ways of the shipped process, late timers and messages included."""
    for way in WAYS.values():
        way(cases.open())
    assert db.session.query(Instance).filter_by(is_finished=False).count() == 0

    progress, report = what_if(manager, shipped.bundle("consultation"))

    assert progress[-1] == {"done": len(WAYS), "of": len(WAYS)}
    assert (report["cases"], report["same"]) == (len(WAYS), len(WAYS))
    assert report["assumed"] == report["troubles"] == report["partings"] == []
    assert report["total"]["change_s"] == 0
    assert all(one["change_s"] == one["low_s"] == one["high_s"] == 0 for one in report["roles"])
    roles = {one["role"]: one for one in report["roles"]}
    assert {"applicant", "department_director", "medical_affairs", "expert"} <= roles.keys()


@pytest.mark.parametrize("way", WAYS)
def test_what_is_simulated_is_what_was_logged(cases, manager, way, monkeypatch):
    """Element by element, and to the second."""
    WAYS[way](cases.open())
    seen = []
    count = history.Report.add
    monkeypatch.setattr(
        history.Report,
        "add",
        lambda self, courses, names: (seen.extend(courses), count(self, courses, names)),
    )

    what_if(manager, shipped.bundle("consultation"))

    log = db.session.query(ElementLog).order_by(ElementLog.id).all()
    (courses,) = seen
    assert courses["draft"]["entered"] == [one.element_id for one in log if one.kind == "entered"]
    assert courses["draft"]["total_s"] == (log[-1].at - log[0].at).total_seconds()


def without_affairs(bundle):
    """The shipped process without the review by the own medical affairs office."""
    flow = 'sourceRef="decision_director" targetRef="review_inviting_affairs"'
    assert flow in bundle.process
    diagram = bundle.process.replace(
        flow, 'sourceRef="decision_director" targetRef="review_invited_affairs"'
    )
    gone = (
        "review_inviting_affairs inviting_affairs_withdrawn end_inviting_affairs_withdrawn "
        "inviting_affairs_overdue inviting_affairs_remind inviting_affairs_reminded "
        "decision_inviting_affairs"
    ).split()
    for element in gone:
        diagram = re.sub(
            rf'<bpmn:(\w+) id="{element}".*?</bpmn:\1>', "", diagram, count=1, flags=re.DOTALL
        )
        diagram = diagram.replace(f"<bpmn:flowNodeRef>{element}</bpmn:flowNodeRef>", "")
        for end in ("sourceRef", "targetRef"):
            diagram = re.sub(
                rf'<bpmn:sequenceFlow id="\w+"[^>]*{end}="{element}"[^>]*?'
                r"(/>|>.*?</bpmn:sequenceFlow>)",
                "",
                diagram,
                flags=re.DOTALL,
            )
        diagram = re.sub(
            rf'<bpmndi:BPMNShape id="[^"]*" bpmnElement="{element}".*?</bpmndi:BPMNShape>',
            "",
            diagram,
            flags=re.DOTALL,
        )
    kept = set(re.findall(r'<bpmn:sequenceFlow id="(\w+)"', diagram))
    diagram = re.sub(
        r"<bpmn:(incoming|outgoing)>(\w+)</bpmn:\1>",
        lambda found: found[0] if found[2] in kept else "",
        diagram,
    )
    diagram = re.sub(
        r'<bpmndi:BPMNEdge id="[^"]*" bpmnElement="(flow_\w+)".*?</bpmndi:BPMNEdge>',
        lambda found: found[0] if found[1] in kept else "",
        diagram,
        flags=re.DOTALL,
    )
    return replace(bundle, process=diagram)


def test_removing_an_approval_shows_the_expected_shortening(cases, manager):
    """O-2."""
    for _case in range(4):
        WAYS["whole"](cases.open())

    _progress, report = what_if(manager, without_affairs(shipped.bundle("consultation")))

    assert report["other"] == 4
    (parting,) = report["partings"]
    assert parting["expected"]["name"] == "本院医务科审核"
    assert parting["entered"]["name"] == "协作方医务科审核并指定专家"
    assert report["total"]["change_s"] == pytest.approx(-41 * 60, abs=1)
    assert report["total"]["high_s"] < 0
    affairs = next(one for one in report["roles"] if one["role"] == "medical_affairs")
    assert affairs["label"] == "医务科"
    assert affairs["change_s"] == pytest.approx(-41 * 60, abs=1)
    others = [one for one in report["roles"] if one["role"] != "medical_affairs"]
    assert all(abs(one["change_s"]) < 1 for one in others)


def test_a_task_without_history_is_assumed_to_take_the_usual_time_and_to_consent(cases, manager):
    WAYS["whole"](cases.open())
    bundle = shipped.bundle("consultation")
    second = re.search(
        r'<bpmn:userTask id="review_director".*?</bpmn:userTask>', bundle.process, re.DOTALL
    )[0]
    second = re.sub(r"<bpmn:(incoming|outgoing)>\w+</bpmn:\1>", "", second)
    second = second.replace('"review_director"', '"second_look"').replace("科室主任审核", "复核")
    flow = 'sourceRef="set_limits" targetRef="review_director"'
    drawn = bundle.process.replace(flow, 'sourceRef="set_limits" targetRef="second_look"')
    drawn = drawn.replace(
        "<bpmn:textAnnotation",
        f'{second}<bpmn:sequenceFlow id="on" sourceRef="second_look" targetRef="review_director"/>'
        "<bpmn:textAnnotation",
        1,
    ).replace(
        "<bpmn:flowNodeRef>review_director</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>review_director</bpmn:flowNodeRef>"
        "<bpmn:flowNodeRef>second_look</bpmn:flowNodeRef>",
    )

    _progress, report = what_if(manager, replace(bundle, process=drawn))

    assert report["other"] == 1
    assert report["assumed"] == [{"element": "second_look", "name": "复核", "count": 1}]
    assert report["total"]["change_s"] == 40 * 60  # what the director usually takes


def test_cases_that_would_get_stuck_are_counted_with_where_and_why(cases, manager):
    WAYS["whole"](cases.open())
    WAYS["refused by the director"](cases.open())
    bundle = shipped.bundle("consultation")
    drawn = bundle.process.replace(
        ' default="flow_decision_director__merge_returned_director"', ""
    ).replace(
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=decision = "approve"',
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=decision = "agree"',
        1,
    )
    drawn = re.sub(
        r'(id="flow_decision_director__merge_returned_director".*?)</bpmn:sequenceFlow>',
        r'\1<bpmn:conditionExpression>=decision = "return"</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>",
        drawn,
        count=1,
        flags=re.DOTALL,
    )

    _progress, report = what_if(manager, replace(bundle, process=drawn))

    assert (report["stuck"], report["same"]) == (1, 1)
    (trouble,) = report["troubles"]
    assert (trouble["outcome"], trouble["element"]) == ("stuck", "decision_director")
    assert "条件" in trouble["text"]


def test_what_history_cannot_tell_is_said_not_guessed(cases, manager):
    """A new task whose form asks for more than consent."""
    WAYS["whole"](cases.open())
    bundle = shipped.bundle("consultation")
    drawn = bundle.process.replace('id="schedule"', 'id="arrange"')
    drawn = re.sub(
        r'(sourceRef|targetRef|attachedToRef|bpmnElement)="schedule"', r'\1="arrange"', drawn
    )
    drawn = drawn.replace("<bpmn:flowNodeRef>schedule<", "<bpmn:flowNodeRef>arrange<")

    _progress, report = what_if(manager, replace(bundle, process=drawn))

    assert report["unknown"] == 1
    assert report["troubles"][0]["element"] == "arrange"
    assert report["roles"] == []


def test_a_case_somebody_changed_by_hand_is_left_out(cases, manager):
    WAYS["whole"](cases.open())
    log = db.session.query(ElementLog).filter_by(element_id="schedule").first()
    log.element_id = "moved_by_hand"
    db.session.commit()

    _progress, report = what_if(manager, shipped.bundle("consultation"))

    assert (report["unlike"], report["same"]) == (1, 0)


def test_nothing_of_a_case_leaves_and_the_deed_is_noted(cases, manager, client):
    for way in ("whole", "withdrawn"):
        WAYS[way](cases.open())

    answer = client(manager).post(
        URL, json={"content": of_bundle(shipped.bundle("consultation"), []).json(), "count": 1}
    )

    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[0] == {"done": 0, "of": 1}
    assert lines[-1]["report"]["cases"] == 1
    assert "示例患者" not in answer.text
    assert "胸痛" not in answer.text
    assert cases.case.number not in answer.text
    deed = db.session.query(AuditEntry).filter_by(deed=Deed.HISTORY_REPLAYED).one()
    assert deed.actor_id == manager.id


def test_free_text_does_not_steer_a_draft(cases, manager):
    """What a manager may not read, a condition of theirs may not read for them."""
    WAYS["whole"](cases.open())
    bundle = shipped.bundle("consultation")
    drawn = bundle.process.replace(
        'source="=urgency" target="urgency"', 'source="=summary" target="urgency"'
    )

    _progress, report = what_if(manager, replace(bundle, process=drawn))

    assert report["stuck"] + report["unknown"] == 1


def test_a_draft_that_cannot_run_is_told_in_the_last_line(cases, manager, client):
    content = {**of_bundle(shipped.bundle("consultation"), []).json(), "forms": {}}

    answer = client(manager).post(URL, json={"content": content, "count": 5})

    last = json.loads(answer.text.splitlines()[-1])
    assert last["error"]["findings"]


def test_a_colleague_sees_beside_a_proposal_what_past_cases_would_make_of_it(cases, client):
    next(iter(WAYS.values()))(cases.open())
    author, colleague = make_manager("李敏"), make_manager("王强")
    diagram = shipped.bundle("consultation").process.replace('name="科室主任审核"', 'name="初审"')
    address = propose_change(client(author), diagram=diagram)

    page = client(colleague).get(address)

    assert page.status_code == 200
    for word in ("以最近办结的 1 例会诊", "95% 区间", "申请医生"):
        assert word in page.text


def test_without_cases_there_is_an_empty_report(cases, manager):
    progress, report = what_if(manager, shipped.bundle("consultation"))

    assert progress == [{"done": 0, "of": 0}] * 2
    assert (report["cases"], report["total"], report["roles"]) == (0, None, [])


def test_an_interval_is_wide_where_cases_differ_and_narrow_where_they_agree():
    alike = change([100.0] * 40, [90.0] * 40)
    unlike = change([100.0] * 40, [float(80 + place) for place in range(40)])

    assert (alike.change_s, alike.low_s, alike.high_s) == (-10, -10, -10)
    assert unlike.low_s < unlike.change_s == -0.5 < unlike.high_s
    assert 5 < unlike.high_s - unlike.low_s < 10
    assert change([], []) is None
