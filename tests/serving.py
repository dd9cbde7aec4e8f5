"""The product in a process of its own, for tests that kill it and for measurements of it."""

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from app.accounts import sign_in
from app.accounts.models import Person
from app.config import Mode, Settings

ROOT = Path(__file__).resolve().parent.parent
START_S = 30


def settings_for(database: str, folder: Path) -> Settings:
    """The settings that a served product and the process that looks into its database share."""
    return Settings(
        mode=Mode.TESTING,
        secret_key="a secret of the tests",
        data_key=b"k" * 32,
        public_url="http://127.0.0.1",
        database=database,
        folder=folder,
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """The same settings, as a process reads them."""
    return {
        "HUIZHEN_MODE": settings.mode,
        "HUIZHEN_SECRET_KEY": settings.secret_key,
        "HUIZHEN_DATA_KEY": base64.urlsafe_b64encode(settings.data_key).decode(),
        "HUIZHEN_PUBLIC_URL": settings.public_url,
        "HUIZHEN_DATABASE": settings.database,
        "HUIZHEN_FOLDER": str(settings.folder),
        "HUIZHEN_ASYNC_MODE": settings.async_mode,
    }


@dataclass
class Server:
    """A server process on a port of its own. program: what Python runs, from the root."""

    settings: Settings
    program: tuple[str, ...] = ("wsgi.py",)
    port: int = field(default_factory=lambda: free_port())
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        """Start it and wait until it answers. Raises RuntimeError if it ends instead."""
        own = {"HUIZHEN_HOST": "127.0.0.1", "HUIZHEN_PORT": str(self.port)}
        self.settings.folder.mkdir(parents=True, exist_ok=True)
        with (self.settings.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self.program],
                cwd=ROOT,
                env={**os.environ, **environment_of(self.settings), **own},
                stdout=log,
                stderr=log,
            )
        self._wait_until_it_answers()

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self.settings.folder / "server.log").read_text()[-4000:])


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(frozen=True)
class Pass:
    """What a browser holds once somebody signed in: the session cookie and the page's token."""

    cookie: str
    token: str


def sign_in_as(app: Flask, person: Person) -> Pass:
    """The pass that the sign-in page would give this person."""
    with app.app_context(), app.test_request_context():  # a `g` of its own
        sign_in.begin(person)
        token = generate_csrf()
        cookie = app.session_interface.get_signing_serializer(app).dumps(dict(session))
    return Pass(f"session={cookie}", token)


class Browser:
    """One person's connection to a server, kept open between requests."""

    def __init__(self, port: int, held: Pass | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = {"Content-Type": "application/json"}
        if held is not None:
            self._headers |= {"Cookie": held.cookie, "X-CSRFToken": held.token}

    def get(self, path: str) -> http.client.HTTPResponse:
        """As post, without a body."""
        self._connection.request("GET", path, headers=self._headers)
        return self._connection.getresponse()

    def post(self, path: str, body: Any) -> http.client.HTTPResponse:
        """The answer, its body still to be read before the next request. Raises OSError or
        http.client.HTTPException if the server went away."""
        self._connection.request("POST", path, json.dumps(body).encode(), self._headers)
        return self._connection.getresponse()

    def complete(self, task_id: int, answers: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Status and content of the answer to a task's completion."""
        answer = self.post(f"/api/tasks/{task_id}/completion", {"answers": answers})
        return answer.status, json.loads(answer.read())

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
