"""The product as it is run, in a process of its own on a free port with a database of its own."""

import base64
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app import create_app
from app.config import Mode, from_environment
from app.db import db

ROOT = Path(__file__).parent.parent
START_S = 30


@dataclass(frozen=True)
class Product:
    """A running server. `app` looks into the same database, beside it."""

    url: str
    app: Flask
    log: Path

    @contextmanager
    def database(self) -> Iterator[None]:
        """Prepare or look at what the server works on."""
        with self.app.app_context():
            yield
            db.session.remove()


@contextmanager
def running(
    folder: Path, database: str | None = None, mode: Mode = Mode.TESTING
) -> Iterator[Product]:
    """Serve from an empty database under `folder` until the block ends.

    database: a URL, else a SQLite file in the folder.
    """
    port = _free_port()
    env = {
        "HUIZHEN_MODE": mode,
        "HUIZHEN_SECRET_KEY": "a secret of the journeys",
        "HUIZHEN_DATA_KEY": base64.urlsafe_b64encode(b"j" * 32).decode(),
        "HUIZHEN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HUIZHEN_DATABASE": database or f"sqlite:///{folder}/journey.sqlite3",
        "HUIZHEN_FOLDER": str(folder),
        "HUIZHEN_PORT": str(port),
    }
    app = create_app(from_environment(env))
    with app.app_context():
        db.create_all()
        db.session.remove()
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "wsgi.py"],
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=output,
            stderr=output,
        )
        try:
            _wait(env["HUIZHEN_PUBLIC_URL"], process, log)
            yield Product(env["HUIZHEN_PUBLIC_URL"], app, log)
        finally:
            process.terminate()
            process.wait(10)
            with app.app_context():
                db.engine.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{url}/static/favicon.svg", timeout=2).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-3000:]}")
