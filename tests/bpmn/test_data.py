"""Which data reaches the process, and that nothing recorded is rewritten."""

import pytest

from bpmn.environment import FeelEngine, NotAllowed, ReservedName
from bpmn.feel import FeelError
from bpmn.run import Run
from tests.bpmn.diagrams import (
    NOW,
    Driver,
    definition,
    end,
    flows,
    io,
    node,
    script,
    service,
    start,
    user,
)
from tests.bpmn.test_dmn import definitions, table


def two_tasks(first: str, *more: str):
    return definition(
        start(), first, *more, user("last"), end(), flows("start > first > last > end")
    )


def test_only_choices_reach_the_process():
    case = Driver(two_tasks(user("first", "opinion")))

    case.complete("first", opinion="long text", verdict="yes", days=3, undeclared="x")

    assert case.variables == {"verdict": "yes", "days": 3}
    assert "long text" not in case.snapshot.state


def test_with_output_mappings_only_these_reach_the_process():
    more = io(outputs={"length": "=string length(opinion)", "twice": "=length * 2"})
    case = Driver(two_tasks(user("first", "opinion", more)))

    case.complete("first", opinion="four", verdict="yes", days=3)

    assert case.variables == {"length": 4, "twice": 8}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-05T10:00+08:00", "2026-03-05T10:00:00+08:00"),
        ("2026-03-05T10:00Z", "2026-03-05T10:00:00Z"),
        ("2026-03-05T10:00", "2026-03-05T10:00:00"),
        ("2026-03-05", "2026-03-05"),
        ("10:00", "10:00:00"),
        (None, None),
    ],
)
def test_a_forms_time_is_a_time_to_feel(written, read):
    """form-js leaves the seconds out, and FEEL knows no time without them."""
    more = io(outputs={"at": "=at", "same": "=reason"})
    case = Driver(two_tasks(user("first", "times", more)))

    case.complete("first", at=written, reason="10:00")

    assert case.variables == {"at": read, "same": "10:00"}


def test_a_task_without_a_form_yields_nothing():
    case = Driver(two_tasks(user("first", form="")))

    assert case.complete("first", decision="x").variables == {}


@pytest.mark.parametrize("answers", [{"typename": 1}, {"a": [{"typename": 1}]}])
def test_typename_is_refused_at_the_border_however_deep(answers):
    case = Driver(two_tasks(user("first")))

    with pytest.raises(ReservedName):
        case.complete("first", **answers)
    with pytest.raises(ReservedName):
        Driver(two_tasks(user("first")), **answers)


def test_values_from_outside_are_json_and_copied():
    given = {"applicant": {"names": ["a"]}}
    case = Driver(two_tasks(user("first")), restores=False, **given)
    given["applicant"]["names"].append("b")
    case.variables["applicant"]["names"].append("c")

    assert case.variables == {"applicant": {"names": ["a"]}}
    with pytest.raises(TypeError):
        Driver(two_tasks(user("first")), applicant=object())
    with pytest.raises(ValueError, match="JSON"):
        Driver(two_tasks(user("first")), applicant=float("nan"))


def test_a_script_is_feel_and_its_result_is_json():
    made = definition(
        start(),
        script("a", '=@"2026-03-02" + duration("P1M")', "day"),
        script("b", "=1 / 3 > 0.3 and 7 / 2", "odd"),
        script("c", '={"half": 7 / 2, "whole": 2 * 3, "span": duration("PT90M")}', "numbers"),
        user("last"),
        end(),
        flows("start > a > b > c > last > end"),
    )

    variables = Driver(made).variables

    assert variables["day"] == "2026-04-02"
    assert variables["odd"] is None
    assert variables["numbers"] == {"half": 3.5, "whole": 6, "span": "PT1H30M"}


def test_a_decision_of_the_bundle_is_asked_with_all_variables():
    xml = definitions(table("UNIQUE", ["applicant.age"], [("< 18", '"儿科"'), (">= 18", '"普通"')]))
    words = '<zeebe:calledDecision decisionId="triage" resultVariable="department"/>'
    made = definition(
        start(),
        node("businessRuleTask", "ask", extension=words),
        user("last"),
        end(),
        flows("start > ask > last > end"),
        decisions={"triage": xml},
    )

    assert Driver(made, applicant={"age": 7}).variables["department"] == "儿科"
    assert Driver(made, applicant={"age": 70}).variables["department"] == "普通"


def test_services_get_their_inputs_and_give_their_outputs():
    more = io(inputs={"title": '="会诊" + applicant'}, outputs={"room_id": "=room.id"})
    made = definition(
        start(),
        service("open", "open_room", more),
        service("number", "number"),
        user("last"),
        end(),
        flows("start > open > number > last > end"),
    )
    case = Driver(made, applicant="李")

    (call,) = case.execution.calls()
    assert (call.element_id, call.operation) == ("open", "open_room")
    assert call.inputs == {"title": "会诊李"}
    case.answer("open", room={"id": 7, "secret": "x"}).answer("number", case_number="C-1")

    assert case.variables == {"applicant": "李", "room_id": 7, "case_number": "C-1"}


def test_a_sub_process_sees_outer_variables_and_keeps_its_inputs_to_itself():
    sub = node(
        "subProcess",
        "first",
        start("s"),
        script("x", "=seed + 1", "inner"),
        user("in"),
        end("e"),
        flows("s > x > in > e"),
        extension=io(inputs={"seed": "=applicant * 2", "inner": "=0"}, outputs={"found": "=inner"}),
    )
    case = Driver(two_tasks(sub), applicant=20)

    assert case.variables == {"applicant": 20}
    case.complete("in", decision="yes")

    assert case.variables == {"applicant": 20, "decision": "yes", "found": 41}


def test_what_spiffworkflow_reaches_is_feel_and_never_python():
    run = Run(two_tasks(user("first")), {"a": 1}, NOW)
    run.plant()
    engine = run.script_engine

    assert type(engine) is FeelEngine
    assert engine.environment.evaluate("a + 1", {"a": 1}) == 2
    assert engine.environment.evaluate("=a + 1", {"a": 1}) == 2
    assert engine.environment.evaluate('__import__("os").getcwd()', {}) is None
    with pytest.raises(FeelError):
        engine.environment.evaluate("[x for x in ().__class__.__mro__]", {})
    assert engine.evaluate(run.task_tree, "a") == 1
    for forbidden in (
        lambda: engine.execute(run.task_tree, "a = 2"),
        lambda: engine.environment.execute("a = 2", {}),
        lambda: engine.call_service(run.task_tree),
        lambda: engine.environment.call_service({}),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
