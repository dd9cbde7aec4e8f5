"""Trying a decision out: the values it wants, what comes of them, and which rules said so."""

from datetime import UTC, datetime

import pytest

from bpmn import shipped
from bpmn.dmn import trial
from tests.bpmn.test_dmn import AGES, definitions, table

NOW = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)
LIMITS = shipped.bundle("consultation").decisions["response_limits"]


def run(xml, given, name="triage"):
    return trial.run(xml, name, given, NOW)


def test_a_table_says_what_it_wants_and_which_rule_matched():
    asked = run(LIMITS, {}, "response_limits")
    told = run(LIMITS, {"urgency": "urgent"}, "response_limits")

    (field,) = asked.fields
    assert (field.name, field.label, field.type) == ("urgency", "紧急程度", "string")
    assert field.choices == ("routine", "urgent", "critical")
    assert asked.steps[0].rules == ()
    assert told.fields == asked.fields
    assert told.value["review_hours"] == 4
    assert told.steps == (
        trial.Step("response_limits", "响应时限", (("紧急程度", "urgent"),), (2,), told.value),
    )


def test_the_child_gives_the_same_answer():
    given = {"urgency": "urgent"}
    told = trial.try_out(LIMITS, "response_limits", given, NOW)
    here = run(LIMITS, given, "response_limits")
    assert (told.value, told.problems, told.faults) == (here.value, here.problems, here.faults)
    assert [(one.decision, list(one.rules)) for one in told.steps] == [("response_limits", [2])]
    assert [one.name for one in told.fields] == ["urgency"]


@pytest.mark.parametrize(
    ("policy", "age", "rules"),
    [("FIRST", "95", [3]), ("COLLECT", "95", [3, 4]), ("UNIQUE", "95", [3, 4]), ("UNIQUE", "", [])],
)
def test_matched_rules_are_those_that_counted(policy, age, rules):
    told = run(definitions(table(policy, ["年龄"], AGES)), {"年龄": age})
    assert list(told.steps[0].rules) == rules


def test_why_there_is_no_value_is_told():
    told = run(definitions(table("UNIQUE", ["年龄"], AGES)), {"年龄": "95"})
    assert told.value is None
    assert [(one.decision, one.en) for one in told.problems] == [
        ("分诊", "more than one rule matches")
    ]


def typed(kind, test):
    xml = definitions(table("FIRST", ["x"], [(test, '"yes"'), ("-", '"no"')]))
    return xml.replace("<inputExpression>", f'<inputExpression typeRef="{kind}">')


@pytest.mark.parametrize(
    ("kind", "test", "text"),
    [
        ("number", "> 2.5", "2.6"),
        ("boolean", "true", "true"),
        ("string", '"2"', "2"),
        ("date", '> date("2026-03-01")', "2026-03-05"),
        ("time", '> time("08:00:00")', "09:30"),
        ("dateTime", '> date and time("2026-03-01T00:00:00")', "2026-03-05T10:00"),
        ("dayTimeDuration", '> duration("P1D")', "P2D"),
        ("Any", "> 2", "3"),
        ("Any", "true", "true"),
        ("Any", '"重症"', "重症"),
        ("feel:number", "> 2", "3"),
    ],
)
def test_a_text_is_read_by_its_type(kind, test, text):
    assert run(typed(kind, test), {"x": text}).value == "yes"


@pytest.mark.parametrize(
    ("kind", "text"), [("number", "三"), ("number", "1e9"), ("boolean", "maybe"), ("date", "昨天")]
)
def test_a_text_that_cannot_be_read_is_told_at_its_field(kind, text):
    told = run(typed(kind, "-"), {"x": text})
    assert set(told.faults) == {"x"}
    assert told.steps == ()


def test_columns_read_paths_and_rules_read_names():
    xml = definitions(table("FIRST", ["patient.age", "limit + 1"], [(">= floor", "-", "ceiling")]))
    asked = run(xml, {})
    assert [one.name for one in asked.fields] == ["patient.age", "limit", "floor", "ceiling"]
    given = {"patient.age": "71", "limit": "1", "floor": "60", "ceiling": "9"}
    told = run(xml, given)
    assert told.value == 9
    assert told.steps[0].inputs == (("patient.age", 71), ("limit + 1", 2))


def test_a_required_decision_is_a_step_of_its_own_and_no_field():
    needed = (
        '<decision id="age" name="年龄"><literalExpression><text>year - born</text>'
        "</literalExpression></decision>"
    )
    requirement = '<informationRequirement><requiredDecision href="#age"/></informationRequirement>'
    xml = definitions(needed, table("FIRST", ["年龄"], AGES, extra=requirement))
    told = run(xml, {"year": "2026", "born": "1955"})
    assert [one.name for one in told.fields] == ["born", "year"]
    assert [(one.name, one.value) for one in told.steps] == [("年龄", 71), ("分诊", "老年")]
    assert told.steps[0].rules == ()


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        ("<a", "triage"),
        (LIMITS, "other"),
        (definitions(table("UNIQUE", ["1 +"], AGES)), "triage"),
        ("<!DOCTYPE a []>" + LIMITS, "response_limits"),
    ],
)
def test_what_is_no_decision_is_told(xml, name):
    told = run(xml, {}, name)
    assert told.problems
    assert told.fields == ()


def test_a_result_that_cannot_be_shown_is_told():
    told = run(definitions(table("FIRST", ["x"], [("-", "[1..5]")])), {})
    assert "cannot be shown" in told.problems[0].en


def test_what_takes_too_long_is_given_up():
    told = trial.try_out(LIMITS, "response_limits", {}, NOW, seconds=0.001)
    assert [one.en for one in told.problems] == ["the evaluation took too much time or memory"]
