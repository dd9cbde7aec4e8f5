"""What others learn of a form: its fields, its words in another language."""

from typing import Any

import forms

FORM: dict[str, Any] = {
    "type": "default",
    "components": [
        {"type": "text", "text": "说明", "properties": {"text_en": "Please note"}},
        {
            "type": "group",
            "label": "患者",
            "properties": {"label_en": "Patient"},
            "components": [
                {
                    "type": "number",
                    "key": "age",
                    "label": "年龄",
                    "appearance": {"suffixAdorner": "岁"},
                    "properties": {"label_en": "Age", "suffix_en": "years"},
                    "validate": {"required": True},
                }
            ],
        },
        {
            "type": "textfield",
            "key": "licence",
            "label": "证号",
            "validate": {"pattern": "^\\d+$", "patternErrorMessage": "只填数字"},
            "properties": {"pattern_message_en": "Digits only"},
        },
        {
            "type": "checklist",
            "key": "tests",
            "label": "检查",
            "values": [{"label": "心电图", "value": "ecg", "label_en": "ECG"}],
        },
        {"type": "taglist", "key": "experts", "label": "专家", "valuesKey": "experts_known"},
        {"type": "datetime", "key": "on", "dateLabel": "日期"},
    ],
}


def test_fields_are_told_in_the_order_they_are_shown() -> None:
    found = forms.fields(FORM)
    assert [field.key for field in found] == ["age", "licence", "tests", "experts", "on"]
    assert [field.label for field in found] == ["年龄", "证号", "检查", "专家", "日期"]
    assert found[0].label_en == "Age"
    assert found[0].is_required
    assert found[3].values_key == "experts_known"
    assert [field.key for field in found if field.is_multiple] == ["tests", "experts"]


def test_free_text_is_no_choice() -> None:
    choices = [field.key for field in forms.fields(FORM) if field.is_choice]
    assert choices == ["age", "tests", "experts", "on"]


def test_english_replaces_what_it_has_and_leaves_the_rest() -> None:
    english = forms.localised(FORM, "en")
    note, group, licence, tests, experts, _ = english["components"]
    assert note["text"] == "Please note"
    assert group["label"] == "Patient"
    assert group["components"][0]["label"] == "Age"
    assert group["components"][0]["appearance"]["suffixAdorner"] == "years"
    assert licence["validate"]["patternErrorMessage"] == "Digits only"
    assert tests["values"][0]["label"] == "ECG"
    assert experts["label"] == "专家"
    assert FORM["components"][0]["text"] == "说明"


def test_chinese_is_the_form_itself() -> None:
    assert forms.localised(FORM, "zh") == FORM


def test_a_form_opens_with_the_context_then_the_defaults() -> None:
    form = {
        "type": "default",
        "components": [
            {"type": "textfield", "key": "a", "defaultValue": "默认"},
            {"type": "textfield", "key": "b", "defaultValue": "默认"},
            {"type": "number", "key": "c"},
            {"type": "checkbox", "key": "d"},
        ],
    }
    context = {"b": "已知", "c": "不是数", "elsewhere": 1}
    assert forms.open_values(form, context) == {"a": "默认", "b": "已知", "c": None, "d": False}
