"""The shipped consultation walked along all its ways, saved and restored between all steps."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bpmn import shipped
from bpmn.engine import Call
from bpmn.parser import parse
from tests.bpmn.consultation import VOCABULARY
from tests.bpmn.diagrams import NOW, Driver

DEFINITION = parse(shipped.bundle("consultation"), VOCABULARY)
AGREED = NOW + timedelta(days=2)
REVIEWS = ("review_director", "review_inviting_affairs", "review_invited_affairs")
STEPS = ("director", "inviting_affairs", "invited_affairs")
APPLIED = {"urgency": "routine", "invited_hospital": "2", "consent_given": True}
NAMED = {"expert_department": "5", "experts": ["8", "7"]}


class Case(Driver):
    """A driver that also does what the product does: it answers every call at once."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        super().__init__(DEFINITION, applicant="3", consultation=1)

    def _after(self) -> Case:
        super()._after()
        while waiting := self.execution.calls():
            for call in waiting:
                self.calls.append((call.operation, dict(call.inputs)))
                self.execution.answer(call.id, _outputs(call), self.now)
            super()._after()
        return self

    def operations(self) -> list[str]:
        return [operation for operation, _ in self.calls]

    def told(self) -> list[tuple[str, str]]:
        return [
            (inputs["template"], inputs["audience"])
            for operation, inputs in self.calls
            if operation == "notify"
        ]

    @property
    def status(self) -> str:
        return self.statuses[-1]


def _outputs(call: Call) -> dict[str, str]:
    if call.operation != "arrange_session":
        return {}
    return {"session_at": datetime.fromisoformat(call.inputs["scheduled_at"]).isoformat()}


def applied(**answers: Any) -> Case:
    case = Case()
    case.complete("fill_application", **{**APPLIED, **answers})
    return case


def reviewed(until: int = 3) -> Case:
    """A case that the first reviewers have approved."""
    case = applied()
    for review in REVIEWS[:until]:
        case.complete(
            review,
            decision="approve",
            **(NAMED if review == REVIEWS[-1] else {}),
        )
    return case


def arranged(at: datetime = AGREED) -> Case:
    case = reviewed()
    case.complete("schedule", scheduled_at=at.isoformat(timespec="minutes"), duration_min=60)
    return case


def in_session() -> Case:
    case = arranged()
    case.wait(days=2)
    return case


def held() -> Case:
    return in_session().complete("session", outcome="held")  # type: ignore[return-value]


def decided(*tracks: bool) -> Case:
    """A case whose report the inviting doctor accepted."""
    case = held()
    for expert, track in zip(NAMED["experts"], tracks, strict=True):
        case.complete("write_opinions", expert, track=track)
    case.complete("write_report").complete("sign_report", confirm=True)
    return case.complete("decide_execution", decision="adapt")  # type: ignore[return-value]


def test_from_application_to_the_end() -> None:
    """S0-20 to S0-26, S2-25, S2-35, S4-40."""
    case = decided(False, False)

    assert case.is_finished
    assert ("completed", "end_completed") in case.events
    assert case.operations() == [
        "assign_experts",
        "notify",
        "arrange_session",
        "notify",
        "open_room",
        "close_room",
        "publish_report",
        "notify",
    ]
    assert case.told() == [
        ("expert-invited", "experts"),
        ("session-arranged", "all"),
        ("report-published", "all"),
    ]
    assert list(dict.fromkeys(case.statuses)) == [
        "draft",
        "pending",
        "assigned",
        "in_progress",
        "completed",
    ]


