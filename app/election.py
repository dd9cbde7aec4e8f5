"""One process of several: who runs the jobs of an installation.

A lock of the database (on SQLite, of a file beside it) is held by one process; when that process
ends, however it ends, the lock is free and the next that asks takes over. The election saves
work, it makes nothing correct: two processes that ran a job at once would find each other's row
locks and leases.
"""

import fcntl
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Protocol

import structlog
from flask import Flask
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.db import db

KEY = 0x4855495A  # any number under which nothing else in this database locks
log = structlog.get_logger()


class Lock(Protocol):
    """Held by one process of an installation at a time."""

    def is_held(self) -> bool:
        """Whether we hold it, taking it if it is free."""

    def release(self) -> None:
        """Leave it to others."""


def make_lock(app: Flask) -> Lock:
    """The lock by which the processes that share the application's database elect one."""
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "postgresql":
        return AdvisoryLock(engine)
    return FileLock(settings.folder / "scheduler.lock")


class AdvisoryLock:
    """A lock of PostgreSQL's, which lives as long as the connection that took it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._guard = threading.Lock()
        self._connection: Connection | None = None

    def is_held(self) -> bool:
        with self._guard:
            if self._connection is not None and self._is_alive(self._connection):
                return True
            self._drop()
            self._connection = self._take()
            return self._connection is not None

    def release(self) -> None:
        with self._guard:
            if self._connection is not None:
                # The server notices a closed connection some time later only.
                with suppress(SQLAlchemyError):
                    self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
            self._drop()

    def _take(self) -> Connection | None:
        with ExitStack() as stack:
            connection = stack.enter_context(self._engine.connect())
            connection.execution_options(isolation_level="AUTOCOMMIT")
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": KEY}):
                return None
            connection.detach()  # no longer the pool's: it is ours for as long as we run jobs
            stack.pop_all()
        log.info("elected to run jobs")
        return connection

    @staticmethod
    def _is_alive(connection: Connection) -> bool:
        try:
            return bool(connection.scalar(text("SELECT true")))
        except SQLAlchemyError:
            log.warning("lost the election: the connection that held it is gone")
            return False

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class FileLock:
    """A lock of the operating system's on a file; SQLite's processes share a machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._file: IO[bytes] | None = None

    def is_held(self) -> bool:
        with self._guard:
            if self._file is None:
                self._file = self._take()
            return self._file is not None

    def release(self) -> None:
        with self._guard:
            if self._file is not None:
                self._file.close()
                self._file = None

    def _take(self) -> IO[bytes] | None:
        file = self._path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        log.info("elected to run jobs")
        return file
