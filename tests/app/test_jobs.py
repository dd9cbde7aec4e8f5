"""The scheduler: one process runs the table, and a job that fails runs again."""

import subprocess
import sys
import threading

import pytest
import structlog
from sqlalchemy import create_engine, text

from app import jobs
from app.db import db
from app.election import AdvisoryLock, make_lock
from app.jobs import Job

QUICK_S = 0.02


@pytest.fixture
def running(app):
    """`running(*jobs)` starts a scheduler; all are stopped at the end."""
    running = []

    def start(*table):
        stop = jobs.start(app, table)
        running.append(stop)

        def stop_early():
            running.remove(stop)
            stop()

        return stop_early

    yield start
    for stop in running:
        stop()


class Counter:
    """An action that counts its runs and can be waited for."""

    def __init__(self, failing=0):
        self.runs, self.failing, self.changed = 0, failing, threading.Condition()

    def __call__(self):
        assert db.session.query(db.func.count()).scalar() is not None  # has a context of its own
        with self.changed:
            self.runs += 1
            self.changed.notify_all()
        if self.runs <= self.failing:
            raise ValueError("the first runs fail")

    def reaches(self, runs):
        with self.changed:
            return self.changed.wait_for(lambda: self.runs >= runs, timeout=10)


def test_a_job_runs_again_and_again_although_it_fails(running):
    flaky, steady = Counter(failing=2), Counter()
    with structlog.testing.capture_logs() as logged:
        stop = running(Job("flaky", QUICK_S, flaky), Job("steady", QUICK_S, steady))
        assert flaky.reaches(4)
        assert steady.reaches(4)
        stop()
    failures = [entry for entry in logged if entry["event"] == "job failed"]
    assert len(failures) == 2


def test_a_stopped_scheduler_runs_nothing_and_leaves_the_lock(app, running):
    counter = Counter()
    stop = running(Job("count", QUICK_S, counter))
    assert counter.reaches(1)
    stop()
    runs = counter.runs
    other = make_lock(app)
    assert other.is_held()
    other.release()
    assert counter.runs == runs


def test_only_one_of_two_schedulers_runs_and_the_other_takes_over(running):
    first, second = Counter(), Counter()
    stop = running(Job("count", QUICK_S, first))
    assert first.reaches(1)
    running(Job("count", QUICK_S, second))
    assert first.reaches(first.runs + 5)
    assert second.runs == 0
    stop()
    assert second.reaches(3)


def test_one_lock_is_held_by_one(app):
    ours, theirs = make_lock(app), make_lock(app)
    assert ours.is_held()
    assert ours.is_held()
    assert not theirs.is_held()
    ours.release()
    assert theirs.is_held()
    assert not ours.is_held()
    theirs.release()


@pytest.fixture
def engine(postgres):
    engine = create_engine(postgres.create_database())
    yield engine
    engine.dispose()


def test_who_loses_the_connection_loses_the_election(engine):
    ours, theirs = AdvisoryLock(engine), AdvisoryLock(engine)
    assert ours.is_held()
    assert not theirs.is_held()

    with engine.connect() as administrator:
        holder = text("SELECT pid FROM pg_locks WHERE locktype = 'advisory'")
        end = text("SELECT pg_terminate_backend(:pid, 5000)")
        assert administrator.scalar(end, {"pid": administrator.scalar(holder)})

    assert theirs.is_held()
    assert not ours.is_held()
    theirs.release()
    assert ours.is_held()
    ours.release()


def test_a_job_can_be_run_by_hand(app):
    result = app.test_cli_runner().invoke(args=["run-job", "deliver-notices"])
    assert (result.exit_code, result.output) == (0, "0\n")
    with pytest.raises(LookupError, match="deliver-notices"):
        jobs.run_once(app, "no-such-job")


GREEN = """
import os, sys
os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
import eventlet
eventlet.monkey_patch()
import warnings
warnings.simplefilter("ignore")
from pathlib import Path
from app import create_app, jobs
from app.config import Mode, Settings
from app.db import db
from sqlalchemy import create_engine, text

app = create_app(Settings(Mode.TESTING, "s", b"k" * 32, "http://localhost",
                          database=sys.argv[1], folder=Path(sys.argv[2])))
runs = []
table = (jobs.Job("count", 0.05, lambda: runs.append(db.session.scalar(text("SELECT 1")))),)
stop = jobs.start(app, table)
with eventlet.Timeout(10):
    while len(runs) < 3:
        eventlet.sleep(0.02)
stop()
print(len(runs) >= 3, set(runs))
"""


def test_it_runs_on_green_threads(app, settings, root):
    """The server patches eventlet: the scheduler and its database connection live with that."""
    command = [sys.executable, "-c", GREEN, settings.database, str(settings.folder)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)
    assert done.stdout.endswith("True {1}\n"), done.stderr
