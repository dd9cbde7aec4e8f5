"""The APScheduler table: each line calls an action. The only home of apscheduler.

Every web process starts the same table and the elected one runs it (app/election.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app.consultations.actions import wake_due
from app.election import Lock, make_lock
from app.notices.delivery import deliver_due

log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """An action that needs no argument, and how often it runs."""

    name: str
    every_s: float
    action: Callable[[], object]


TABLE = (
    Job("wake-due", 2, wake_due),
    Job("deliver-notices", 5, deliver_due),
)


def start(app: Flask, table: tuple[Job, ...] = TABLE) -> Callable[[], None]:
    """Run the table in the background while this process is the elected one; returns `stop`.

    Real threads, or green ones where eventlet has patched them. `stop` waits for running jobs.
    """
    lock = make_lock(app)
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(max(len(table), 1))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in table:
        scheduler.add_job(_tick, "interval", (app, job, lock), id=job.name, seconds=job.every_s)
    scheduler.start()

    def stop() -> None:
        scheduler.remove_all_jobs()  # or a last round hands them to threads that are gone
        scheduler.shutdown(wait=True)
        lock.release()

    return stop


def run_once(app: Flask, name: str) -> object:
    """Run one job of the table now, elected or not; what its action returned.

    Raises LookupError if there is no such job, and whatever the action raises.
    """
    for job in TABLE:
        if job.name == name:
            with app.app_context():
                return job.action()
    raise LookupError(f"no job is called {name}; there are {', '.join(job.name for job in TABLE)}")


def _tick(app: Flask, job: Job, lock: Lock) -> None:
    with structlog.contextvars.bound_contextvars(job=job.name):
        try:
            if lock.is_held():
                with app.app_context():
                    job.action()
        except Exception:  # the next tick tries again; a job that died would do so in silence
            log.exception("job failed")
