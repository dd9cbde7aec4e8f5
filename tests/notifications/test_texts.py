"""Every text there is: whole, in both languages, with declared facts only, short enough."""

from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from notifications import OF_CASE, TEMPLATES, Way, check, render
from notifications.catalogue import LONGEST_STEP, PARAMETERS, PLACEHOLDERS, Kind
from notifications.length import parts
from notifications.phrases import facts_in, stray_braces
from notifications.texts import LANGUAGES, shipped

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST = {
    "number": "HZ20261231-000001",
    "task": "步" * LONGEST_STEP,
    "task_en": "Step " * 12,
    "at": datetime(2026, 12, 31, 15, 59, tzinfo=UTC).isoformat(),
    "due_at": datetime(2026, 12, 31, 15, 59, tzinfo=UTC).isoformat(),
    "days": 90,
    "process": "流" * LONGEST_STEP,
    "task_id": 2**31,
    "proposal_id": 2**31,
}
EVERY_TEXT = [
    (language, name, part)
    for language, name in product(LANGUAGES, TEMPLATES)
    for part in ("title", "body", *(["sms"] if TEMPLATES[name].is_urgent else []))
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_has_words_and_nothing_else_has(language):
    texts = shipped(language)
    assert texts.keys() == TEMPLATES.keys()
    for name, template in TEMPLATES.items():
        assert set(texts[name]) == {"title", "body"} | ({"sms"} if template.is_urgent else set())


@pytest.mark.parametrize(("language", "name", "part"), EVERY_TEXT)
def test_a_text_uses_declared_facts_only(language, name, part):
    text = shipped(language)[name][part]
    assert set(facts_in(text)) <= set(TEMPLATES[name].placeholders)
    assert not stray_braces(text)


def test_no_fact_is_about_the_patient():
    """P-7: what can stand in a notice is a closed list without name, sex, age or illness."""
    of_the_case = {"number", "task", "task_en", "at", "due_at", "days", "task_id"}
    assert set(PARAMETERS) == of_the_case | {"process", "proposal_id"}
    declared = set().union(*(template.needs | template.may for template in TEMPLATES.values()))
    assert declared <= set(PARAMETERS)


def test_ids_are_never_shown():
    assert not {key for key in PLACEHOLDERS if PARAMETERS[key] is Kind.ID}


@pytest.mark.parametrize("name", sorted(OF_CASE))
def test_a_version_may_bring_the_texts_that_ship(name):
    """Every rule that a manager's texts must keep is kept by ours."""
    assert check({name: {language: dict(shipped(language)[name]) for language in LANGUAGES}}) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name, found in TEMPLATES.items() if found.is_urgent])
def test_an_sms_takes_one_part(language, name):
    """P-7: an SMS names no step either, for a manager may draw one that tells the illness."""
    template = TEMPLATES[name]
    params = {key: LONGEST[key] for key in template.needs | template.may}
    text = render(name, params, language, Way.SMS, SHANGHAI).text
    assert parts(text) == 1, f"{len(text)}: {text}"
    used = facts_in(shipped(language)[name]["sms"])
    assert not {key for key in used if PARAMETERS[key] is Kind.STEP}


@pytest.mark.parametrize(("language", "name", "part"), EVERY_TEXT)
def test_a_text_reads_well_with_only_what_it_needs(language, name, part):
    params = {key: LONGEST[key] for key in TEMPLATES[name].needs}
    words = render(name, params, language, Way.SMS if part == "sms" else Way.IN_APP, SHANGHAI)
    shown = words.title if part == "title" else words.text
    assert shown
    assert "None" not in shown
    assert shown == " ".join(shown.split())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "【会诊】会诊HZ-1已排期，时间3月5日10:30，请准时进入会诊间。"),
        ("en", "[Huizhen] HZ-1 is arranged for 5 Mar 10:30. Please enter the room on time."),
        ("fr", "【会诊】会诊HZ-1已排期，时间3月5日10:30，请准时进入会诊间。"),
    ],
)
def test_times_are_told_where_the_reader_is(language, text):
    params = {"number": "HZ-1", "at": "2026-03-05T02:30:00+00:00"}
    assert render("session-arranged", params, language, Way.SMS, SHANGHAI).text == text


def test_facts_are_data_and_never_run():
    params = {"number": "HZ-1", "task": "[{number}] {{ 7 * 6 }}<b>"}
    assert "[{number}] {{ 7 * 6 }}<b>" in render("urged", params, "zh", Way.IN_APP, SHANGHAI).title


def test_the_step_has_its_name_in_the_readers_language():
    params = {"number": "HZ-1", "task": "安排会诊时间", "task_en": "Schedule"}
    told = [render("urged", params, language, Way.IN_APP, SHANGHAI) for language in LANGUAGES]
    assert [words.title for words in told] == ["催办：安排会诊时间", "Reminder: Schedule"]


def test_a_version_brings_its_own_words_and_the_rest_ships():
    own = {"refused": {"zh": {"sms": "【示例医院】{number}未通过"}, "en": {"sms": "{number}: no"}}}
    told = [
        render("refused", {"number": "HZ-1"}, language, way, SHANGHAI, own).text
        for language, way in product(LANGUAGES, (Way.SMS, Way.IN_APP))
    ]
    assert told == [
        "【示例医院】HZ-1未通过",
        "会诊 HZ-1 的申请未通过审核，原因见会诊详情。",
        "HZ-1: no",
        "The application of consultation HZ-1 was refused. The reason is on its page.",
    ]