def test_each_task_reaches_its_people() -> None:
    """S0-15 to S0-19: the role and the side of the lane, or the person the case names."""
    case = applied()
    reached = []
    for review in REVIEWS:
        task = case.task(review)
        reached.append((task.role, task.side, task.record))
        case.complete(review, decision="approve", **NAMED)
    schedule = case.task("schedule")
    case.complete("schedule", scheduled_at=AGREED.isoformat(), duration_min=60).wait(days=2)
    session = case.task("session")
    case.complete("session", outcome="held")

    assert reached == [
        ("department_director", "inviting", "review"),
        ("medical_affairs", "inviting", "review"),
        ("medical_affairs", "invited", "review"),
    ]
    assert (schedule.role, schedule.side) == ("triage_coordinator", "alliance")
    assert session.candidate_users == ("8", "7", "3")
    assert session.properties["session"] == "true"
    assert [one.assignee for one in case.snapshot.ready] == ["8", "7"]


def test_what_the_operations_are_told() -> None:
    """S0-24, S2-26."""
    calls = dict(arranged().calls)

    assert calls["assign_experts"] == {"department": "5", "experts": ["8", "7"]}
    assert calls["arrange_session"] == {
        "scheduled_at": AGREED.isoformat(),
        "duration_min": 60,
    }


@pytest.mark.parametrize("place", range(3))
def test_a_return_leads_back_to_the_application_and_through_all_reviews(place: int) -> None:
    """S0-27."""
    case = reviewed(place)
    case.complete(REVIEWS[place], decision="return")

    assert case.ready() == ["fill_application"]
    assert case.status == "draft"
    case.complete("fill_application", **APPLIED)
    assert case.ready() == ["review_director"]
    assert case.status == "pending"


@pytest.mark.parametrize("place", range(3))
def test_a_refusal_is_noted_told_to_both_and_ends_the_case(place: int) -> None:
    """S2-32, S2-33."""
    case = reviewed(place)
    case.complete(REVIEWS[place], decision="refuse")

    assert case.is_finished
    assert case.status == "cancelled"
    assert ("refuse", {"step": STEPS[place]}) in case.calls
    assert case.told() == [("refused", "applicant"), ("refused", "coordinator")]
    assert ("completed", "end_refused") in case.events


@pytest.mark.parametrize("place", range(4))
def test_the_applicant_can_withdraw_until_the_invited_side_accepts(place: int) -> None:
    """S0-27: while drafting and at each review."""
    case = Case() if place == 0 else reviewed(place - 1)

    assert case.deliver("withdraw")
    assert case.is_finished
    assert case.status == "cancelled"


def test_nobody_withdraws_what_was_accepted() -> None:
    case = reviewed()

    assert "withdraw" not in case.snapshot.messages
    assert not case.deliver("withdraw")
    assert case.ready() == ["schedule"]


def test_the_room_opens_a_quarter_of_an_hour_before_the_agreed_time() -> None:
    """S0-26."""
    case = arranged()
    opens = AGREED - timedelta(minutes=15)

    assert case.snapshot.wake_at == opens
    case.wait(days=2, minutes=-16)
    assert case.ready() == []
    case.wait(minutes=1)
    assert case.ready() == ["session"]
    assert case.status == "in_progress"
    assert case.task("session").due_at == AGREED + timedelta(hours=1)


def test_a_time_that_has_come_already_opens_the_room_at_once() -> None:
    case = arranged(NOW + timedelta(minutes=5))
    assert case.wait(minutes=0).ready() == ["session"]


@pytest.mark.parametrize(
    ("make", "closes"), [(reviewed, False), (arranged, False), (in_session, True)]
)
def test_a_case_can_be_cancelled_until_its_session_ends(make: Any, closes: bool) -> None:
    case = make()

    assert case.deliver("cancel")
    assert case.is_finished
    assert case.status == "cancelled"
    assert case.told()[-1] == ("cancelled", "all")
    assert ("close_room" in case.operations()) is closes


def test_a_case_whose_session_was_held_is_not_cancelled() -> None:
    assert held().snapshot.messages == frozenset()


