"""What cannot be published is refused with the component's key and a reason; nothing else is."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms
from tests.forms.test_loading import json_values

SHIPPED = sorted((Path(forms.__file__).parent).glob("*.form"))


def form(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": "default", "components": list(components)}


def text(key: str = "note", **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "label": "备注"} | more


def select(**more: Any) -> dict[str, Any]:
    return {"type": "select", "key": "one", "label": "单选"} | more


def hidden_by(condition: str, key: str) -> dict[str, Any]:
    return text(key, conditional={"hide": condition})


OPTIONS = [{"label": "甲", "value": "a"}]

REFUSED = [
    ("type", form({"type": "html", "content": "<b>x</b>"})),
    ("type", form({"type": "iframe", "url": "https://example.org"})),
    ("type", form({"type": "image", "source": "https://example.org/x.png"})),
    ("type", form({"type": "expression", "key": "x", "expression": "=1"})),
    ("type", form({"type": "filepicker", "key": "x"})),
    ("type", form({"type": "no_such_thing", "key": "x"})),
    ("duplicate", form(text("a"), text("a"))),
    ("duplicate", form(text("a"), {"type": "group", "components": [text("a")]})),
    ("duplicate", form(text("a", id="x"), text("b", id="x"))),
    ("name", form(text(""))),
    ("name", form({"type": "textfield", "label": "没有字段名"})),
    ("name", form(text("a.b"))),
    ("name", form(text("a-b"))),
    ("name", form(text("1a"))),
    ("name", form(text("a b"))),
    ("name", form(text("x" * 65))),
    ("reserved", form(text("typename"))),
    ("reserved", form(text("__proto__"))),
    ("reserved", form(text("constructor"))),
    ("reserved", form(text("this"))),
    ("reserved", form(text("if"))),
    ("expression", form(text("a", conditional={"hide": "=1 +"}))),
    ("expression", form(text("a", conditional={"hide": "b = 1"}))),
    ("expression", form(text("a", conditional={"hide": "=__import__('os').system('id')"}))),
    ("expression", form(text("a", readonly="=("))),
    ("expression", form(text("a", readonly="yes"))),
    ("expression", form(text("a", validate={"maxLength": "=]"}))),
    ("expression", form(select(valuesExpression="=for"))),
    ("condition", form(text("a", conditional={"show": "=true"}))),
    ("validate", form(text("a", validate={"required": "=true"}))),
    ("validate", form(text("a", validate={"requierd": True}))),
    ("validate", form(text("a", validate={"minLength": "3"}))),
    ("validate", form(text("a", validate={"maxLength": -1}))),
    ("validate", form(text("a", validate={"min": 3}))),
    ("validate", form(text("a", validate={"validationType": "idcard"}))),
    ("validate", form({"type": "textarea", "key": "a", "validate": {"pattern": "x"}})),
    ("pattern", form(text("a", validate={"pattern": "(a+)+$"}))),
    ("pattern", form(text("a", validate={"pattern": "(?<=a)b"}))),
    ("options", form(select())),
    ("options", form(select(values=[]))),
    ("options", form(select(values=OPTIONS, valuesKey="k"))),
    ("options", form(select(values=[*OPTIONS, *OPTIONS]))),
    ("options", form(select(values=[{"label": "甲", "value": ""}]))),
    ("options", form(select(values=[{"label": "甲", "value": {"a": 1}}]))),
    ("options", form(select(values=[{"value": "a"}]))),
    ("setting", form(select(valuesKey="a.b"))),
    ("setting", form({"type": "number", "key": "n", "serializeToString": True})),
    ("setting", form({"type": "number", "key": "n", "decimalDigits": -1})),
    ("setting", form({"type": "number", "key": "n", "increment": 0})),
    ("setting", form({"type": "datetime", "key": "d", "subtype": "year"})),
    ("setting", form({"type": "datetime", "key": "d", "timeInterval": 7})),
    ("setting", form({"type": "datetime", "key": "d", "timeSerializingFormat": "local"})),
    ("setting", form(text("a", disabled="=true"))),
    ("setting", form({"type": "number", "key": "n", "defaultValue": "many"})),
    ("setting", form({"type": "datetime", "key": "d", "defaultValue": "2026-02-30"})),
    ("path", form({"type": "group", "path": "patient", "components": []})),
    ("action", form({"type": "button", "action": "javascript"})),
    ("html", form({"type": "text", "text": "<script>alert(1)</script>"})),
    ("html", form({"type": "text", "text": "[x](javascript:alert(1))"})),
    ("html", form(text("a", description="<img src=x onerror=alert(1)>"))),
    ("html", form(text("a", properties={"label_en": "<b>Note</b>"}))),
    ("size", form({"type": "text", "text": "字" * 70_000})),
    ("size", form(*({"type": "separator"} for _ in range(301)))),
    ("shape", {"type": "default", "components": {"a": 1}}),
    ("shape", form({"type": "textfield", "key": 7})),
    ("shape", form(text("a", validate=["required"]))),
    ("shape", form({"type": "text", "text": "\ud800"})),
    ("shape", [text("a")]),
]


@pytest.mark.parametrize(("rule", "refused"), REFUSED)
def test_refused(rule: str, refused: Any) -> None:
    problems = forms.check(refused)
    assert [problem.rule for problem in problems] == [rule]
    assert problems[0].zh
    assert problems[0].en
    assert problems[0].zh != problems[0].en


def test_all_reasons_are_told_at_once() -> None:
    broken = form(
        text("typename"), text("a", validate={"required": 1}), {"type": "html", "id": "h"}
    )
    found = {(problem.where, problem.rule) for problem in forms.check(broken)}
    assert found == {("typename", "reserved"), ("a", "validate"), ("h", "type")}


def test_a_chain_of_conditions_the_browser_would_not_send_is_refused() -> None:
    chained = form(
        text("a"),
        hidden_by('=a = "x"', "b"),
        hidden_by('=b = "x"', "c"),
        hidden_by('=c = "x"', "d"),
    )
    assert [(problem.where, problem.rule) for problem in forms.check(chained)] == [("d", "chain")]
    chained["components"].pop()
    assert forms.check(chained) == []


def test_conditions_that_turn_in_a_circle_are_refused() -> None:
    circle = form(hidden_by('=b = "x"', "a"), hidden_by('=a = "x"', "b"))
    assert {problem.rule for problem in forms.check(circle)} == {"chain"}


def test_markdown_and_templates_may_be_shown() -> None:
    shown = form({"type": "text", "text": "### 患者 {{name}}\n血压 < 140 & **稳定**"})
    assert forms.check(shown) == []


@given(anything=json_values)
def test_check_survives_anything(anything: Any) -> None:
    assert forms.check(anything)


strange_parts = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(
                ["textfield", "number", "select", "taglist", "datetime", "group"]
            )
        },
        optional={
            name: json_values | st.sampled_from(["=a", "a", True, {"hide": "=a"}, {"max": "=a"}])
            for name in ("key", "values", "validate", "conditional", "components", "readonly")
        }
        | dict.fromkeys(("increment", "timeInterval", "valuesKey", "id"), json_values)
        | dict.fromkeys(("defaultValue", "subtype", "valuesExpression"), json_values)
        | {"key": st.sampled_from(["a", "b", "c"]), "valuesExpression": st.just("=a")},
    ),
    max_size=3,
)


@settings(max_examples=300, deadline=None)
@given(components=strange_parts, context=st.dictionaries(st.sampled_from(["a", "b"]), json_values))
def test_what_check_passes_load_can_read(components: Any, context: dict[str, Any]) -> None:
    strange = {"type": "default", "components": components}
    if not forms.check(strange):
        with suppress(forms.Invalid):
            forms.load(strange, {}, context)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_forms_can_be_published(path: Path) -> None:
    shipped = json.loads(path.read_text("utf-8"))
    assert forms.check(shipped) == []
    without_english = [field.key for field in forms.fields(shipped) if not field.label_en]
    assert without_english == []
