"""Answers from anywhere: attacks are refused, whatever they are, and in the person's language."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forms

FORM: dict[str, Any] = {
    "type": "default",
    "components": [
        {"type": "textfield", "key": "text", "label": "文字", "validate": {"minLength": 2}},
        {"type": "textarea", "key": "long", "label": "长文", "conditional": {"hide": "=flag"}},
        {"type": "number", "key": "number", "label": "数", "decimalDigits": 2, "increment": 0.5},
        {"type": "checkbox", "key": "flag", "label": "是否"},
        {
            "type": "select",
            "key": "one",
            "label": "单选",
            "values": [{"label": "甲", "value": "a"}, {"label": "乙", "value": 2}],
        },
        {"type": "taglist", "key": "many", "label": "多选", "valuesKey": "tags"},
        {"type": "datetime", "key": "on", "subtype": "date", "disallowPassedDates": True},
        {"type": "datetime", "key": "at", "subtype": "time", "timeSerializingFormat": "utc_offset"},
        {
            "type": "textfield",
            "key": "code",
            "label": "编码",
            "validate": {"pattern": "^[A-Z]+\\d{2,}$", "maxLength": "=number"},
        },
    ],
}
KEYS = [component["key"] for component in FORM["components"]]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300, max_value=10**400)
    | st.floats()
    | st.text()
    | st.sampled_from(["a", 2, "2026-03-11", "09:30+08:00", "AB12", "2026-02-30", "NaN", "\ud800"])
)
json_values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(max_examples=600, deadline=None)
@given(answers=st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), json_values))
def test_no_answers_do_more_than_be_refused(answers: dict[str, Any]) -> None:
    try:
        result = forms.load(FORM, answers, {"tags": ["x", "y"]})
    except forms.Invalid as invalid:
        refused = invalid
    else:
        # What was accepted can be stored, and is accepted again.
        stored = json.loads(json.dumps(result, allow_nan=False, ensure_ascii=False).encode("utf-8"))
        assert forms.load(FORM, stored, {"tags": ["x", "y"]}) == result
        return
    assert refused.errors
    assert all(refused.messages("en").values())


@given(answers=json_values)
def test_nor_does_what_is_no_object(answers: Any) -> None:
    if isinstance(answers, dict):
        return
    with pytest.raises(forms.Invalid) as refused:
        forms.load(FORM, answers, {})
    assert list(refused.value.errors) == [""]


@given(context=st.dictionaries(st.sampled_from([*KEYS, "tags"]), json_values))
def test_no_context_breaks_a_form(context: dict[str, Any]) -> None:
    opened = forms.open_values(FORM, context)
    assert list(opened) == KEYS


def test_a_form_with_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(forms.Invalid) as refused:
        forms.load(FORM, {"text": "很好", "approved_by": "王主任"}, {})
    assert refused.value.errors == {"approved_by": "此表单没有这个字段。"}


def test_a_flood_of_unknown_fields_is_told_in_short() -> None:
    with pytest.raises(forms.Invalid) as refused:
        forms.load(FORM, {f"x{n}" * 1000: n for n in range(10_000)}, {})
    assert len(refused.value.errors) <= 20
    assert max(map(len, refused.value.errors)) <= 100


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf"), 10**400])
def test_numbers_json_does_not_have_are_refused(number: float) -> None:
    with pytest.raises(forms.Invalid) as refused:
        forms.load(FORM, {"number": number}, {})
    assert list(refused.value.errors) == ["number"]


def test_deeply_nested_answers_are_refused() -> None:
    nested: Any = []
    for _ in range(50_000):
        nested = [nested]
    with pytest.raises(forms.Invalid) as refused:
        forms.load(FORM, {"many": nested}, {"tags": ["x"]})
    assert refused.value.faults["many"][0].code == "type"


def test_messages_come_in_chinese_and_english() -> None:
    with pytest.raises(forms.Invalid) as refused:
        forms.load(FORM, {"number": 1.75, "text": "a"}, {}, language="en")
    assert refused.value.errors == {
        "text": "Enter at least 2 characters.",
        "number": "The nearest valid numbers are 1.5 and 2.",
    }
    assert refused.value.messages("zh")["text"] == "至少填写 2 个字符。"


def test_an_invalid_shows_no_answers() -> None:
    # It ends in logs; the answers are a patient's.
    with pytest.raises(forms.Invalid) as refused:
        forms.load(FORM, {"number": "秘密"}, {})
    assert str(refused.value) == "number: type"


def test_today_is_what_the_caller_says() -> None:
    evening = datetime.fromisoformat("2026-03-10T23:30:00+08:00")
    assert forms.load(FORM, {"on": "2026-03-10"}, {}, now=evening)["on"] == "2026-03-10"
    with pytest.raises(forms.Invalid):
        forms.load(FORM, {"on": "2026-03-09"}, {}, now=evening)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00+08:00", "9999-12-31T23:45-08:00"])
def test_the_ends_of_the_calendar_are_refused(moment: str) -> None:
    component = {
        "type": "datetime",
        "key": "at",
        "subtype": "datetime",
        "timeSerializingFormat": "utc_offset",
        "disallowPassedDates": True,
    }
    with pytest.raises(forms.Invalid) as refused:
        forms.load({"type": "default", "components": [component]}, {"at": moment}, {})
    assert refused.value.faults["at"][0].code == "date"


def test_feel_asks_the_same_clock() -> None:
    late = {"type": "textarea", "key": "why", "label": "迟交原因", "validate": {"required": True}}
    hide = "=today() <= date(due)"
    form = {"type": "default", "components": [late | {"conditional": {"hide": hide}}]}
    assert forms.check(form) == []
    context = {"due": "2026-03-10"}

    in_time = datetime.fromisoformat("2026-03-10T23:59:00+08:00")
    assert forms.load(form, {}, context, now=in_time) == {}
    too_late = datetime.fromisoformat("2026-03-11T00:01:00+08:00")
    with pytest.raises(forms.Invalid):
        forms.load(form, {}, context, now=too_late)
