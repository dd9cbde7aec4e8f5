"""The server dies again and again while people work: nothing acknowledged is lost or done twice."""

import http.client
import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.accounts.models import Person
from app.audit import AuditEntry, Deed, broken_links
from app.consultations.actions import start_consultation
from app.consultations.models import Consultation, ElementLog, Instance
from app.db import db, now
from app.notices.models import Notice
from app.processes.actions import publish
from app.processes.queries import definition
from app.tasks.models import State, Task
from bpmn import shipped
from bpmn.engine import Execution
from tests.app.cases import make_people
from tests.app.shipped import APPROVAL, application, naming, scheduling
from tests.conftest import DATABASES
from tests.serving import Browser, Pass, Server, settings_for, sign_in_as

pytestmark = pytest.mark.faults

CLIENTS, CASES, KILLS = 4, 50, 8
PATIENCE_S = 150


@dataclass(frozen=True)
class Step:
    """One hand a case passes through."""

    element: str
    by: int
    held: Pass
    answers: dict[str, Any]


@dataclass
class Work:
    """What the clients have to do and what they were told. Shared by their threads."""

    port: int
    steps: Sequence[Step]
    last: Step
    cases: list[int]
    acknowledged: list[tuple[int, Step]] = field(default_factory=list)  # task, step
    broken_off: Counter[int] = field(default_factory=Counter)  # task: unanswered requests
    surprises: list[str] = field(default_factory=list)

    def all_steps(self, cases: Sequence[int]) -> None:
        """Take cases through every step, asking again whenever the server went away."""
        try:
            for step in self.steps:
                for case in cases:
                    self.complete(case, step)
        except Exception as error:  # a thread's own would be lost
            self.surprises.append(repr(error))

    def complete(self, case: int, step: Step) -> None:
        """One step of one case, until it is known to be done."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            browser = Browser(self.port, step.held)
            try:
                task = self._waiting(browser, case)
                if task is None or self._is_done(browser, task, step):
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            finally:
                browser.close()
        raise TimeoutError(f"case {case} does not get past {step.element}")

    def _waiting(self, browser: Browser, case: int) -> int | None:
        answer = browser.get(f"/consultations/{case}/first-task")
        answer.read()
        found = re.fullmatch(r"/tasks/(\d+)", answer.headers["Location"])
        return int(found[1]) if found else None

    def _is_done(self, browser: Browser, task: int, step: Step) -> bool:
        self.broken_off[task] += 1
        status, content = browser.complete(task, step.answers)
        self.broken_off[task] -= 1
        if status == 201:
            self.acknowledged.append((task, step))
        elif status != 409 or not self.broken_off[task]:
            self.surprises.append(f"{step.element}: {status} {content}")
        return True


@pytest.fixture(params=DATABASES)
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Flask, Server]]:
    """The product on a database of its own: the same settings here and in a process apart."""
    url = f"sqlite:///{tmp_path}/faults.sqlite3"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").create_database()
    settings = settings_for(url, tmp_path)
    app = create_app(settings)
    with app.app_context(), Server(settings) as server:
        db.create_all()
        yield app, server
        db.session.remove()
        db.engine.dispose()


def test_no_step_is_lost_or_done_twice(served: tuple[Flask, Server]) -> None:
    app, server = served
    seed = int(os.environ.get("HUIZHEN_FAULTS_SEED") or random.randrange(1_000_000))
    print(f"HUIZHEN_FAULTS_SEED={seed}")
    work = prepare(app, server)

    kills = let_die_while_working(server, work, random.Random(seed))

    assert work.surprises == []
    assert kills == KILLS
    assert_acknowledged(work)
    assert_once(work)
    assert_inbox_is_what_engines_say(work)
    assert_all_go_on(work)


def prepare(app: Flask, server: Server) -> Work:
    """Drafts of the shipped process, and the four hands through which each is to pass."""
    people = make_people()
    publish(None, "consultation", "远程会诊", shipped.bundle("consultation"))
    cases = [start_consultation(people.applicant).id for _ in range(CASES)]

    def step(element: str, person: Person, answers: dict[str, Any]) -> Step:
        return Step(element, person.id, sign_in_as(app, person), answers)

    steps = [
        step("fill_application", people.applicant, application(people.invited)),
        step("review_director", people.director, APPROVAL),
        step("review_inviting_affairs", people.affairs, APPROVAL),
        step("review_invited_affairs", people.invited_affairs, naming(people)),
    ]
    last = step("schedule", people.coordinator, scheduling())
    db.session.remove()
    return Work(server.port, steps, last, cases)


def let_die_while_working(server: Server, work: Work, chance: random.Random) -> int:
    """Kill the server at random moments of the clients' work; how often it was killed."""
    workers = [
        threading.Thread(target=work.all_steps, args=(work.cases[number::CLIENTS],))
        for number in range(CLIENTS)
    ]
    for worker in workers:
        worker.start()
    kills = 0
    for after in sorted(chance.sample(range(1, CASES * len(work.steps) - CLIENTS), KILLS)):
        while len(work.acknowledged) < after and any(one.is_alive() for one in workers):
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.05))
        kills += any(one.is_alive() for one in workers)
        server.kill()
        server.start()
    for worker in workers:
        worker.join(PATIENCE_S)
    return kills


