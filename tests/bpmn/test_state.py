"""Saved states: restored or not, a case goes the same way; small; refused if they do not fit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn.engine import Execution
from bpmn.state import BadState
from tests.bpmn.diagrams import (
    NOW,
    Driver,
    boundary,
    definition,
    end,
    flows,
    io,
    many,
    message,
    messages,
    node,
    properties,
    service,
    start,
    timer,
    user,
)


def everything():
    """One diagram with most of what there is: loops, branches, instances, timers, messages."""
    write = user("write", "opinion", many=many("=applicant", "expert"), assignee="=expert")
    follow = node(
        "subProcess",
        "follow",
        many("=[1, 2]", "days", outputCollection="seen", outputElement="=decision"),
        start("s"),
        node("intermediateCatchEvent", "later", timer("timeDuration", '=duration("P1D") * days')),
        user("ask"),
        end("e"),
        flows("s > later > ask > e"),
    )
    return definition(
        start(),
        user("apply", more=properties(status="draft")),
        node("exclusiveGateway", "verdict", default="verdict__fork"),
        user("correct"),
        node("parallelGateway", "fork"),
        write,
        boundary("late", "write", timer("timeCycle", "R3/PT12H"), interrupts=False),
        service("remind"),
        end("reminded"),
        node("eventBasedGateway", "race"),
        node("intermediateCatchEvent", "soon", timer("timeDuration", "P1D")),
        node("intermediateCatchEvent", "told", message("go")),
        node("exclusiveGateway", "merge"),
        node("parallelGateway", "join"),
        follow,
        boundary("stop", "follow", message("stop")),
        end("stopped"),
        service("close", "open_room", io({"title": "=decision"}, {"closed": "=room"})),
        end("end", extension=properties(status="completed")),
        flows(
            "start > apply > verdict",
            'verdict > [=decision = "return"] correct > apply',
            "verdict > fork > write > join > follow > close > end",
            "fork > race > soon > merge > join",
            "race > told > merge",
            "late > remind > reminded",
            "stop > stopped",
        ),
        outside=messages("go", "stop"),
    )


EVERYTHING = everything()
ANSWERS = [{"decision": "return"}, {"decision": "go"}, {"verdict": "x", "opinion": "text"}]
DEEDS = st.tuples(st.sampled_from(["do", "do", "do", "wait", "go", "stop"]), st.integers(0, 5))


def step(case: Driver, deed: tuple[str, int]) -> None:
    """Do one of what can be done now, chosen by a number."""
    kind, choice = deed
    calls = case.execution.calls()
    if kind == "wait":
        case.wait(hours=choice * 6)
    elif kind in ("go", "stop"):
        case.deliver(kind, decision="told")
    elif calls and choice % 2:
        case.answer(calls[choice % len(calls)].element_id, room=choice)
    elif case.snapshot.ready:
        task = case.snapshot.ready[choice % len(case.snapshot.ready)]
        answers = ANSWERS[choice % len(ANSWERS)]
        case.complete(task.element_id, task.item, **answers)


def shape(state: str) -> Any:
    """A state without the names of its tasks, which chance gives."""
    document = json.loads(state)
    names: dict[str, int] = {}
    processes = [document["process"], *document["inner"].values()]
    for row in [row for process in processes for row in process["tasks"]]:
        names[row[0]] = len(names)
    text = json.dumps(document)
    for name, number in names.items():
        dashed = f"{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:]}"
        text = text.replace(dashed, f"#{number}").replace(name, f"#{number}")
    return json.loads(text)


@given(st.lists(DEEDS, max_size=40), st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_the_same_way_with_and_without_restoring_leads_to_the_same_state(deeds, experts):
    given_at_start = {"applicant": [f"e{index}" for index in range(experts)]}
    restored = Driver(EVERYTHING, True, **given_at_start)
    at_once = Driver(EVERYTHING, False, **given_at_start)

    for deed in deeds:
        step(restored, deed)
        step(at_once, deed)
        assert restored.events == at_once.events

    assert restored.statuses == at_once.statuses
    assert restored.snapshot.wake_at == at_once.snapshot.wake_at
    assert restored.snapshot.messages == at_once.snapshot.messages
    assert shape(restored.snapshot.state) == shape(at_once.snapshot.state)


@given(st.lists(DEEDS, max_size=60))
@settings(max_examples=50, deadline=None)
def test_every_token_that_enters_leaves_once_and_the_end_is_reached_by_what_is_left(deeds):
    case = Driver(EVERYTHING, applicant=["a", "b"])
    for deed in deeds:
        step(case, deed)

    for _ in range(100):
        if case.is_finished:
            break
        for call in case.execution.calls():
            case.answer(call.element_id, room=1)
        for task in case.snapshot.ready[:1]:
            case.complete(task.element_id, task.item, decision="go")
        case.wait(days=1)

    assert case.is_finished
    assert case.snapshot.wake_at is None
    entered = sorted(element for kind, element in case.events if kind == "entered")
    left = sorted(element for kind, element in case.events if kind != "entered")
    assert entered == left


def test_a_state_is_json_without_the_definition():
    state = Driver(EVERYTHING, applicant=["a", "b"]).snapshot.state
    document = json.loads(state)

    assert document["format"] == 1
    assert document["definition"] == EVERYTHING.digest
    assert "bpmn:" not in state
    assert len(state) < 3_000


def test_a_state_of_another_definition_or_format_is_refused():
    state = Driver(EVERYTHING, applicant=[]).snapshot.state
    other = definition(start(), user("a"), end(), flows("start > a > end"))
    later = json.dumps({**json.loads(state), "format": 2})
    torn = json.dumps({**json.loads(state), "process": {"done": False, "tasks": [["x"]]}})

    with pytest.raises(BadState, match="another definition"):
        Execution.resume(other, state)
    with pytest.raises(BadState, match="format 2"):
        Execution.resume(EVERYTHING, later)
    for broken in ("", "[]", "{}", "null", torn):
        with pytest.raises(BadState):
            Execution.resume(EVERYTHING, broken)


def test_a_finished_case_stays_finished():
    made = definition(start(), user("a"), end(), flows("start > a > end"))
    case = Driver(made).complete("a")

    again = Execution.resume(made, case.snapshot.state)
    again.tick(NOW)

    assert again.snapshot(NOW).is_finished
    assert again.snapshot(NOW).events == ()


def test_a_step_that_failed_leaves_the_saved_state_as_it_was():
    made = definition(
        start(),
        user("a"),
        node("exclusiveGateway", "g"),
        end(),
        end("other"),
        flows("start > a > g", 'g > [=decision = "x"] end', 'g > [=decision = "y"] other'),
    )
    case = Driver(made)
    state = case.snapshot.state

    with pytest.raises(Exception, match="condition"):
        case.complete("a", decision="z")

    again = Execution.resume(made, state)
    again.complete(again.snapshot(NOW).ready[0].id, {"decision": "x"}, NOW)
    assert again.snapshot(NOW).is_finished
