"""Trial cases: a script played against a diagram, with nothing kept and nobody told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bpmn import scenario, shipped, verdicts
from bpmn.bundle import Operation
from bpmn.parser import Definition, parse
from bpmn.scenario import BadScenario, Scenario
from bpmn.trial import AnswersRefused, Setting, Trial, play
from tests.bpmn import consultation
from tests.bpmn.diagrams import (
    NOW,
    VOCABULARY,
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
    properties,
    service,
    start,
    timer,
    user,
)

OPERATIONS = {
    **VOCABULARY.operations,
    "number": Operation(
        "number", outputs=frozenset({"case_number"}), examples={"case_number": "=7"}
    ),
}
TRANSITIONS = {
    "draft": frozenset({"pending", "cancelled"}),
    "pending": frozenset({"draft", "assigned", "cancelled"}),
    "assigned": frozenset({"in_progress", "cancelled"}),
    "in_progress": frozenset({"assigned", "completed", "cancelled"}),
    "completed": frozenset(),
    "cancelled": frozenset(),
}


def accepted(_form: str, answers: Any, _before: Any, _now: Any) -> Any:
    """A form that takes whatever it is given, but no forged name."""
    if "forged" in answers:
        raise AnswersRefused({"forged": "没有这个字段"})
    return answers


SETTING = Setting(OPERATIONS, TRANSITIONS, frozenset({"application"}), accepted)


def script(*steps: dict[str, Any], expected: tuple[str, ...] = (), **variables: Any) -> Scenario:
    document = {
        "name": "一个场景",
        "at": NOW.isoformat(),
        "variables": variables,
        "steps": list(steps),
        "expected": list(expected),
    }
    return scenario.read(document)


def complete(element: str, item: Any = None, /, **answers: Any) -> dict[str, Any]:
    step = {"complete": element, "answers": answers}
    return step if item is None else {**step, "item": item}


def tried(made: Definition, *steps: dict[str, Any], **variables: Any) -> Trial:
    return play(made, script(*steps, **variables), SETTING)


def elements_ready(result: Trial) -> list[str]:
    return [one.task.element_id for one in result.ready]


SHIPPED = parse(shipped.bundle("consultation"), consultation.VOCABULARY)
SHIPPED_SETTING = Setting(
    {
        **consultation.VOCABULARY.operations,
        "arrange_session": Operation(
            "arrange_session",
            frozenset({"scheduled_at", "duration_min"}),
            outputs=frozenset({"session_at"}),
            examples={"session_at": "=scheduled_at"},
        ),
    },
    TRANSITIONS,
    frozenset({"application"}),
    accepted,
)
AGREED = (NOW + timedelta(days=2)).isoformat(timespec="minutes")
WHOLE = (
    complete("fill_application", urgency="urgent"),
    complete("review_director", decision="return", reason="请补充心电图"),
    complete("fill_application", urgency="urgent"),
    complete("review_director", decision="approve"),
    complete("review_inviting_affairs", decision="approve"),
    complete(
        "review_invited_affairs", decision="approve", expert_department="5", experts=["8", "7"]
    ),
    complete("schedule", scheduled_at=AGREED, duration_min=30),
    {"advance": "P2D"},
    complete("session", outcome="held"),
    complete("write_opinions", "7", track=False),
    complete("write_opinions", "8", track=False),
    complete("write_report"),
    complete("sign_report", confirm=True),
    complete("decide_execution", decision="accept"),
)


def shipped_trial(*steps: dict[str, Any]) -> Trial:
    return play(SHIPPED, script(*steps, applicant="3", consultation=1), SHIPPED_SETTING)


def test_the_shipped_process_is_played_to_its_end():
    """O-2, issue 3: start a trial case and be each role in turn."""
    result = shipped_trial(*WHOLE)

    assert result.problem is None
    assert result.is_finished
    assert result.status == "completed"
    assert result.entered[-1] == "end_completed"
    assert result.entered.count("fill_application") == 2
    assert [one.operation for one in result.calls][:2] == ["assign_experts", "notify"]
    assert result.variables["session_at"] == f"{AGREED[:16]}:00+08:00"


def test_a_script_yields_the_same_trial_whenever_it_is_played():
    once, again = shipped_trial(*WHOLE[:10]), shipped_trial(*WHOLE[:10])

    assert [(one.element_id, one.kind, one.at) for one in once.path] == [
        (one.element_id, one.kind, one.at) for one in again.path
    ]
    assert [one.task.item for one in once.ready] == [one.task.item for one in again.ready] == ["8"]
    assert once.variables == again.variables


def test_a_step_less_is_where_it_stood_before():
    before = shipped_trial(*WHOLE[:5])

    assert elements_ready(before) == ["review_invited_affairs"]
    assert (before.ready[0].task.role, before.ready[0].task.side) == ("medical_affairs", "invited")
    assert before.ready[0].task.due_at == NOW + timedelta(hours=4)
    assert before.standing == ("review_invited_affairs",)


def test_a_corrected_application_opens_with_what_it_held():
    returned = shipped_trial(*WHOLE[:2])

    assert returned.ready[0].before == {"urgency": "urgent"}
    assert shipped_trial(*WHOLE[:3]).ready[0].before == {}  # a review is thought anew


def test_each_timer_fires_at_its_own_moment():
    result = shipped_trial(WHOLE[0], {"advance": "P1D"})

    reminded = next(one for one in result.path if one.element_id == "director_remind")
    assert reminded.at == NOW + timedelta(hours=4)
    assert result.at == NOW + timedelta(days=1)
    assert elements_ready(result) == ["review_director"]


def test_timers_are_told_with_their_moments_and_messages_with_their_names():
    waits = shipped_trial(WHOLE[0]).waits

    assert [(one.element_id, one.due_at, one.message) for one in waits] == [
        ("director_withdrawn", None, "withdraw"),
        ("director_overdue", NOW + timedelta(hours=4), None),
    ]


def test_a_repeating_timer_fires_as_often_as_it_is_due():
    made = definition(
        start(),
        user("work"),
        boundary("ring", "work", timer("timeCycle", "R3/PT1H"), interrupts=False),
        end("rung"),
        end(),
        flows("start > work > end", "ring > rung"),
    )

    result = tried(made, {"advance": "PT2H30M"})

    assert [one.at - NOW for one in result.path if one.element_id == "ring"][::2] == [
        timedelta(hours=1),
        timedelta(hours=2),
    ]


def test_time_without_measure_is_refused_not_waited_for():
    made = definition(
        start(),
        user("work"),
        boundary("ring", "work", timer("timeCycle", "R/PT1S"), interrupts=False),
        end("rung"),
        end(),
        flows("start > work > end", "ring > rung"),
    )

    problem = tried(made, {"advance": "P1Y"}).problem

    assert problem is not None
    assert "定时器" in problem.zh
    assert (problem.kind, problem.step) == ("stuck", 0)


def called(*more: str) -> Definition:
    return definition(
        start(),
        service("number", "number", io(outputs={"case_number": "=case_number"})),
        service("room", "open_room", io({"title": "=case_number"}, {"room": "=room"})),
        boundary("broken", "room", '<bpmn:errorEventDefinition errorRef="e"/>'),
        user("meet"),
        user("repair"),
        end(),
        end("repaired"),
        flows("start > number > room > meet > end", "broken > repair > repaired"),
        *more,
        outside='<bpmn:error id="e" errorCode="no-room"/>',
    )


def test_calls_nobody_mocks_answer_themselves_by_the_examples_of_their_operation():
    result = tried(called())

    assert elements_ready(result) == ["meet"]
    assert result.variables["case_number"] == 7
    assert [(one.element_id, one.outputs, one.is_scripted) for one in result.calls] == [
        ("number", {"case_number": 7}, False),
        ("room", {}, False),
    ]


def test_a_call_is_answered_as_the_script_says():
    result = tried(called(), {"answer": "room", "outputs": {"room": "三号会诊室"}})

    assert result.variables["room"] == "三号会诊室"
    assert [one.is_scripted for one in result.calls] == [False, True]
    assert [one.step for one in result.calls] == [-1, 0]


def test_a_call_fails_as_the_script_says():
    caught = tried(called(), {"fail": "room", "code": "no-room"})
    uncaught = tried(called(), {"fail": "number", "code": "no-room"})

    assert elements_ready(caught) == ["repair"]
    assert caught.calls[-1].error == "no-room"
    assert uncaught.problem is not None
    assert uncaught.problem.element_id == "number"


def test_a_call_that_a_timer_makes_can_be_mocked_too():
    result = shipped_trial(
        WHOLE[0], {"advance": "PT5H"}, {"fail": "director_remind", "code": "unsent"}
    )

    assert result.problem is not None  # nothing in the diagram catches it
    assert result.problem.element_id == "director_remind"
    assert result.calls[-1].error == "unsent"


def test_a_service_without_what_it_needs_is_where_a_trial_gets_stuck():
    made = definition(
        start(),
        service("room", "open_room", io({"title": "=nothing"})),
        end(),
        flows("start > room > end"),
    )

    problem = tried(made).problem

    assert problem is not None
    assert (problem.element_id, problem.kind, problem.step) == ("room", "stuck", -1)
    assert "title" in problem.zh


def test_calls_without_end_are_told_as_such():
    made = definition(
        start(),
        node("exclusiveGateway", "again", default="again__room"),
        service("room", "number"),
        user("never"),
        end(),
        flows("start > again > room > again", "again > [=stop = true] never > end"),
    )

    problem = tried(made).problem

    assert problem is not None
    assert "100" in problem.zh


def branching(condition: str = '=decision = "yes"') -> Definition:
    return definition(
        start(),
        user("ask"),
        node("exclusiveGateway", "either"),
        user("go", many=many("=people", "person")),
        end(),
        flows("start > ask > either", f"either > [{condition}] go > end"),
    )


def test_a_condition_that_leads_nowhere_is_told_with_its_element():
    result = tried(branching(), complete("ask", decision="no"), people=["a", "b"])

    assert result.problem is not None
    assert (result.problem.kind, result.problem.element_id) == ("stuck", "either")
    assert elements_ready(result) == ["ask"]  # as it stood before


def test_one_of_many_is_named_by_its_item():
    result = tried(
        branching(), complete("ask", decision="yes"), complete("go", "b"), people=["a", "b"]
    )

    assert [one.task.item for one in result.ready] == ["a"]


def test_a_step_the_diagram_does_not_wait_for_ends_the_trial_there():
    gone = tried(branching(), complete("retired"), people=[])
    early = tried(branching(), complete("go"), people=["a"])
    unheard = tried(branching(), {"deliver": "cancel"}, people=[])
    unanswered = tried(branching(), {"answer": "ask", "outputs": {}}, people=[])

    for result, word in [(gone, "retired"), (early, "名go"), (unheard, "cancel")]:
        assert result.problem is not None
        assert (result.problem.kind, result.problem.step) == ("astray", 0)
        assert word in result.problem.zh
    assert unanswered.problem is not None
    assert unanswered.problem.kind == "astray"


def test_a_message_is_heard_with_what_it_says():
    made = definition(
        start(),
        user("work"),
        boundary("stop", "work", message("cancel"), extension=io(outputs={"why": "=reason"})),
        end(),
        end("stopped"),
        flows("start > work > end", "stop > stopped"),
        outside=messages("cancel"),
    )

    result = tried(made, {"deliver": "cancel", "payload": {"reason": "转院"}})

    assert result.is_finished
    assert result.variables["why"] == "转院"


def test_answers_a_form_refuses_are_told_by_field():
    result = tried(branching(), complete("ask", forged="x"), people=[])

    assert result.problem is not None
    assert (result.problem.kind, result.problem.errors) == ("answers", {"forged": "没有这个字段"})


def test_a_status_no_case_may_take_next_is_told():
    made = definition(
        start(),
        user("done", more=properties(status="completed")),
        user("pending", more=properties(status="pending")),
        end(),
        flows("start > done > pending > end"),
    )

    problem = tried(made, complete("done")).problem

    assert problem is not None
    assert "completed" in problem.zh


def test_a_variable_of_a_forbidden_name_is_told():
    problem = tried(branching(), typename="x").problem

    assert problem is not None
    assert problem.kind == "stuck"


@pytest.mark.parametrize(
    "change",
    [
        {"at": "yesterday"},
        {"at": "2026-03-02T09:00:00"},
        {"at": "9999-03-02T09:00:00Z"},
        {"name": 5},
        {"steps": "none"},
        {"steps": [5]},
        {"steps": [{"jump": "a"}]},
        {"steps": [{"complete": 5}]},
        {"steps": [{"complete": "a", "answers": []}]},
        {"steps": [{"fail": "a", "code": 5}]},
        {"steps": [{"advance": "tomorrow"}]},
        {"steps": [{"advance": "P1D"}] * 501},
        {"variables": []},
        {"expected": [5]},
    ],
)
def test_a_scenario_of_another_shape_is_refused(change):
    sound = {"name": "x", "at": NOW.isoformat(), "steps": []}

    with pytest.raises(BadScenario) as refusal:
        scenario.read({**sound, **change})

    assert refusal.value.zh
    assert scenario.read(sound).variables == {}


def test_time_beyond_the_calendar_is_told():
    assert tried(branching(), {"advance": "P9000Y"}, people=[]).problem is not None


def test_scenarios_pass_as_long_as_the_way_is_the_expected_one():
    whole = shipped_trial(*WHOLE)
    kept = script(*WHOLE, expected=whole.entered, applicant="3", consultation=1)
    other = script(WHOLE[0], expected=("start", "fill_application", "schedule"), applicant="3")
    broken = script(complete("schedule"), applicant="3")

    found, _coverage = verdicts.judge(SHIPPED, [kept, other, broken], SHIPPED_SETTING)

    assert [one.is_passed for one in found] == [True, False, False]
    assert found[1].difference == verdicts.Difference(2, "schedule", "set_limits")
    assert found[2].trial.problem is not None


def test_coverage_counts_what_some_token_came_by():
    whole = script(*WHOLE, applicant="3", consultation=1)

    _found, coverage = verdicts.judge(SHIPPED, [whole], SHIPPED_SETTING)

    assert {"fill_application", "opening_time", "end_completed"} <= coverage.elements
    assert "flow_decision_director__merge_returned_director" in coverage.flows
    assert "flow_decision_inviting_affairs__merge_returned_affairs" in coverage.flows_left
    assert "flow_await_session__wait_cancelled" in coverage.flows_left
    assert "end_refused" in coverage.elements_left
    assert coverage.elements.isdisjoint(coverage.elements_left)
    assert coverage.percent == 31


def test_what_is_entered_is_the_same_whether_a_case_is_kept_between_its_steps_or_not():
    """A trial runs in one go; a real case is saved and restored at each step."""
    made = branching()
    case = Driver(made, people=["a", "b"]).complete("ask", decision="yes")
    case.complete("go", "a").complete("go", "b")

    steps = complete("ask", decision="yes"), complete("go", "a"), complete("go", "b")
    result = tried(made, *steps, people=["a", "b"])

    assert list(result.entered) == [name for kind, name in case.events if kind == "entered"]


def test_all_branches_into_a_join_are_covered():
    made = definition(
        start(),
        node("parallelGateway", "fork"),
        user("a"),
        service("b", "number"),
        node("parallelGateway", "join"),
        end(),
        flows("start > fork > a > join > end", "fork > b > join"),
    )

    _found, coverage = verdicts.judge(made, [script(complete("a"))], SETTING)

    assert coverage.percent == 100
    assert coverage.elements_left == coverage.flows_left == ()


def test_a_loop_covers_no_flow_it_did_not_take():
    made = definition(
        start(),
        user("a"),
        node("exclusiveGateway", "x", default="x__b"),
        user("b"),
        node("exclusiveGateway", "y", default="y__a"),
        end(),
        flows("start > a > x > b > y > a", "x > [=decision = 1] y", "y > [=decision = 2] end"),
    )
    steps = [complete("a", decision=0), complete("b", decision=0)] * 6

    result = tried(made, *steps)

    assert result.problem is None
    assert "x__y" not in result.flows
    assert "y__end" not in result.flows
