"""Where the token goes: gateways, loops, sub-processes, ends."""

import pytest

from bpmn.engine import NotReady, Stuck
from tests.bpmn.diagrams import (
    NOW,
    Driver,
    definition,
    end,
    flows,
    node,
    script,
    service,
    start,
    user,
)
from tests.bpmn.plans import built

RESTORES = pytest.mark.parametrize("restores", [True, False], ids=["restored", "at once"])


def review() -> list[str]:
    return [
        start(),
        user("apply"),
        node("exclusiveGateway", "verdict", default="verdict__refused"),
        user("correct"),
        end(),
        end("refused"),
        flows(
            "start > apply > verdict",
            'verdict > [=decision = "approve"] end',
            'verdict > [=decision = "return"] correct > apply',
            "verdict > refused",
        ),
    ]


@RESTORES
def test_an_exclusive_gateway_takes_the_first_true_condition_or_its_default(restores):
    approved = Driver(definition(*review()), restores).complete("apply", decision="approve")
    refused = Driver(definition(*review()), restores).complete("apply", decision="no")

    assert approved.is_finished
    assert approved.events[-1] == ("completed", "end")
    assert refused.is_finished
    assert refused.events[-1] == ("completed", "refused")


@RESTORES
def test_a_loop_of_corrections_leaves_no_trail_in_the_state(restores):
    case = Driver(definition(*review()), restores)
    sizes = []
    for _ in range(20):
        case.complete("apply", decision="return").complete("correct", decision="again")
        sizes.append(len(case.snapshot.state))

    assert case.ready() == ["apply"]
    assert max(sizes) == min(sizes)
    assert case.complete("apply", decision="approve").is_finished


@RESTORES
def test_a_loop_in_one_branch_leaves_no_trail_while_another_waits(restores):
    made = definition(
        start(),
        node("parallelGateway", "fork"),
        user("a"),
        node("exclusiveGateway", "again", default="again__join"),
        user("patient"),
        node("parallelGateway", "join"),
        end(),
        flows("start > fork > a > again > join > end", 'again > [=decision = "again"] a'),
        flows("fork > patient > join"),
    )
    case = Driver(made, restores)
    sizes = []
    for _ in range(30):
        case.complete("a", decision="again")
        sizes.append(len(case.snapshot.state))

    assert len(set(sizes[2:])) == 1
    assert case.complete("a", decision="done").ready() == ["patient"]
    assert case.complete("patient", decision="x").is_finished


@RESTORES
def test_a_whole_parallel_block_can_be_gone_through_again(restores):
    made = definition(
        start(),
        node("exclusiveGateway", "top"),
        node("parallelGateway", "fork"),
        user("a"),
        user("b"),
        user("c"),
        node("parallelGateway", "join"),
        node("exclusiveGateway", "again", default="again__end"),
        end(),
        flows("start > top > fork > a > join > again > end", "fork > b > join", "fork > c > join"),
        flows('again > [=decision = "again"] top'),
    )
    case = Driver(made, restores)
    sizes = []
    for _ in range(6):
        case.complete("b", decision="again").complete("a", decision="again")
        assert case.ready() == ["c"]
        case.complete("c", decision="again")
        assert case.ready() == ["a", "b", "c"]
        sizes.append(len(case.snapshot.state))

    assert len(set(sizes)) == 1
    case.complete("c", decision="x").complete("b", decision="x").complete("a", decision="x")
    assert case.is_finished


def test_a_finished_task_is_not_ready_and_nothing_happens_twice():
    case = Driver(definition(*review()))
    task = case.task("apply")
    case.complete("apply", decision="return")

    with pytest.raises(NotReady):
        case.execution.complete(task.id, {"decision": "approve"}, NOW)

    assert case.ready() == ["correct"]


def test_no_true_condition_and_no_default_is_an_incident_with_its_place():
    made = definition(
        start(),
        user("apply"),
        node("exclusiveGateway", "verdict"),
        end(),
        end("other"),
        flows(
            "start > apply > verdict",
            'verdict > [=decision = "approve"] end',
            "verdict > [=unknown >= 3] other",
        ),
    )
    case = Driver(made)

    with pytest.raises(Stuck) as incident:
        case.complete("apply", decision="?")

    assert incident.value.element_id == "verdict"
    assert incident.value.element_name == "名verdict"
    assert "condition" in incident.value.reason
    assert "unknown" in incident.value.reason
    assert "条件" in incident.value.reason_zh


def test_only_true_is_true():
    made = definition(
        start(),
        node("exclusiveGateway", "g", default="g__end"),
        end(),
        end("wrong"),
        flows('start > g > [="false"] wrong', "g > end"),
    )

    assert ("completed", "end") in Driver(made).events


