"""Timers: on the given clock only, once each, and late ones made up for."""

from datetime import UTC, datetime, timedelta

import pytest

from bpmn import timers
from bpmn.engine import Execution, Stuck
from tests.bpmn.diagrams import (
    BEIJING,
    NOW,
    Driver,
    boundary,
    definition,
    end,
    flows,
    message,
    messages,
    node,
    service,
    start,
    timer,
    user,
)
from tests.bpmn.test_flow import RESTORES

HOUR = timedelta(hours=1)


def reminded(*events: str):
    """A task with boundary events that lead to services of their own."""
    names = [f"b{index}" for index in range(len(events))]
    return definition(
        start(),
        user("write"),
        *(event.replace("NAME", name) for event, name in zip(events, names, strict=True)),
        *(service(f"tell_{name}") for name in names),
        *(end(f"end_{name}") for name in names),
        user("after"),
        end(),
        flows(
            "start > write > after > end",
            *(f"{name} > tell_{name} > end_{name}" for name in names),
        ),
        outside=messages("urge"),
    )


def on_write(kind: str, text: str, interrupts: bool = False) -> str:
    return boundary("NAME", "write", timer(kind, text), interrupts)


@RESTORES
@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDuration", "PT3H", NOW + 3 * HOUR),
        ("timeDuration", "=duration(wait)", NOW + 2 * HOUR),
        ("timeDuration", "P1M", NOW.replace(month=4)),
        ("timeDuration", '=duration("P1Y")', NOW.replace(year=2027)),
        ("timeDate", "2026-03-05T08:30:00+08:00", datetime(2026, 3, 5, 8, 30, tzinfo=BEIJING)),
        ("timeDate", '=date("2026-03-05")', datetime(2026, 3, 5, tzinfo=BEIJING)),
        ("timeDate", "=day", datetime(2026, 3, 6, 1, tzinfo=UTC)),
        ("timeDate", '=now() + duration("P1D")', NOW + 24 * HOUR),
        ("timeDate", '=date and time(day) - duration("PT1H")', datetime(2026, 3, 6, tzinfo=UTC)),
    ],
)
def test_an_intermediate_timer_waits_for_its_moment(restores, kind, text, due):
    made = definition(
        start(),
        node("intermediateCatchEvent", "t", timer(kind, text)),
        user("after"),
        end(),
        flows("start > t > after > end"),
    )
    given = {"wait": "PT2H", "day": "2026-03-06T01:00:00Z"}
    case = Driver(made, restores, **given)

    assert case.snapshot.wake_at == due
    assert case.ready() == []
    case.now = due - timedelta(seconds=1)
    case.execution.tick(case.now)
    assert case.execution.snapshot(case.now).ready == ()
    case.execution.tick(due)
    assert [one.element_id for one in case.execution.snapshot(due).ready] == ["after"]


@RESTORES
def test_a_reminder_leaves_the_task_and_repeats(restores):
    case = Driver(reminded(on_write("timeCycle", "R3/PT1H")), restores)

    told = 0
    for hour in range(1, 6):
        case.wait(hours=1)
        told += len(case.execution.calls())
        for call in case.execution.calls():
            case.answer(call.element_id)
        assert told == min(hour, 3)
        assert case.ready() == ["write"]

    assert case.snapshot.wake_at is None
    case.complete("write")
    assert case.ready() == ["after"]


def test_reminders_leave_no_trail_in_the_state():
    case = Driver(reminded(on_write("timeCycle", "R/PT1H")))
    sizes = []

    for _ in range(30):
        case.wait(hours=1).answer("tell_b0")
        sizes.append(len(case.snapshot.state))

    assert max(sizes) - min(sizes) < 20


def test_missed_repetitions_are_made_up_for_by_one_and_keep_their_beat():
    case = Driver(reminded(on_write("timeCycle", "R10/PT1H")))

    case.now = NOW + timedelta(hours=4, minutes=20)
    case.execution.tick(case.now)
    case._after()

    assert len(case.execution.calls()) == 1
    assert case.snapshot.wake_at == NOW + 5 * HOUR


def test_monthly_repetitions_follow_the_calendar():
    made = reminded(on_write("timeCycle", "R/2026-03-31T08:00:00+08:00/P1M"))
    case = Driver(made)

    found = []
    for _ in range(4):
        found.append(case.snapshot.wake_at.astimezone(BEIJING).strftime("%m-%d"))
        case.wait(days=31)
    assert found == ["03-31", "04-30", "05-31", "06-30"]


