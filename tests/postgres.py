"""A PostgreSQL for the tests: the one named by HUIZHEN_TEST_POSTGRES, or a throw-away cluster."""

import atexit
import os
import shutil
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url


@dataclass(frozen=True)
class Server:
    """A server on which databases may be created. url: SQLAlchemy URL of any database there."""

    url: str

    def create_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"huizhen_{uuid.uuid4().hex[:12]}"
        url = make_url(self.url)
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        atexit.register(self._drop, plain, name)
        return url.set(database=name).render_as_string(hide_password=False)

    @staticmethod
    def _drop(plain: str, name: str) -> None:
        try:
            with psycopg.connect(plain, autocommit=True, connect_timeout=3) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except psycopg.Error:
            return  # the throw-away cluster went first, and the database with it


@cache
def find_server(is_durable: bool = False) -> Server | None:
    """The server to test on, or None; a throw-away cluster ends with this process.

    is_durable: a throw-away cluster waits for the disk at each commit, as a real one does.
    """
    given = os.environ.get("HUIZHEN_TEST_POSTGRES")
    if given:
        return Server(given)
    programs = _programs()
    return _throw_away(programs, is_durable) if programs else None


def _programs() -> Path | None:
    on_path = shutil.which("pg_ctl")
    if on_path:
        return Path(on_path).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return installed[-1].parent if installed else None


def _throw_away(programs: Path, is_durable: bool) -> Server:
    folder = Path(tempfile.mkdtemp(prefix="huizhen-pg-"))
    # PostgreSQL refuses to run as root; its Debian package brings a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user)

    run(str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
    if not is_durable:
        options += " -c fsync=off"
    log = str(folder / "log")
    run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", log, "start")

    def stop() -> None:
        subprocess.run(
            [str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
            check=False,
            stdout=subprocess.DEVNULL,
            cwd="/",
            user=user,
        )
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return Server(f"postgresql+psycopg://postgres@/postgres?host={folder}")
