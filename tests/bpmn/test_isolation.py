"""Uploads are judged in a child process that may fall without taking anything along."""

import time

import pytest

from bpmn import isolation, lint
from bpmn.bundle import Bundle, Refused
from bpmn.isolation import parse_isolated
from tests.bpmn.diagrams import VOCABULARY, bundle, end, flows, script, start, user


def test_a_sound_upload_yields_its_warnings():
    made = bundle(start(), script("x", "=unheard", "y"), end(), flows("start > x > end"))

    (warning,) = parse_isolated(made, VOCABULARY)

    assert (warning.rule, warning.severity) == ("unknown-name", "warning")


def test_a_faulty_upload_is_refused_as_in_the_same_process():
    made = bundle(start(), user("x", "unheard"), end(), flows("start > x > end"))

    with pytest.raises(Refused) as refusal:
        parse_isolated(made, VOCABULARY)

    (wrong,) = (one for one in refusal.value.findings if one.severity == "error")
    assert (wrong.element_id, wrong.rule) == ("x", "unknown-form")
    assert "表单" in wrong.zh
    assert lint.judge(made, VOCABULARY) == refusal.value.findings


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
        + "".join(
            f'<!ENTITY {name} "{("&" + before + ";") * 10}">'
            for before, name in zip("abcdefghi", "bcdefghij", strict=True)
        )
        + "]><b>&j;</b>",
        "<a>" * 100_000,
        "<a " + " ".join(f'x{index}="1"' for index in range(100_000)) + "/>",
    ],
    ids=["entities", "depth", "attributes"],
)
def test_a_bomb_is_refused_in_good_time(bomb):
    begun = time.monotonic()

    with pytest.raises(Refused):
        parse_isolated(Bundle(bomb), VOCABULARY)

    assert time.monotonic() - begun < isolation.SECONDS + 2


def test_what_takes_too_long_is_killed_and_said():
    made = bundle(start(), user("x"), end(), flows("start > x > end"))

    with pytest.raises(Refused) as refusal:
        parse_isolated(made, VOCABULARY, seconds=0.001)

    assert refusal.value.findings == (isolation.TOO_MUCH,)