@RESTORES
def test_parallel_branches_wait_for_each_other_and_keep_all_they_wrote(restores):
    made = definition(
        start(),
        node("parallelGateway", "fork"),
        *(user(name, "opinion") for name in ("a", "b", "c")),
        script("list_a", "=[1, 2, 3]", "found"),
        node("parallelGateway", "join"),
        user("after"),
        end(),
        flows(
            "start > fork > a > list_a > join",
            "fork > b > join",
            "fork > c > join > after > end",
        ),
    )
    case = Driver(made, restores)

    case.complete("c", days=3).complete("a", verdict="yes")
    assert case.ready() == ["b"]
    case.complete("b", days=5)

    assert case.ready() == ["after"]
    assert case.variables == {"days": 5, "verdict": "yes", "found": [1, 2, 3]}
    assert case.complete("after").is_finished


@RESTORES
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [(["a"], ["a"]), (["a", "b"], ["a", "b"]), ([], ["c"])],
)
def test_an_inclusive_gateway_takes_all_true_conditions_and_waits_for_these(
    restores, wanted, expected
):
    made = definition(
        start(),
        node("inclusiveGateway", "fork", default="fork__c"),
        *(user(name) for name in "abc"),
        node("inclusiveGateway", "join"),
        user("after"),
        end(),
        flows(
            'start > fork > [=list contains(applicant, "a")] a > join',
            'fork > [=list contains(applicant, "b")] b > join',
            "fork > c > join > after > end",
        ),
    )
    case = Driver(made, restores, applicant=wanted)

    assert case.ready() == expected
    for name in expected:
        assert "after" not in case.ready()
        case.complete(name)
    assert case.ready() == ["after"]


@RESTORES
def test_a_terminate_end_stops_everything_in_its_process(restores):
    made = definition(
        start(),
        node("parallelGateway", "fork"),
        user("a"),
        user("b"),
        end("stop", "<bpmn:terminateEventDefinition/>"),
        end(),
        flows("start > fork > a > stop", "fork > b > end"),
    )
    case = Driver(made, restores)

    case.complete("a")

    assert case.is_finished
    assert case.ready() == []
    assert ("cancelled", "b") in case.events


@RESTORES
def test_an_embedded_sub_process_ends_when_all_in_it_has_ended(restores):
    made = definition(
        start(),
        node(
            "subProcess",
            "sub",
            start("s"),
            node("parallelGateway", "fork"),
            user("a"),
            user("b"),
            end("e1"),
            end("e2"),
            flows("s > fork > a > e1", "fork > b > e2"),
        ),
        user("after"),
        end(),
        flows("start > sub > after > end"),
    )
    case = Driver(made, restores)

    case.complete("a", decision="in the sub-process")
    assert case.ready() == ["b"]
    case.complete("b")

    assert case.ready() == ["after"]
    assert case.variables == {"decision": "in the sub-process"}
    assert case.events.index(("entered", "sub")) < case.events.index(("entered", "a"))
    assert case.events.index(("completed", "sub")) < case.events.index(("entered", "after"))


def test_a_terminate_end_in_a_sub_process_stops_that_sub_process_only():
    made = definition(
        start(),
        node(
            "subProcess",
            "sub",
            start("s"),
            node("parallelGateway", "fork"),
            user("a"),
            user("b"),
            end("stop", "<bpmn:terminateEventDefinition/>"),
            end("e"),
            flows("s > fork > a > stop", "fork > b > e"),
        ),
        user("after"),
        end(),
        flows("start > sub > after > end"),
    )

    case = Driver(made).complete("a")

    assert case.ready() == ["after"]


def test_plain_and_manual_tasks_are_passed_and_throw_events_too():
    made = definition(
        start(),
        node("task", "t"),
        node("manualTask", "m"),
        node("intermediateThrowEvent", "milestone"),
        end(),
        flows("start > t > m > milestone > end"),
    )

    assert Driver(made).is_finished


def test_a_loop_without_a_stop_is_given_up():
    made = definition(
        start(),
        script("again", "=1", "n"),
        node("exclusiveGateway", "g", default="g__again"),
        end(),
        flows("start > again > g > again", "g > [=n = 2] end"),
    )

    with pytest.raises(Stuck, match="on and on"):
        Driver(made)


def test_a_long_chain_runs():
    names = [f"n{index}" for index in range(390)]
    made = definition(
        start(),
        *(node("task", name) for name in names),
        user("last"),
        end(),
        flows(" > ".join(["start", *names, "last", "end"])),
    )
    case = Driver(made)

    assert case.ready() == ["last"]
    assert len(case.snapshot.state) < 2_000


def test_a_service_waits_for_its_answer_while_others_go_on():
    made = definition(
        start(),
        node("parallelGateway", "fork"),
        service("tell"),
        user("a"),
        end("e1"),
        end("e2"),
        flows("start > fork > tell > e1", "fork > a > e2"),
    )
    case = Driver(made)

    case.complete("a")
    assert not case.is_finished
    assert case.answer("tell").is_finished


def test_a_join_in_a_loop_waits_for_all_its_branches_in_each_round():
    made = built(("again", "l", ("all", "f", [("do", "a", "late"), ("do", "b", "")])))
    case = Driver(made)
    case.wait(hours=6)  # the reminder's task stays beside the loop
    case.complete("a").complete("b").complete("lt", decision="return")

    case.complete("b")

    assert "lt" not in case.ready()
    case.complete("a")
    assert "lt" in case.ready()