@pytest.mark.parametrize(("make", "closes"), [(arranged, False), (in_session, True)])
def test_a_rescheduled_case_is_arranged_anew(make: Any, closes: bool) -> None:
    case = make()
    assert case.deliver("reschedule")

    assert case.ready() == ["schedule"]
    assert case.status == "assigned"
    assert ("close_room" in case.operations()) is closes
    later = case.now + timedelta(days=3)
    case.complete("schedule", scheduled_at=later.isoformat(), duration_min=30).wait(days=3)
    assert case.ready() == ["session"]
    assert case.task("session").due_at == later + timedelta(minutes=30)


@pytest.mark.parametrize("outcome", ["no_show", "reschedule"])
def test_a_session_that_was_not_held_is_arranged_anew(outcome: str) -> None:
    case = in_session().complete("session", outcome=outcome)

    assert case.ready() == ["schedule"]
    assert case.status == "assigned"
    assert case.operations()[-2:] == ["close_room", "notify"]
    assert case.told()[-1] == ("session-missed", "coordinator")


def test_the_coordinator_is_told_of_a_session_that_nobody_ends() -> None:
    case = in_session()
    case.wait(hours=3)
    before = case.told()[-1]
    case.wait(hours=2)

    assert before == ("session-arranged", "all")
    assert case.told()[-1] == ("session-overrun", "coordinator")
    assert case.ready() == ["session"]


@pytest.mark.parametrize("urgency", ["routine", "urgent", "critical"])
def test_who_is_late_with_a_review_is_reminded_by_urgency(urgency: str) -> None:
    case = applied(urgency=urgency)
    hours = {"routine": 24, "urgent": 4, "critical": 1}[urgency]
    task = case.task("review_director")

    assert task.due_at == NOW + timedelta(hours=hours)
    assert task.priority == {"routine": 50, "urgent": 70, "critical": 90}[urgency]
    case.wait(hours=hours, minutes=-1)
    assert case.told() == []
    case.wait(minutes=1)
    assert case.told() == [("overdue", "assignees")]
    assert case.ready() == ["review_director"]


@pytest.mark.parametrize(
    ("make", "element"),
    [
        (lambda: reviewed(1), "review_inviting_affairs"),
        (lambda: reviewed(2), "review_invited_affairs"),
        (reviewed, "schedule"),
        (held, "write_opinions"),
    ],
)
def test_every_step_that_others_wait_for_has_its_reminder(make: Any, element: str) -> None:
    case = make()
    case.wait(hours=25)

    assert case.told().count(("overdue", "assignees")) == 1
    assert set(case.ready()) == {element}


def test_the_report_waits_for_every_opinion() -> None:
    case = held()
    case.complete("write_opinions", "7", track=False)
    assert case.ready() == ["write_opinions"]
    case.complete("write_opinions", "8", track=False)

    assert case.ready() == ["write_report"]
    assert case.task("write_report").assignee == "8"
    case.complete("write_report")
    assert case.task("sign_report").assignee == "8"  # S4-30: signed by the leading expert
    case.complete("sign_report", confirm=True)
    assert case.status == "completed"
    assert case.task("decide_execution").assignee == "3"


@pytest.mark.parametrize("tracks", [(True, False), (False, True), (True, True)])
def test_a_case_that_any_expert_marked_is_followed_up(tracks: tuple[bool, bool]) -> None:
    """S2-38."""
    case = decided(*tracks)

    assert case.calls[-1] == ("schedule_follow_up", {"days": [7, 30, 90]})
    assert case.ready() == []
    for days in (7, 23, 60):
        case.wait(days=days, minutes=-1)
        assert case.ready() == []
        case.wait(minutes=1)
        task = case.task("follow_up")
        assert (task.role, task.side) == ("follow_up_staff", "inviting")
        case.complete("follow_up", efficacy="improved", readmission=False)
    assert case.is_finished
    assert case.status == "completed"
    assert ("completed", "end_followed_up") in case.events


def test_a_late_follow_up_does_not_hold_up_the_next() -> None:
    case = decided(True, True)
    case.wait(days=30)
    assert case.ready() == ["follow_up", "follow_up"]