@RESTORES
def test_an_interrupting_timer_takes_the_task_away(restores):
    case = Driver(reminded(on_write("timeDuration", "P1D", interrupts=True)), restores)

    case.wait(days=1)

    assert case.ready() == []
    assert ("cancelled", "write") in case.events
    assert ("completed", "b0") in case.events
    assert case.answer("tell_b0").is_finished


@RESTORES
def test_of_two_interrupting_timers_due_at_once_one_goes_on(restores):
    made = reminded(
        on_write("timeDuration", "PT1H", interrupts=True),
        on_write("timeDuration", "PT2H", interrupts=True),
    )
    case = Driver(made, restores)

    case.now = NOW + 9 * HOUR
    case.execution.tick(case.now)
    case._after()

    assert len(case.execution.calls()) == 1


@RESTORES
def test_completing_the_task_disarms_its_timers(restores):
    made = reminded(
        on_write("timeDuration", "PT1H"), on_write("timeDuration", "PT2H", interrupts=True)
    )
    case = Driver(made, restores)

    case.complete("write")

    assert case.snapshot.wake_at is None
    assert case.wait(days=3).ready() == ["after"]
    assert case.execution.calls() == ()
    assert not any(name.startswith("b") for _, name in case.events)


def test_a_task_completed_after_its_deadline_but_before_the_tick_is_completed():
    case = Driver(reminded(on_write("timeDuration", "PT1H", interrupts=True)))

    case.now = NOW + 2 * HOUR
    case.complete("write")

    assert case.ready() == ["after"]


@RESTORES
def test_the_first_event_behind_an_event_gateway_decides(restores):
    made = definition(
        start(),
        node("eventBasedGateway", "wait"),
        node("intermediateCatchEvent", "late", timer("timeDuration", "PT5H")),
        node("intermediateCatchEvent", "soon", timer("timeDuration", "PT1H")),
        node("intermediateCatchEvent", "urged", message("urge")),
        *(user(f"after_{name}") for name in ("late", "soon", "urged")),
        *(end(f"end_{name}") for name in ("late", "soon", "urged")),
        flows(
            "start > wait > late > after_late > end_late",
            "wait > soon > after_soon > end_soon",
            "wait > urged > after_urged > end_urged",
        ),
        outside=messages("urge"),
    )

    timed = Driver(made, restores)
    assert timed.snapshot.wake_at == NOW + HOUR
    assert timed.snapshot.messages == {"urge"}
    timed.now = NOW + 9 * HOUR
    timed.execution.tick(timed.now)
    assert timed._after().ready() == ["after_soon"]
    assert timed.snapshot.wake_at is None
    assert timed.snapshot.messages == frozenset()
    assert not timed.deliver("urge")

    told = Driver(made, restores)
    assert told.deliver("urge", decision="now")
    assert told.ready() == ["after_urged"]
    assert told.variables == {"decision": "now"}
    assert told.complete("after_urged").is_finished


def test_a_timer_on_nothing_is_an_incident():
    made = definition(
        start(),
        node("intermediateCatchEvent", "t", timer("timeDate", "=applicant")),
        end(),
        flows("start > t > end"),
    )

    for wrong in (None, "soon", 7):
        with pytest.raises(Stuck) as incident:
            Driver(made, applicant=wrong)
        assert incident.value.element_id == "t"


def test_a_naive_now_is_refused():
    made = definition(start(), end(), flows("start > end"))

    with pytest.raises(ValueError, match="aware"):
        Execution.start(made, {}, datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("P1M", "2024-02-29T00:00:00+00:00"),
        ("P1Y1D", "2025-02-01T00:00:00+00:00"),
        ("P2W", "2024-02-14T00:00:00+00:00"),
        ("PT1.5S", "2024-01-31T00:00:01.500000+00:00"),
        ("P1DT1M", "2024-02-01T00:01:00+00:00"),
    ],
)
def test_iso_durations(text, after):
    begun = datetime(2024, 1, 31, tzinfo=UTC)

    assert timers.moment(text, begun).isoformat() == after


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1H", "1D", "P-1D", "PT1H1D", "P99999Y", "2024-02-30", "R/PT1H"]
)
def test_what_is_no_moment(text):
    with pytest.raises(timers.NotATime):
        timers.moment(text, NOW)


@pytest.mark.parametrize("text", ["PT1H", "R/", "R3/", "R/PT0S", "0 0 9 * * ?", "Rx/PT1H"])
def test_what_is_no_repetition(text):
    with pytest.raises(timers.NotATime):
        timers.cycle(text, NOW)
