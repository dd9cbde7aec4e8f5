"""Messages from the product, and errors of its services."""

import pytest

from bpmn.engine import NotReady, Stuck
from tests.bpmn.diagrams import (
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
    service,
    start,
    timer,
    user,
)
from tests.bpmn.test_flow import RESTORES


def withdrawable(*inside: str, host: str, interrupts: bool = True, extension: str = ""):
    return definition(
        start(),
        *inside,
        boundary("back", host, message("withdraw"), interrupts, extension),
        user("withdrawn"),
        end("e_back"),
        user("after"),
        end(),
        flows(f"start > {host} > after > end", "back > withdrawn > e_back"),
        outside=messages("withdraw", "other"),
    )


@RESTORES
def test_a_message_interrupts_a_task(restores):
    case = Driver(withdrawable(user("write"), host="write"), restores)

    assert case.snapshot.messages == {"withdraw"}
    assert not case.deliver("other")
    assert case.deliver("withdraw", reason="late")

    assert case.ready() == ["withdrawn"]
    assert case.variables == {"reason": "late"}
    assert case.snapshot.messages == frozenset()
    assert not case.deliver("withdraw")
    assert case.complete("withdrawn").is_finished


@RESTORES
def test_a_message_interrupts_a_sub_process_with_all_in_it(restores):
    inner = node(
        "subProcess",
        "inner",
        start("si"),
        user("deep"),
        end("ei"),
        boundary("tick", "deep", timer("timeCycle", "R/PT1H"), interrupts=False),
        end("e_tick"),
        flows("si > deep > ei", "tick > e_tick"),
    )
    sub = node("subProcess", "sub", start("s"), inner, end("e"), flows("s > inner > e"))
    case = Driver(withdrawable(sub, host="sub"), restores)
    case.wait(hours=3)

    assert case.ready() == ["deep"]
    assert case.deliver("withdraw")

    assert case.ready() == ["withdrawn"]
    assert case.snapshot.wake_at is None
    assert ("cancelled", "deep") in case.events
    assert case.complete("withdrawn").is_finished


@RESTORES
def test_a_message_that_does_not_interrupt_can_come_again(restores):
    case = Driver(withdrawable(user("write"), host="write", interrupts=False), restores)

    assert case.deliver("withdraw")
    assert case.deliver("withdraw")

    assert case.ready() == ["write", "withdrawn", "withdrawn"]
    case.complete("write")
    assert not case.deliver("withdraw")
    case.complete("withdrawn").complete("withdrawn").complete("after")
    assert case.is_finished


def test_output_mappings_choose_from_the_payload():
    extension = io(outputs={"at": "=begins.at"})
    case = Driver(withdrawable(user("write"), host="write", extension=extension))

    case.deliver("withdraw", begins={"at": "2026-03-09"}, secret="x")

    assert case.variables == {"at": "2026-03-09"}


@RESTORES
def test_a_message_can_be_meant_for_one_of_many(restores):
    sub = node(
        "subProcess",
        "each",
        many("=applicant", "expert"),
        start("s"),
        node("receiveTask", "accepted", messageRef="m_accepted"),
        user("write", assignee="=expert"),
        end("e"),
        flows("s > accepted > write > e"),
    )
    made = definition(
        start(),
        sub,
        end(),
        flows("start > each > end"),
        outside=messages("accepted", key="=expert"),
    )
    case = Driver(made, restores, applicant=["wang", "li"])

    assert case.deliver("accepted", "li")
    assert [one.item for one in case.snapshot.ready] == ["li"]
    assert not case.deliver("accepted", "li")
    assert case.deliver("accepted")
    assert [one.item for one in case.snapshot.ready] == ["wang", "li"]


def failing(*more: str, catches: str = "NO_ROOM"):
    return definition(
        start(),
        node("parallelGateway", "fork"),
        service("one"),
        service("two"),
        node("parallelGateway", "join"),
        boundary("bad_one", "one", '<bpmn:errorEventDefinition errorRef="err"/>'),
        boundary("bad_two", "two", '<bpmn:errorEventDefinition errorRef="err"/>'),
        user("repair_one"),
        user("repair_two"),
        node("exclusiveGateway", "m1"),
        node("exclusiveGateway", "m2"),
        user("after"),
        end(),
        flows(
            "start > fork > one > m1 > join > after > end",
            "fork > two > m2 > join",
            "bad_one > repair_one > m1",
            "bad_two > repair_two > m2",
        ),
        *more,
        outside=f'<bpmn:error id="err" name="no room" errorCode="{catches}"/>',
    )


@RESTORES
def test_an_error_is_caught_at_its_own_service_only(restores):
    case = Driver(failing(), restores)

    case.fail("one", "NO_ROOM")

    assert case.ready() == ["repair_one"]
    assert [call.element_id for call in case.execution.calls()] == ["two"]
    case.complete("repair_one").answer("two")
    assert case.ready() == ["after"]


def test_an_error_that_nobody_catches_is_an_incident():
    case = Driver(failing())

    with pytest.raises(Stuck) as incident:
        case.fail("one", "OTHER")

    assert incident.value.element_id == "one"


@RESTORES
def test_an_error_goes_outward_to_the_sub_process_around_it(restores):
    sub = node(
        "subProcess",
        "sub",
        start("s"),
        node("exclusiveGateway", "how", default="how__call"),
        service("call"),
        end("e"),
        end("wrong", '<bpmn:errorEventDefinition errorRef="err"/>'),
        flows("s > how > call > e", 'how > [=applicant = "x"] wrong'),
    )
    made = definition(
        start(),
        sub,
        boundary("bad", "sub", '<bpmn:errorEventDefinition errorRef="err"/>'),
        user("repair"),
        end("e_bad"),
        user("after"),
        end(),
        flows("start > sub > after > end", "bad > repair > e_bad"),
        outside='<bpmn:error id="err" name="bad" errorCode="BAD"/>',
    )

    failed = Driver(made, restores, applicant="y").fail("call", "BAD")
    assert failed.ready() == ["repair"]
    assert failed.complete("repair").is_finished

    ended = Driver(made, restores, applicant="x")
    assert ended.ready() == ["repair"]
    assert ("completed", "wrong") in ended.events
    assert ended.complete("repair").is_finished


def test_a_call_is_answered_once():
    made = definition(start(), service("one"), end(), flows("start > one > end"))
    case = Driver(made)
    (call,) = case.execution.calls()
    case.answer("one")

    with pytest.raises(NotReady):
        case.execution.answer(call.id, {}, case.now)
    with pytest.raises(NotReady):
        case.execution.fail(call.id, "X", case.now)