def assert_acknowledged(work: Work) -> None:
    """Nobody was told of something that did not last."""
    assert work.acknowledged
    for task_id, step in work.acknowledged:
        task = db.session.get(Task, task_id)
        assert task is not None
        found = (task.state, task.element_id, task.completed_by_id)
        assert found == (State.COMPLETED, step.element, step.by)


def assert_once(work: Work) -> None:
    """Each case took each step once, by audit, inbox, element log and notices."""
    expected = [step.element for step in work.steps]
    for case_id in work.cases:
        case = db.session.get(Consultation, case_id)
        assert case is not None
        entries = chain(case.audit_chain)
        assert broken_links(entries) == []
        done = [entry for entry in entries if entry.deed == Deed.TASK_COMPLETED]
        assert [entry.details["element"] for entry in done] == expected
        tasks = db.session.scalars(select(Task).filter_by(consultation_id=case_id)).all()
        assert sorted(task.element_id for task in tasks) == sorted([*expected, work.last.element])
        events = db.session.scalars(select(ElementLog).filter_by(consultation_id=case_id)).all()
        assert_no_doubles((event.engine_task_id, event.kind) for event in events)
        left = {event.engine_task_id for event in events if event.kind == "completed"}
        assert {task.engine_id for task in tasks if task.state == State.COMPLETED} <= left
        notices = db.session.scalars(select(Notice).filter_by(consultation_id=case_id)).all()
        assert_no_doubles(
            (one.recipient_id, one.channel, one.template, one.params.get("task_id"))
            for one in notices
        )


def assert_inbox_is_what_engines_say(work: Work) -> None:
    """The waiting rows are the waiting tasks of the stored states."""
    for case_id in work.cases:
        instance = db.session.get(Instance, case_id)
        assert instance is not None
        execution = Execution.resume(definition(instance.digest), instance.state)
        rows = select(Task.engine_id).filter_by(consultation_id=case_id, state=State.READY)
        assert {one.id for one in execution.snapshot(now()).ready} == set(db.session.scalars(rows))


def assert_all_go_on(work: Work) -> None:
    """Every case takes its next step at the first attempt."""
    db.session.remove()
    before = len(work.acknowledged)
    for case_id in work.cases:
        work.complete(case_id, work.last)
    assert work.surprises == []
    assert len(work.acknowledged) - before == CASES


def chain(name: str) -> list[AuditEntry]:
    entries = select(AuditEntry).filter_by(chain=name).order_by(AuditEntry.place)
    return list(db.session.scalars(entries))


def assert_no_doubles(keys: Iterator[Any]) -> None:
    assert [key for key, number in Counter(keys).items() if number > 1] == []
