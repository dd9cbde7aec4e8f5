"""What a supervisor does to a case, and what is refused."""

from __future__ import annotations

import pytest

from bpmn import repair, shipped
from bpmn.engine import Stuck
from bpmn.parser import load
from tests.bpmn.diagrams import (
    VOCABULARY,
    Driver,
    definition,
    end,
    flows,
    io,
    many,
    node,
    start,
    user,
)
from tests.bpmn.test_saved_states import Case

CONSULTATION = load(shipped.bundle("consultation"))


def change(case: Driver, deed: repair.Deed) -> Driver:
    case.execution.change(case.now, deed)
    return case._after()


def reviewed():
    """a, then b whose decision chooses, then c for each of a list."""
    return definition(
        start(),
        user("a", "opinion", io(outputs={"grade": "=verdict"})),
        user("b"),
        node("exclusiveGateway", "g", default="g__c"),
        user("c", "opinion", many=many("=[1, 2]", "one")),
        end(),
        flows("start > a > b > g > c > end", 'g > [=decision = "return"] a'),
    )


def test_a_skipped_step_gives_nothing_and_the_case_goes_on():
    case = Driver(reviewed())

    change(case, repair.skip(case.task("a").id))

    assert case.ready() == ["b"]
    assert case.variables == {}
    assert ("completed", "a") in case.events


def test_one_of_many_can_be_skipped_alone():
    case = Driver(reviewed()).complete("a").complete("b", decision="go")

    change(case, repair.skip(case.task("c", 1).id))

    assert [task.item for task in case.snapshot.ready] == [2]
    assert case.complete("c", 2).is_finished


def test_a_step_whose_answer_is_read_later_is_not_skipped():
    made = reviewed()

    (one,) = repair.against_skipping(made, VOCABULARY, "b")

    assert (one.rule, one.element_id) == ("skips-output", "b")
    assert "decision" in one.en
    assert repair.against_skipping(made, VOCABULARY, "a") == ()
    assert repair.against_skipping(made, VOCABULARY, "c") == ()


@pytest.mark.parametrize(
    ("element", "rule"),
    [
        ("fill_application", "skips-consent"),
        ("review_director", "skips-output"),
        ("schedule", "skips-output"),
        ("session", "skips-output"),
        ("decide_execution", "skips-last-word"),
    ],
)
def test_the_shipped_process_keeps_its_consent_its_reviews_and_the_last_word(element, rule):
    found = repair.against_skipping(CONSULTATION, VOCABULARY, element)

    assert rule in {one.rule for one in found}


def test_a_case_sent_back_takes_the_step_anew_and_goes_the_way_again():
    case = Case.of(CONSULTATION.bundle)
    for _ in range(3):
        case.go_on()
    assert case.ready() == ["review_invited_affairs"]

    change(case, repair.send_back("review_director"))

    assert case.ready() == ["review_director"]
    assert ("cancelled", "review_invited_affairs") in case.events
    for _ in range(60):
        if case.is_finished:
            break
        case.go_on()
    assert case.is_finished


def test_a_case_is_not_sent_where_it_would_wait_for_ever_or_meet_without_consent():
    forked = definition(
        start(),
        user("first"),
        node("parallelGateway", "f"),
        user("a"),
        user("b"),
        node("parallelGateway", "j"),
        end(),
        flows("start > first > f > a > j > end", "f > b > j"),
    )

    def against(made, element, has_consent):
        found = repair.against_sending_back(made, VOCABULARY, element, has_consent)
        return [one.rule for one in found]

    assert against(forked, "a", True) == ["no-end"]
    assert against(forked, "first", True) == []
    assert against(forked, "f", True) == ["not-a-step"]
    assert against(CONSULTATION, "schedule", False) == ["session-without-consent"]
    assert against(CONSULTATION, "schedule", True) == []
    assert against(CONSULTATION, "fill_application", False) == []


def test_a_corrected_variable_is_what_the_next_condition_reads():
    case = Driver(reviewed()).complete("a")

    change(case, repair.set_variable("decision", "return"))
    change(case, repair.skip(case.task("b").id))

    assert case.ready() == ["a"]


def test_a_case_that_is_ended_is_over():
    case = Case.of(CONSULTATION.bundle)
    for _ in range(6):
        case.go_on()

    change(case, repair.stop)

    assert case.is_finished
    assert case.snapshot.wake_at is None
    assert case.snapshot.messages == frozenset()


def test_what_does_not_wait_cannot_be_skipped_and_a_deed_that_gets_stuck_says_so():
    case = Driver(reviewed())
    with pytest.raises(repair.NoSuchTask):
        case.execution.change(case.now, repair.skip("nothing"))
    with pytest.raises(repair.NoSuchTask):
        case.execution.change(case.now, repair.send_back("nowhere"))

    gated = definition(
        start(),
        user("a"),
        node("exclusiveGateway", "g"),
        end(),
        end("no"),
        flows('start > a > g > [=decision = "x"] end', 'g > [=decision = "y"] no'),
    )
    stuck = Driver(gated)
    with pytest.raises(Stuck):
        stuck.execution.change(stuck.now, repair.skip(stuck.task("a").id))
