"""What may not be published, and that it is said with place, rule and reason in two languages."""

import dataclasses
import re

import pytest

from bpmn import lint
from bpmn.bundle import Bundle, Finding, Operation, Refused
from bpmn.parser import load, parse
from tests.bpmn.diagrams import (
    FORMS,
    VOCABULARY,
    boundary,
    bundle,
    document,
    end,
    flows,
    io,
    many,
    message,
    messages,
    node,
    properties,
    script,
    service,
    start,
    timer,
    user,
)
from tests.bpmn.test_dmn import definitions, table


def around(*nodes: str, chain: str = "start > x > end", outside: str = "", **kwargs) -> Bundle:
    return bundle(start(), *nodes, end(), flows(*chain.split("; ")), outside=outside, **kwargs)


def found(made: Bundle, severity: str = "error") -> set[tuple[str, str]]:
    findings = lint.judge(made, VOCABULARY)
    return {(one.rule, one.element_id) for one in findings if one.severity == severity}


def in_lane(role: str, side: str) -> str:
    words = properties(**{k: v for k, v in (("role", role), ("side", side)) if v})
    return (
        f'<bpmn:laneSet id="ls"><bpmn:lane id="lane" name="道"><bpmn:extensionElements>{words}'
        "</bpmn:extensionElements><bpmn:flowNodeRef>x</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )


WORDS = [
    (around(in_lane("emperor", "inviting"), node("userTask", "x")), "unknown-role", "lane"),
    (around(in_lane("expert", "nobody"), node("userTask", "x")), "unknown-side", "lane"),
    (around(in_lane("expert", ""), node("userTask", "x")), "no-side", "lane"),
    (around(in_lane("", "inviting"), node("userTask", "x")), "nobody", "x"),
    (around(node("userTask", "x")), "nobody", "x"),
    (around(user("x", candidateGroups="emperor")), "unknown-role", "x"),
    (around(user("x", "unheard")), "unknown-form", "x"),
    (around(user("x", more=properties(record="unheard"))), "unknown-record", "x"),
    (around(user("x", "review", properties(record="opinion"))), "record-key", "x"),
    (around(user("x", more=properties(status="unheard"))), "unknown-status", "x"),
    (around(user("x", more=io(outputs={"applicant": "=1"}))), "form-routes", "x"),
    (around(node("serviceTask", "x")), "no-operation", "x"),
    (around(service("x", "unheard")), "unknown-operation", "x"),
    (around(service("x", "open_room")), "input-missing", "x"),
    (around(service("x", "number", io({"other": "=1"}))), "input-unknown", "x"),
    (around(node("businessRuleTask", "x")), "no-decision", "x"),
    (around(node("scriptTask", "x")), "no-script", "x"),
]


@pytest.mark.parametrize(("made", "rule", "place"), WORDS, ids=[rule for _, rule, _ in WORDS])
def test_words_that_do_not_exist(made, rule, place):
    assert found(made) == {(rule, place)}


STRUCTURE = [
    ("one-start", "p", bundle(end())),
    ("no-end", "p", bundle(start(), user("x"), flows("start > x > x"))),
    ("unreachable", "y", around(user("x"), user("y"), chain="start > x > end; y > end")),
    ("dead-end", "x", around(user("x"), user("y"), chain="start > x; start > y > end")),
    ("two-flows", "x", around(user("x"), user("y"), chain="start > x > end; x > y > end")),
    ("loose-flow", "x__gone", around(user("x"), chain="start > x > end; x > gone")),
    ("flow-direction", "x__start", around(user("x"), chain="start > x > end; x > start")),
    ("condition-ignored", "x__end", around(user("x"), chain="start > x > [=true] end")),
    (
        "condition-ignored",
        "x__end",
        around(node("parallelGateway", "x"), chain="start > x > [=true] end"),
    ),
    (
        "no-condition",
        "x__y",
        around(
            node("exclusiveGateway", "x"), user("y"), chain="start > x > [=true] end; x > y > end"
        ),
    ),
    ("default-flow", "x", around(node("exclusiveGateway", "x", default="start__x"))),
    (
        "awaits-no-event",
        "y",
        around(node("eventBasedGateway", "x"), user("y"), chain="start > x > y > end"),
    ),
    (
        "several-events",
        "x",
        around(
            node(
                "intermediateCatchEvent",
                "x",
                timer("timeDuration", "PT1H"),
                timer("timeDuration", "PT2H"),
            )
        ),
    ),
    ("no-event", "x", around(node("intermediateCatchEvent", "x"))),
    ("no-message", "x", around(node("intermediateCatchEvent", "x", message("unheard")))),
    ("event-kind", "x", around(node("intermediateThrowEvent", "x", message("m")))),
    (
        "event-kind",
        "x",
        around(node("intermediateCatchEvent", "x", timer("timeCycle", "R/PT1H"))),
    ),
    (
        "event-kind",
        "s",
        bundle(node("startEvent", "s", timer("timeDuration", "PT1H")), end(), flows("s > end")),
    ),
    (
        "error-end",
        "e",
        bundle(start(), end("e", "<bpmn:errorEventDefinition/>"), flows("start > e")),
    ),
    (
        "cycle-interrupts",
        "b",
        around(
            user("x"),
            boundary("b", "x", timer("timeCycle", "R/PT1H")),
            chain="start > x > end; b > end",
        ),
    ),
    (
        "error-host",
        "b",
        around(
            user("x"),
            boundary("b", "x", "<bpmn:errorEventDefinition/>"),
            chain="start > x > end; b > end",
        ),
    ),
    (
        "error-interrupts",
        "b",
        around(
            service("x"),
            boundary("b", "x", "<bpmn:errorEventDefinition/>", interrupts=False),
            chain="start > x > end; b > end",
        ),
    ),
    (
        "flow-across",
        "x__s",
        around(
            node("subProcess", "x", start("i"), user("s"), end("e"), flows("i > s > e")),
            chain="start > x > end; x > s",
        ),
    ),
    (
        "several-processes",
        "q",
        Bundle(
            document(start(), end(), flows("start > end")).replace(
                "</bpmn:definitions>", '<bpmn:process id="q"/></bpmn:definitions>'
            )
        ),
    ),
    (
        "too-many-elements",
        "p",
        around(
            *(node("task", f"n{index}") for index in range(400)),
            chain=" > ".join(["start", *(f"n{index}" for index in range(400)), "end"]),
        ),
    ),
    ("duplicate-id", "x", around(user("x"), user("x"))),
    ("taken-id", "End", around(user("End"), chain="start > End > end")),
]


@pytest.mark.parametrize(("rule", "place", "made"), STRUCTURE, ids=[one[0] for one in STRUCTURE])
def test_what_does_not_hang_together(rule, place, made):
    assert (rule, place) in found(made)
    with pytest.raises(Refused):
        parse(made, VOCABULARY)


def attached(event: str) -> Bundle:
    return around(user("x"), boundary("b", "x", event), chain="start > x > end; b > end")


UNSUPPORTED = {
    "callActivity": around(node("callActivity", "x", calledElement="q")),
    "transaction": around(node("transaction", "x")),
    "adHocSubProcess": around(node("adHocSubProcess", "x")),
    "complexGateway": around(node("complexGateway", "x")),
    "compensateEventDefinition": attached("<bpmn:compensateEventDefinition/>"),
    "linkEventDefinition": around(
        node("intermediateThrowEvent", "x", '<bpmn:linkEventDefinition name="l"/>')
    ),
    "signalEventDefinition": attached("<bpmn:signalEventDefinition/>"),
    "escalationEventDefinition": attached("<bpmn:escalationEventDefinition/>"),
    "conditionalEventDefinition": attached(
        "<bpmn:conditionalEventDefinition><bpmn:condition>a == 1</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    ),
    "standardLoopCharacteristics": around(
        node(
            "userTask",
            "x",
            '<bpmn:standardLoopCharacteristics testBefore="true" loopMaximum="2"/>',
        )
    ),
    "loopCardinality": around(
        node(
            "userTask",
            "x",
            "<bpmn:multiInstanceLoopCharacteristics>"
            "<bpmn:loopCardinality>__import__('os')</bpmn:loopCardinality>"
            "</bpmn:multiInstanceLoopCharacteristics>",
        )
    ),
    "script": around(node("scriptTask", "x", "<bpmn:script>import os</bpmn:script>")),
    "ioSpecification": around(node("userTask", "x", "<bpmn:ioSpecification/>")),
    "dataObject": around(user("x"), '<bpmn:dataObject id="d"/>'),
    "correlationProperty": around(
        user("x"),
        outside='<bpmn:correlationProperty id="c"><bpmn:correlationPropertyRetrievalExpression '
        'messageRef="m"><bpmn:messagePath>__import__("os")</bpmn:messagePath>'
        "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>",
    ),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_what_the_engine_cannot_run_is_named(name):
    assert f"unsupported-{name}" in {rule for rule, _ in found(UNSUPPORTED[name])}


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        (
            "event-sub-process",
            around(
                node(
                    "subProcess", "x", start("s"), end("e"), flows("s > e"), triggeredByEvent="true"
                )
            ),
        ),
        (
            "compensation",
            around(service("x").replace("name=", 'isForCompensation="true" name=', 1)),
        ),
        (
            "foreign-language",
            around(node("userTask", "x", scriptLanguage="python", language="python")),
        ),
        (
            "foreign-language",
            Bundle(
                document(start(), user("x"), end(), flows("start > x > end")).replace(
                    'isExecutable="true"', 'isExecutable="true" expressionLanguage="python"'
                )
            ),
        ),
        ("foreign-vendor", around(user("x").replace("name=", 'camunda:assignee="1" name=', 1))),
        ("zeebe-unknown", around(user("x", more="<zeebe:executionListeners/>"))),
        ("unknown-element", around(user("x"), '<bpmn:choreographyTask id="c"/>')),
    ],
)
def test_other_dialects_and_constructs_are_not_passed_over(rule, made):
    assert rule in {one for one, _ in found(made)}


def test_comments_and_instructions_of_other_tools_say_nothing():
    noted = around(user("x", many="<!-- drawn --><?tool version?>"))
    assert lint.judge(noted, VOCABULARY) == lint.judge(around(user("x")), VOCABULARY)


def test_a_data_object_two_levels_down_is_refused_and_hangs_nothing():
    inner = node(
        "subProcess",
        "inner",
        start("s2"),
        '<bpmn:dataObjectReference id="ref" dataObjectRef="d"/>',
        user("deep", more="").replace(
            "</bpmn:userTask>",
            '<bpmn:dataInputAssociation id="a"><bpmn:sourceRef>ref</bpmn:sourceRef>'
            "</bpmn:dataInputAssociation></bpmn:userTask>",
        ),
        end("e2"),
        flows("s2 > deep > e2"),
    )
    outer = node("subProcess", "x", start("s1"), inner, end("e1"), flows("s1 > inner > e1"))
    made = around('<bpmn:dataObject id="d"/>', outer)

    assert {rule for rule, _ in found(made)} == {
        "unsupported-dataObject",
        "unsupported-dataObjectReference",
        "unsupported-dataInputAssociation",
    }


TEXTS = [
    ("not-feel", around(node("exclusiveGateway", "x"), chain="start > x > [a == 1] end")),
    (
        "not-feel",
        around(
            node("exclusiveGateway", "x"),
            chain="start > x > [__import__('os').system('id') == 0] end",
        ),
    ),
    ("bad-feel", around(node("exclusiveGateway", "x"), chain="start > x > [=a == 1] end")),
    ("bad-feel", around(script("x", "=[n for n in range(9)]", "y"))),
    ("bad-feel", around(script("x", "=(lambda: 1)()", "y"))),
    ("unknown-function", around(script("x", '=__import__("os").system("id")', "y"))),
    ("unknown-function", around(script("x", '=open("/etc/passwd")', "y"))),
    ("not-feel", around(script("x", "1 + 1", "y"))),
    ("bad-feel", around(user("x", assignee="=1 +"))),
    ("bad-feel", around(user("x", more=io(outputs={"y": "=1 +"})))),
    ("not-feel", around(user("x", many=many("list", "y")))),
    ("bad-feel", around(user("x", many=many("", "y")))),
    ("bad-literal", around(user("x", more='<zeebe:taskSchedule dueDate="soon"/>'))),
    ("bad-literal", around(user("x", more='<zeebe:priorityDefinition priority="101"/>'))),
    (
        "bad-literal",
        around(node("intermediateCatchEvent", "x", timer("timeDuration", "3 hours"))),
    ),
    ("bad-feel", around(node("intermediateCatchEvent", "x", timer("timeDate", "")))),
    (
        "bad-literal",
        around(
            user("x"),
            boundary("b", "x", timer("timeCycle", "0 0 9 * * ?"), interrupts=False),
            chain="start > x > end; b > end",
        ),
    ),
    (
        "not-feel",
        around(
            node("receiveTask", "x", messageRef="m_go"), outside=messages("go", key="case_number")
        ),
    ),
    ("reserved-name", around(script("x", "=1", "typename"))),
    ("reserved-name", around(user("x", more=io(outputs={"loopCounter": "=1"})))),
    ("bad-name", around(script("x", "=1", "a.b"))),
    ("bad-name", around(user("x", more=io({"a b": "=1"})))),
]


@pytest.mark.parametrize(("rule", "made"), TEXTS)
def test_texts_that_are_no_feel_and_names_that_are_none(rule, made):
    assert {one for one, _ in found(made)} == {rule}


def test_bad_feel_is_said_with_its_position():
    (finding,) = lint.judge(around(script("x", "=1 +  * 2", "y")), VOCABULARY)

    assert "第 1 行第 7 列" in finding.zh
    assert "line 1, column 7" in finding.en


def test_names_that_nothing_writes_are_a_warning_that_publishing_passes_on():
    made = around(script("x", "=unheard + applicant", "y"))

    assert found(made) == set()
    assert found(made, "warning") == {("unknown-name", "x")}
    assert [one.rule for one in parse(made, VOCABULARY).warnings] == ["unknown-name"]


def test_names_are_known_from_wherever_they_are_written():
    made = bundle(
        start(),
        user("a", "experts"),
        user("b", "opinion", many=many("=experts", "who", outputCollection="all",
             outputElement="=verdict + who + string(loopCounter)"), assignee="=who"),
        service("c", "open_room", io({"title": '="x"', "minutes": "=10"}, {"rooms": "=room"})),
        script("d", "=[all, rooms, applicant]", "e"),
        script("f", "=e", "g"),
        end(),
        flows("start > a > b > c > d > f > end"),
    )  # fmt: skip

    assert found(made) == set()
    assert "unknown-name" not in {rule for rule, _ in found(made, "warning")}


@pytest.mark.parametrize("key", ["room", "applicant", "level", "typename"])
def test_a_form_may_not_write_what_routes_the_case(key):
    xml = definitions(table("UNIQUE", ["applicant"], [("-", "1")]))
    form = {"components": [{"type": "group", "components": [{"type": "textfield", "key": key}]}]}
    made = around(
        user("x", "sly"),
        service("y", "open_room", io({"title": '="t"'})),
        node(
            "businessRuleTask",
            "z",
            extension='<zeebe:calledDecision decisionId="triage" resultVariable="level"/>',
        ),
        chain="start > x > y > z > end",
        decisions={"triage": xml},
    )
    sly = dataclasses.replace(made, forms={**FORMS, "sly": form})

    rule = "reserved-name" if key == "typename" else "form-routes"
    assert found(sly) == {(rule, "x")}


@pytest.mark.parametrize(
    ("decisions", "rule"),
    [
        ({}, "unknown-decision"),
        ({"other": definitions(table("UNIQUE", ["1"], [("-", "1")]))}, "unknown-decision"),
        ({"asked": definitions(table("UNIQUE", ["1"], [("-", "1")]))}, "bad-decision"),
        ({"asked": "<no-dmn/>"}, "bad-decision"),
    ],
)
def test_a_decision_must_be_in_the_bundle_and_be_sound(decisions, rule):
    words = '<zeebe:calledDecision decisionId="asked" resultVariable="level"/>'
    made = around(node("businessRuleTask", "x", extension=words), decisions=decisions)

    assert found(made) == {(rule, "x")}


def test_all_faults_are_told_at_once_in_two_languages_each_once():
    made = bundle(
        start(),
        in_lane("emperor", "inviting"),
        node("userTask", "x"),
        user("y", "unheard"),
        '<bpmn:dataObject id="d"/>',
        service("z", "unheard"),
        flows("start > x > y > [a] z"),
    )

    with pytest.raises(Refused) as refusal:
        parse(made, VOCABULARY)

    findings = refusal.value.findings
    assert len(findings) == len(set(findings))
    assert {one.rule for one in findings if one.severity == "error"} == {
        "unsupported-dataObject",
        "no-end",
        "condition-ignored",
        "dead-end",
        "unknown-role",
        "unknown-form",
        "unknown-operation",
        "not-feel",
    }
    for one in findings:
        assert re.search("[一-鿿]", one.zh), one
        assert not re.search("[一-鿿]", re.sub(r"名\w+", "", one.en)), one
        assert one.element_id


BAD_XML = {
    "xml-syntax": "<bpmn:definitions",
    "xml-doctype": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    "xml-too-large": f"<x>{'x' * 2_000_001}</x>",
    "no-process": "<html/>",
}


@pytest.mark.parametrize("rule", BAD_XML)
def test_bad_xml_is_refused_before_it_is_read(rule):
    with pytest.raises(Refused) as refusal:
        parse(Bundle(BAD_XML[rule]), VOCABULARY)

    (finding,) = refusal.value.findings
    assert finding.rule == rule
    assert isinstance(finding, Finding)


def test_ten_megabytes_of_xml_are_refused_at_once():
    with pytest.raises(Refused) as refusal:
        parse(Bundle(document(f"<!--{'x' * 10_000_000}-->")), VOCABULARY)

    assert refusal.value.findings[0].rule == "xml-too-large"


def test_a_published_bundle_is_loaded_once_a_process():
    made = around(user("x"))

    assert load(made) is load(Bundle(made.process, made.forms, made.decisions))
    assert load(made).spec is load(made).spec


@pytest.mark.parametrize(
    ("source", "refused"),
    [('="nobody"', True), ("nobody", True), ('="all"', False), ("all", False), ("=whom", False)],
)
def test_a_text_that_an_operation_does_not_take_is_refused_unless_it_is_computed(source, refused):
    notify = Operation("notify", frozenset({"to"}), choices={"to": frozenset({"all", "experts"})})
    words = dataclasses.replace(VOCABULARY, operations={"notify": notify})
    mapping = io(inputs={"to": source.replace('"', "&quot;")})

    findings = lint.judge(around(service("x", "notify", mapping)), words)

    errors = [one for one in findings if one.severity == "error"]
    assert [one.rule for one in errors] == (["input-choice"] if refused else [])
    assert all("nobody" in one.zh and "experts" in one.en for one in errors)


def test_decisions_that_nobody_calls_are_judged_too():
    made = around(user("x"), decisions={"idle": "<no-dmn/>"})
    (finding,) = (one for one in lint.judge(made, VOCABULARY) if one.severity == "error")
    assert (finding.rule, finding.element_name) == ("bad-decision", "idle")


@pytest.mark.parametrize(
    "made",
    [
        around(user("x" * 101), chain=f"start > {'x' * 101} > end"),
        around(user("x").replace('name="名x"', f'name="{"名" * 201}"')),
        around(user("x", more=properties(name_en="n" * 201))),
    ],
    ids=["id", "name", "name in English"],
)
def test_what_no_row_could_hold_is_refused(made):
    assert {rule for rule, _element in found(made)} == {"too-long"}
