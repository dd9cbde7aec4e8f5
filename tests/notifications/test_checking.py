"""Notice texts of a version: what is refused, in words, before anybody is told anything."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import Way, check, render, template
from notifications.checking import AT_MOST, LONGEST, MOST_NOTICES
from notifications.texts import LANGUAGES, PARTS

WHOLE = {
    "zh": {
        "title": "请药师会审",
        "body": "会诊 {number} 请您会审[，时间{at}]。",
        "sms": "{number}请会审",
    },
    "en": {
        "title": "Please review",
        "body": "Consultation {number} waits[, {at}].",
        "sms": "{number}",
    },
}


def changed(language, part, text):
    return {"pharmacist": {**WHOLE, language: {**WHOLE[language], part: text}}}


def rules(notices):
    return [(one.language, one.part, one.rule) for one in check(notices)]


def test_an_own_notice_that_is_whole_is_taken():
    assert check({"pharmacist": WHOLE}) == []


def test_an_own_notice_is_about_the_case_and_urgent_if_it_has_an_sms():
    own = template("pharmacist", {"pharmacist": WHOLE})
    assert (own.placeholders, own.is_urgent) == (("number", "at"), True)
    quiet = {language: {**parts} for language, parts in WHOLE.items()}
    for parts in quiet.values():
        del parts["sms"]
    assert not template("pharmacist", {"pharmacist": quiet}).is_urgent


@pytest.mark.parametrize(
    "fact", ["diagnosis", "patient_name", "姓名", "诊断", "task", "task_en", "task_id", "due_at"]
)
def test_an_sms_holds_no_patient_data(fact):
    """P-7: only facts on a list may stand in an SMS; this notice has neither step nor due time."""
    for text in (f"{{{fact}}}", f"{{{{ {fact} }}}}", f"[{{{fact}}}]", f"{{{fact}|x}}"):
        found = check(changed("zh", "sms", text))
        refused = [one for one in found if one.rule == "notice-sms-patient"]
        assert [(one.language, one.part) for one in refused] == [("zh", "sms")]
        assert fact in refused[0].zh
        assert fact in refused[0].en
        assert refused[0].severity == "error"


@pytest.mark.parametrize(
    ("part", "text", "rule"),
    [
        ("body", "{diagnosis}", "notice-placeholder"),
        ("title", "{task}", "notice-placeholder"),
        ("title", "", "notice-empty"),
        ("body", " 　", "notice-empty"),
        ("title", "a\nb", "notice-control"),
        ("sms", "a\nb", "notice-control"),
        ("body", "a\0b", "notice-control"),
        ("body", "\ud800", "notice-control"),
        ("body", "{% if number %}x{% endif %}", "notice-braces"),
        ("body", "{number", "notice-braces"),
        ("title", "字" * (LONGEST["title"] + 1), "notice-length"),
        ("body", "{" * 100_000, "notice-length"),
        ("sms", "字" * 135, "notice-sms-length"),
        ("sms", "字" * 120 + "{number}", "notice-sms-length"),  # the longest number counts
        ("body", "会诊 {number}，{at}", "notice-gap"),
    ],
)
def test_a_bad_text_is_told_where_it_stands(part, text, rule):
    for language in LANGUAGES:
        assert (language, part, rule) in rules(changed(language, part, text))


def test_a_line_break_in_the_text_is_meant():
    assert check(changed("zh", "body", "会诊 {number}：\n请会审。")) == []


def test_a_gap_is_a_warning_and_the_rest_are_errors():
    (gap,) = check(changed("zh", "body", "会诊 {number}，{at}"))
    assert (gap.rule, gap.severity) == ("notice-gap", "warning")


def test_what_is_said_in_one_language_is_said_in_both():
    assert rules({"refused": {"zh": {"title": "未通过"}}}) == [("en", "title", "notice-language")]
    assert rules({"refused": {"en": {"sms": "{number}"}}}) == [("zh", "sms", "notice-language")]
    assert rules({"refused": {}}) == []
    assert rules({"pharmacist": {"zh": WHOLE["zh"]}}) == [
        ("en", part, "notice-language") for part in PARTS
    ]
    assert ("zh", "title", "notice-language") in rules({"pharmacist": {}})


@pytest.mark.parametrize(
    "name", ["profile-approved", "A", "药师", "x" * 33, "a b", "__class__", ""]
)
def test_a_notice_has_a_plain_name_and_is_about_a_case(name):
    assert rules({name: WHOLE}) == [("", "", "notice-name")]


@pytest.mark.parametrize(
    "notices",
    [
        None,
        [],
        "x",
        {"refused": None},
        {"refused": {"fr": {}}},
        {"refused": {"zh": []}},
        {"refused": {"zh": {"title": 1}}},
        {"refused": {"zh": {"subject": "x"}}},
        {"refused": {"zh": {"title": {"title": "x"}}}},
    ],
)
def test_what_is_no_notice_text_is_refused_as_such(notices):
    assert rules(notices) == [("", "", "notice-shape")]


def test_there_are_not_more_notices_than_anybody_can_read():
    many = {f"own-{number}": WHOLE for number in range(MOST_NOTICES + 1)}
    assert rules(many) == [("", "", "notice-number")]


@given(st.text(alphabet="{}[]|%number at\n", max_size=80), st.sampled_from(PARTS))
def test_any_text_is_judged(text, part):
    check(changed("zh", part, text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_times_count_as_long_as_they_are_shown(language):
    shown = render(
        "refused",
        {"at": "2026-12-31T15:59:00+00:00"},
        language,
        Way.IN_APP,
        ZoneInfo("Asia/Shanghai"),
        {"refused": {language: {"body": "{at}"}}},
    )
    assert shown.text == AT_MOST[language]["at"]
