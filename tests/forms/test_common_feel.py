"""Rules mean the same to bpmn.feel and to feelin in the browser; whatever might not is refused.

common_feel.json is read by both (app/client/tests/islands/form/common_feel.test.ts).
"""

import json
from pathlib import Path
from typing import Any

import pytest

import forms
from bpmn import feel
from forms.common_feel import Uncommon, kinds, must_be_common
from tests.forms.test_parity import NOW

SHEET = json.loads(Path(__file__).with_name("common_feel.json").read_text("utf-8"))
KINDS = kinds(SHEET["components"])


@pytest.mark.parametrize(("text", "variables", "value"), SHEET["cases"])
def test_common(text: str, variables: dict[str, Any], value: bool | None) -> None:
    must_be_common(text, KINDS)
    assert feel.parse(text).evaluate(variables, now=NOW) is value


def test_there_are_enough_of_them() -> None:
    assert len(SHEET["cases"]) >= 200


@pytest.mark.parametrize(
    "text",
    [
        'n1 > "3"',  # JavaScript would turn the text into a number
        "n1 = text",
        "text < 备注",  # texts have no order to speak of
        "d1 < t1",
        "m1 = d1",
        "x1 + 0.1 = 0.3",  # 0.30000000000000004
        "n1 / n2 = 2",
        "n1 ** 2 > 4",
        "n1 in [1..5]",  # feelin swaps the ends of [5..1]
        "n1 between 1 and 5",
        "n1 in (> 5)",
        "text in (备注)",
        "r3 = 1",  # options of two types
        'r4 = "a"',  # options nobody knows yet
        "l1 = l1",
        'l1 = "a"',
        "list contains(l1, 1)",
        "list contains(l3, r4)",
        'date(d1) = date("1900-01-01")',
        "date(d1) = today()",
        "date(t1) <= today()",
        "now() > m1",
        "count(text) = 1",
        "count(list: l1) = 1",
        'contains(text, "a")',
        "matches(text, text)",
        "text + text = text",
        'text = "\\u0041"',
        'text = "a\nb"',
        "n1 = 1e3",
        "n1 = 12345678901234567890",
        'd1 = @"2026-03-10"',
        "if b1 then b2 else b1",
        "some x in l1 satisfies x = text",
        "l1[1] = text",
        "{a: 1}.a = 1",
        "function(x) x = 1",
        "n1 instance of number",
        "nobody = 1",
        "n1",
        "n1 + 1",
        "not(n1)",
        "n1 and b1",
        "null",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(Uncommon):
        must_be_common(text, KINDS)


def test_a_name_of_the_library_may_be_a_field_but_then_is_no_function() -> None:
    listed = [{"type": "number", "key": "count", "decimalDigits": 0}]
    must_be_common("count > 1", kinds(listed))
    with pytest.raises(Uncommon):
        must_be_common("count(l1) > 1", {**KINDS, **kinds(listed)})


def field(key: str, **properties: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "label": key, "properties": properties}


@pytest.mark.parametrize(
    ("rule", "component"),
    [
        ("required_if", field("a", required_if="b = null")),
        ("required_if", field("a", required_if="=b ==")),
        ("required_if", field("a", required_if="=nobody")),
        ("required_if", field("a", required_if=True)),
        ("rule", field("a", rule="=b < a")),
        ("rule", {"type": "group", "id": "g", "properties": {"rule": "=a = b"}, "components": []}),
        ("rule_message", field("a", rule="=a != b", rule_message="长" * 201)),
        ("rule_message", field("a", rule="=a != b", rule_message=7)),
        ("html", field("a", rule="=a != b", rule_message="<b>错</b>")),
    ],
)
def test_check_refuses(rule: str, component: dict[str, Any]) -> None:
    form = {"type": "default", "components": [component, field("b"), field("c")]}
    assert [problem.rule for problem in forms.check(form)] == [rule]


def test_a_rule_may_compare_without_being_taken_for_html() -> None:
    number = {"type": "number", "key": "b", "properties": {"rule": "=b <c"}}
    assert forms.check({"type": "default", "components": [number, {**number, "key": "c"}]}) == []


def test_a_rule_speaks_in_its_own_words_in_two_languages() -> None:
    rule = {"rule": "=b = a", "rule_message": "两次填写不同。", "rule_message_en": "They differ."}
    form = {"type": "default", "components": [field("a"), field("b", **rule)]}

    for language, said in (("zh", "两次填写不同。"), ("en", "They differ.")):
        with pytest.raises(forms.Invalid) as refused:
            forms.load(forms.localised(form, language), {"a": "1", "b": "2"}, {})
        assert refused.value.errors == {"b": said}


def test_a_rule_that_reads_a_chain_of_conditions_is_refused() -> None:
    components = [
        field("a"),
        field("b") | {"conditional": {"hide": '=a = "x"'}},
        field("c") | {"conditional": {"hide": '=b = "x"'}},
        field("d", rule="=d != c"),
    ]
    problems = forms.check({"type": "default", "components": components})
    assert [(problem.where, problem.rule) for problem in problems] == [("d", "chain")]
