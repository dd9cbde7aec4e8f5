"""Multi-instance: one task for each element of a list, and nothing lost or blended (S2-20)."""

import pytest

from bpmn.engine import Stuck
from tests.bpmn.diagrams import (
    Driver,
    boundary,
    definition,
    end,
    flows,
    io,
    many,
    message,
    messages,
    node,
    service,
    start,
    timer,
    user,
)
from tests.bpmn.test_flow import RESTORES

EXPERTS = ["wang", "li", "zhao"]


def opinions(sequential: bool = False, **words: str):
    loop = many(
        "=applicant",
        "expert",
        sequential,
        outputCollection="opinions",
        outputElement='={"by": expert, "verdict": verdict, "nr": loopCounter}',
        **words,
    )
    return definition(
        start(),
        user("write", "opinion", many=loop, assignee="=expert"),
        user("after"),
        end(),
        flows("start > write > after > end"),
    )


@RESTORES
def test_parallel_instances_keep_their_results_in_the_order_of_the_list(restores):
    case = Driver(opinions(), restores, applicant=EXPERTS)

    assert [(one.item, one.assignee) for one in case.snapshot.ready] == [
        (one, one) for one in EXPERTS
    ]
    case.complete("write", "zhao", verdict="c").complete("write", "wang", verdict="a")
    assert case.ready() == ["write"]
    case.complete("write", "li", verdict="a")

    assert case.ready() == ["after"]
    assert case.variables["opinions"] == [
        {"by": "wang", "verdict": "a", "nr": 1},
        {"by": "li", "verdict": "a", "nr": 2},
        {"by": "zhao", "verdict": "c", "nr": 3},
    ]
    assert set(case.variables) == {"applicant", "opinions"}


@RESTORES
def test_sequential_instances_come_one_by_one(restores):
    case = Driver(opinions(sequential=True), restores, applicant=EXPERTS)

    for expert in EXPERTS:
        assert [one.item for one in case.snapshot.ready] == [expert]
        case.complete("write", verdict=expert[0])

    assert [one["verdict"] for one in case.variables["opinions"]] == ["w", "l", "z"]
    assert [one["nr"] for one in case.variables["opinions"]] == [1, 2, 3]


@RESTORES
@pytest.mark.parametrize("sequential", [True, False])
def test_an_empty_list_is_passed(restores, sequential):
    case = Driver(opinions(sequential), restores, applicant=[])

    assert case.ready() == ["after"]
    assert case.variables["opinions"] == []
    assert ("completed", "write") in case.events


@pytest.mark.parametrize("wrong", [None, "wang", 3, ["wang", None]])
def test_what_is_no_list_of_elements_is_an_incident(wrong):
    with pytest.raises(Stuck) as incident:
        Driver(opinions(), applicant=wrong)

    assert incident.value.element_id == "write"


@RESTORES
def test_a_completion_condition_ends_the_others(restores):
    made = opinions(until="=numberOfCompletedInstances >= numberOfInstances - 1")
    case = Driver(made, restores, applicant=EXPERTS)

    case.complete("write", "li", verdict="x").complete("write", "zhao", verdict="y")

    assert case.ready() == ["after"]
    assert [one["by"] for one in case.variables["opinions"]] == ["li", "zhao"]
    assert case.events.count(("cancelled", "write")) == 1
    assert case.events.count(("completed", "write")) == 2


@RESTORES
def test_services_run_for_each_element(restores):
    loop = many("=applicant", "who", outputCollection="told", outputElement="=reply")
    more = io(inputs={"to": "=who"}, outputs={"reply": "=text"})
    made = definition(
        start(),
        service("tell", more=more, many=loop),
        user("after"),
        end(),
        flows("start > tell > after > end"),
    )
    case = Driver(made, restores, applicant=EXPERTS)

    calls = case.execution.calls()
    assert [call.inputs for call in calls] == [{"to": one} for one in EXPERTS]
    for call in reversed(calls):
        case.execution.answer(call.id, {"text": call.inputs["to"].upper()}, case.now)
    case.wait()

    assert case.execution.variables["told"] == ["WANG", "LI", "ZHAO"]


def follow_ups(sequential: bool):
    loop = many(
        "=applicant",
        "days",
        sequential,
        outputCollection="seen",
        outputElement="=string(days) + decision",
    )
    inside = node(
        "subProcess",
        "follow",
        loop,
        start("s"),
        node("intermediateCatchEvent", "later", timer("timeDuration", '=duration("P1D") * days')),
        user("ask"),
        node("exclusiveGateway", "fine", default="fine__e"),
        user("again"),
        end("e"),
        flows("s > later > ask > fine > e", 'fine > [=decision = "no"] again > e'),
    )
    return definition(
        start(),
        inside,
        boundary("stopped", "follow", message("stop")),
        user("after"),
        end(),
        end("cut"),
        flows("start > follow > after > end", "stopped > cut"),
        outside=messages("stop"),
    )


@RESTORES
def test_parallel_sub_processes_with_timers_inside_do_not_blend(restores):
    case = Driver(follow_ups(sequential=False), restores, applicant=[7, 30, 90])

    assert case.ready() == []
    case.wait(days=8)
    assert [(one.element_id, one.item) for one in case.snapshot.ready] == [("ask", 7)]
    case.wait(days=23)
    assert [one.item for one in case.snapshot.ready] == [7, 30]
    case.complete("ask", 30, decision="no")
    case.complete("ask", 7, decision="yes")
    assert [(one.element_id, one.item) for one in case.snapshot.ready] == [("again", 30)]
    case.complete("again", decision="done")
    case.wait(days=60).complete("ask", 90, decision="fine")

    assert case.ready() == ["after"]
    assert case.variables["seen"] == ["7yes", "30done", "90fine"]
    assert "decision" not in case.variables


@RESTORES
def test_sequential_sub_processes_start_one_after_the_other(restores):
    case = Driver(follow_ups(sequential=True), restores, applicant=[1, 2])

    case.wait(days=1).complete("ask", 1, decision="a")
    assert case.ready() == []
    case.wait(days=1.5)
    assert case.ready() == []
    case.wait(days=0.5).complete("ask", 2, decision="b")

    assert case.variables["seen"] == ["1a", "2b"]


@RESTORES
def test_cancelling_many_sub_processes_leaves_nothing_waiting_behind(restores):
    case = Driver(follow_ups(sequential=False), restores, applicant=[7, 30, 90])
    case.wait(days=8)

    assert case.deliver("stop")

    assert case.is_finished
    assert case.snapshot.wake_at is None
    assert case.snapshot.messages == frozenset()
    assert case.ready() == []
    assert ("cancelled", "ask") in case.events
    assert case.events.count(("cancelled", "later")) == 2
