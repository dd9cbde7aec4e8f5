"""The language of notice texts: facts, words instead, passages left out; how long an SMS is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.length import parts
from notifications.phrases import bare_facts, facts_in, fill, stray_braces

FACTS = {"number": "HZ-1", "at": "3月5日10:30", "task": ""}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("会诊 {number}", "会诊 HZ-1"),
        ("会诊 { number }", "会诊 HZ-1"),
        ("已排期[，时间{at}]。", "已排期，时间3月5日10:30。"),
        ("已满[{days}天]。", "已满。"),
        ("[{number}在{days}]天", "天"),  # what is in brackets needs all of its facts
        ("{task|任务}与{days|若干}", "任务与若干"),
        ("[{task|任务}：{number}]", "任务：HZ-1"),
        ("{days}", ""),
        ("[Huizhen] {number}", "[Huizhen] HZ-1"),
        ("[a [{at}]", "[a 3月5日10:30"),
        ("] {number} [", "] HZ-1 ["),
        ("{{number}}", "{HZ-1}"),
        ("{% for %}{", "{% for %}{"),
    ],
)
def test_a_text_is_filled_in(text, shown):
    assert fill(text, FACTS) == shown


def test_facts_are_not_read_as_text():
    assert fill("{a}{b}", {"a": "[{b}]", "b": "{a}"}) == "[{b}]{a}"


def test_what_a_text_speaks_of():
    text = "{number}[，{at}]，{task|任务}{x}"
    assert facts_in(text) == ["number", "at", "task", "x"]
    assert bare_facts(text) == ["number", "x"]


@given(st.text(alphabet="{}[]|a 会", max_size=60))
def test_no_text_fails(text):
    fill(text, {"a": "1"})
    stray_braces(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("字" * 70, 1),
        ("字" * 71, 2),
        ("字" * 134, 2),
        ("字" * 135, 3),
        ("a" * 160, 1),
        ("a" * 159 + "[", 2),
        ("a" * 161, 2),
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_parts_are_counted_as_networks_do(text, count):
    """3GPP TS 23.038: an emoji takes two units, a bracket in the GSM alphabet too."""
    assert parts(text) == count
