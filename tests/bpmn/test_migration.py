"""Cases that move from one version of a diagram to another, or stay and say why."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bpmn import shipped
from bpmn.engine import Execution
from bpmn.migration import Migration, Move
from bpmn.parser import load
from tests.bpmn.diagrams import (
    NOW,
    Driver,
    boundary,
    definition,
    end,
    flows,
    many,
    messages,
    node,
    start,
    timer,
    user,
)
from tests.bpmn.plans import Maker, built
from tests.bpmn.test_saved_states import SAVED, Case, bundle_of
from tests.bpmn.test_state import DEEDS, EVERYTHING, step


def moved(case: Driver, way: Migration) -> tuple[Driver | None, Move]:
    """The case as it goes on in the target, and what was said."""
    result = way.move(case.snapshot.state, case.now)
    if result.state is None:
        return None, result
    there = Driver.__new__(Driver)
    there.definition, there.restores, there.now = way.target, True, case.now
    there.events, there.statuses = [], []
    there.execution = Execution.resume(way.target, result.state)
    there.snapshot = there._look()
    return there, result


@given(st.lists(DEEDS, max_size=30), st.lists(DEEDS, max_size=20), st.integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_a_case_moved_to_its_own_version_goes_on_as_if_it_had_stayed(before, after, experts):
    stays = Driver(EVERYTHING, applicant=[f"e{index}" for index in range(experts)])
    for deed in before:
        step(stays, deed)
    if stays.is_finished:
        return
    stays.events.clear()

    goes, said = moved(stays, Migration(EVERYTHING, EVERYTHING))

    assert goes is not None
    assert said.findings == ()
    for deed in after:
        assert goes.ready() == stays.ready()
        assert goes.snapshot.wake_at == stays.snapshot.wake_at
        assert goes.snapshot.messages == stays.snapshot.messages
        step(stays, deed)
        step(goes, deed)
    assert sorted(goes.events) == sorted(stays.events)
    assert goes.variables == stays.variables


DECISIONS = ("go", "go", "return", "way0", "way1", "way2")


def wander(case: Driver, random: Random, steps: int) -> None:
    """Go on as chance will have it."""
    for _ in range(steps):
        if case.is_finished:
            return
        if case.snapshot.ready and random.random() < 0.8:
            task = random.choice(case.snapshot.ready)
            case.execution.complete(task.id, {"decision": random.choice(DECISIONS)}, case.now)
            case._after()
        elif random.random() < 0.05 and "stop" in case.snapshot.messages:
            case.deliver("stop")
        else:
            case.wait(hours=random.randint(1, 6))


def to_the_end(case: Driver) -> None:
    for _ in range(400):
        if case.is_finished:
            return
        for task in case.snapshot.ready[:1]:
            case.execution.complete(task.id, {"decision": "go"}, case.now)
            case._after()
        case.wait(hours=6)


@given(st.integers(0, 10**9))
@settings(max_examples=400, deadline=None)
def test_what_may_move_between_random_versions_comes_to_its_end(seed):
    random = Random(seed)
    maker, names = Maker(random), dict[str, str]()
    plan = maker.plan()
    old, new = built(plan), built(maker.changed(plan, names))
    names = {a: b for a, b in names.items() if b in new.diagram.nodes}
    case = Driver(old)
    wander(case, random, random.randint(0, 12))
    before = case.snapshot.state
    if case.is_finished:
        return

    there, said = moved(case, Migration(old, new, names))

    assert case.snapshot.state == before
    if there is None:
        assert any(one.severity == "error" and one.zh for one in said.findings)
        return
    event(f"moved with {len(said.findings)} defaults")
    assert len(there.ready()) == len(case.ready())
    wander(there, random, random.randint(0, 8))
    to_the_end(there)
    assert there.is_finished


def small(
    *, form: str = "review", more: str = "", extra: str = "", way: str = "a > b > end"
) -> Any:
    """start, a, b, end; `way` says what follows the start, `extra` what else there is."""
    return definition(
        start(),
        user("a", form, more),
        user("b"),
        end(),
        extra,
        flows(f"start > {way}"),
        outside=messages("stop"),
    )


def rules(said: Move) -> list[str]:
    return [one.rule for one in said.findings]


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        (definition(start(), user("b"), end(), flows("start > b > end")), "gone"),
        (
            definition(start(), node("manualTask", "a"), end(), flows("start > a > end")),
            "other-kind",
        ),
        (
            definition(
                start(), user("a", many=many("=[1]", "one")), end(), flows("start > a > end")
            ),
            "other-instances",
        ),
        (
            definition(
                start(),
                node("subProcess", "s", start("i"), user("a"), end("o"), flows("i > a > o")),
                end(),
                flows("start > s > end"),
            ),
            "other-scope",
        ),
        (
            small(
                extra=node("parallelGateway", "f")
                + node("parallelGateway", "j")
                + user("c")
                + flows("f > c > j"),
                way="f > a > b > j > end",
            ),
            "no-end",
        ),
        (
            small(
                extra=node("exclusiveGateway", "g") + end("no") + flows("g > [=grade = 1] no"),
                way="a > b > g > [=grade = 2] end",
            ),
            "variable-missing",
        ),
        (
            small(more="<zeebe:taskSchedule dueDate='=\"soon\"'/>"),
            "stuck",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_case_that_cannot_move_stays_and_says_why(target, rule):
    case = Driver(small())

    there, said = moved(case, Migration(small(), target))

    assert there is None
    assert [one.rule for one in said.findings if one.severity == "error"] == [rule]
    assert all(one.zh and one.en for one in said.findings)


def test_a_renamed_step_is_found_by_the_mapping_and_of_its_own_kind_only():
    renamed = definition(start(), user("z"), user("b"), end("e"), flows("start > z > b > e"))
    case = Driver(small())

    there, said = moved(case, Migration(small(), renamed, {"a": "z"}))
    wrong = Migration(small(), renamed, {"a": "e", "x": "y"}).move(case.snapshot.state, NOW)

    assert there is not None
    assert said.findings == ()
    assert there.task("z").id == case.task("a").id
    assert there.complete("z").complete("b").is_finished
    assert rules(wrong)[:2] == ["other-kind", "unknown-element"]


def test_a_missing_variable_can_be_given_a_value():
    gateway = node("exclusiveGateway", "g") + end("no") + flows("g > [=grade = 1] no")
    target = small(extra=gateway, way="a > b > g > [=grade = 2] end")
    case = Driver(small())

    there, said = moved(case, Migration(small(), target, values={"grade": 1}))

    assert there is not None
    assert rules(said) == ["variable-set"]
    there.complete("a").complete("b")
    assert ("entered", "no") in there.events


def test_a_condition_that_was_unfed_before_blocks_nobody():
    gateway = node("exclusiveGateway", "g") + end("no") + flows("g > [=grade = 1] no")
    same = {"extra": gateway, "way": "a > b > g > [=grade = 2] end"}
    case = Driver(small(**same))

    _, said = moved(case, Migration(small(**same), small(**same, form="opinion")))

    assert rules(said) == ["form-changed"]


def guarded(period: str, name: str = "late") -> Any:
    extra = boundary(name, "a", timer("timeDuration", period), interrupts=False)
    return small(extra=extra + user("told") + end("known") + flows(f"{name} > told > known"))


def test_a_boundary_timer_that_is_new_counts_from_the_move_and_one_that_is_gone_is_dropped():
    plain, timed = small(), guarded("PT2H")
    case = Driver(plain)
    case.wait(hours=5)

    there, said = moved(case, Migration(plain, timed))
    assert there is not None
    assert rules(said) == ["boundary-new"]
    assert there.snapshot.wake_at == case.now + timedelta(hours=2)

    back, said = moved(there, Migration(timed, plain))
    assert back is not None
    assert rules(said) == ["boundary-gone"]
    assert back.snapshot.wake_at is None


def test_a_timer_keeps_the_moment_it_waits_for_and_one_that_fired_stays_silent():
    old, new = guarded("PT2H"), guarded("PT9H", "later")
    case = Driver(old)
    way = Migration(old, new, {"late": "later"})

    waits, said = moved(case, way)
    assert waits is not None
    assert said.findings == ()
    assert waits.snapshot.wake_at == NOW + timedelta(hours=2)

    silent, _ = moved(case.wait(hours=3), way)
    assert silent is not None
    assert sorted(silent.ready()) == ["a", "told"]
    assert silent.snapshot.wake_at is None


def test_who_does_it_and_until_when_is_worked_out_anew_where_the_version_says_otherwise():
    due = "<zeebe:taskSchedule dueDate='=duration(\"PT4H\")'/>"
    case = Driver(small())
    case.wait(hours=1)

    there, said = moved(case, Migration(small(), small(more=due)))

    assert there is not None
    assert rules(said) == ["people-changed"]
    assert there.task("a").due_at == NOW + timedelta(hours=5)


def test_a_case_that_is_over_stays_where_it_is():
    case = Driver(small()).complete("a").complete("b")

    _, said = moved(case, Migration(small(), small(form="opinion")))

    assert rules(said) == ["over"]


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_saved_case_of_a_shipped_process_moves_to_the_one_that_ships_now(path):
    saved = json.loads(path.read_text("utf-8"))
    if saved["is_finished"]:
        return
    old = load(bundle_of(path.parent))
    new = load(shipped.bundle(old.diagram.process_id))
    operations = {"arrange_session": frozenset({"session_at"})}
    state = json.dumps(saved["state"])
    now = datetime.fromisoformat(saved["now"])

    said = Migration(old, new, operations=operations).move(state, now)

    assert said.state, said.findings
    going = {**saved, "state": json.loads(said.state)}
    case = Case.at(new.bundle, going)
    for _ in range(100):
        if case.is_finished:
            break
        case.go_on()
    assert case.is_finished
