"""What a process may demand is a setting; where a limit is reached, it is said in numbers."""

from dataclasses import fields, replace

import pytest

from app.config import BadSettings, from_environment
from bpmn import run
from bpmn.bundle import Refused
from bpmn.engine import Stuck
from bpmn.isolation import parse_isolated
from bpmn.limits import LIMITS, PREFIX, Limits, read
from tests.bpmn.diagrams import (
    VOCABULARY,
    Driver,
    bundle,
    definition,
    end,
    flows,
    many,
    start,
    user,
)


def test_what_is_not_set_has_a_default():
    assert read({}) == read({f"{PREFIX}ELEMENTS": ""}) == Limits()


@pytest.mark.parametrize("name", [one.name for one in fields(Limits)])
def test_every_limit_can_be_set(name):
    assert getattr(read({f"{PREFIX}{name.upper()}": "7"}), name) == 7


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "٣", "1e3"])
def test_what_is_no_limit_is_refused_at_start(text):
    env = {
        "HUIZHEN_SECRET_KEY": "-",
        "HUIZHEN_DATA_KEY": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "HUIZHEN_PUBLIC_URL": "https://example.org",
    }
    assert from_environment(env)
    with pytest.raises(BadSettings, match="HUIZHEN_LIMIT_TOKENS"):
        from_environment({**env, "HUIZHEN_LIMIT_TOKENS": text})


@pytest.mark.parametrize(
    ("limit", "rule"),
    [
        ("ELEMENTS", "too-many-elements"),
        ("EXPRESSIONS", "too-many-expressions"),
        ("DIAGRAM_BYTES", "xml-too-large"),
    ],
)
def test_the_child_that_reads_a_strangers_diagram_holds_to_the_setting(monkeypatch, limit, rule):
    tasks = [user(name, assignee="=applicant") for name in "ab"]
    whole = bundle(start(), *tasks, end(), flows("start > a > b > end"))
    assert not [one for one in parse_isolated(whole, VOCABULARY) if one.severity == "error"]

    monkeypatch.setenv(f"{PREFIX}{limit}", "1")
    with pytest.raises(Refused) as refused:
        parse_isolated(whole, VOCABULARY)

    (found,) = [one for one in refused.value.findings if one.rule == rule]
    assert "上限 1" in found.zh
    assert "at most 1" in found.en


def test_a_case_that_would_wait_at_too_many_places_at_once_goes_no_further(monkeypatch):
    made = definition(
        start(),
        user("write", "opinion", many=many("=applicant", "expert"), assignee="=expert"),
        end(),
        flows("start > write > end"),
    )
    experts = ["wang", "li", "zhao"]
    assert len(Driver(made, False, applicant=experts).snapshot.ready) == 3

    monkeypatch.setattr(run, "LIMITS", replace(LIMITS, tokens=2))
    with pytest.raises(Stuck) as stuck:
        Driver(made, False, applicant=experts)
    assert "上限 2" in stuck.value.reason_zh
    assert "at most 2" in stuck.value.reason
