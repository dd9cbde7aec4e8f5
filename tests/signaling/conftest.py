"""Sockets without a network: each event has a context and a database session of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

import signaling
from app.accounts.models import Person
from app.db import db
from signaling.connections import connections


class Socket:
    """One page of one person."""

    def __init__(self, app: Flask, io: SocketIO, browser: Any) -> None:
        self._app = app
        db.session.commit()  # what the test began must not keep the event waiting
        with app.app_context():
            self.client = SocketIOTestClient(app, io, flask_test_client=browser)
        self.is_connected = self.client.is_connected()

    def send(self, name: str, *args: Any, **message: Any) -> dict[str, Any]:
        """Send an event; gives its acknowledgement."""
        db.session.commit()
        with self._app.app_context():
            answer = self.client.emit(name, *(args or (message,)), callback=True)
        db.session.expire_all()
        return answer

    def heard(self, name: str | None = None) -> list[dict[str, Any]]:
        """What was received since last asked, of one name or all."""
        received = [event["args"][0] for event in self.client.get_received()]
        return [one for one in received if name in (None, one["type"])]

    def close(self) -> None:
        db.session.commit()
        with self._app.app_context():
            self.client.disconnect()
        db.session.expire_all()


@pytest.fixture(scope="session")
def io(built_app: Flask) -> SocketIO:
    return signaling.init_app(built_app)


@pytest.fixture
def socket(app: Flask, io: SocketIO, client: Callable[[Any], Any]) -> Iterator[Any]:
    """`socket(person)`: a page of that person; `socket(None)`: a stranger's."""
    opened: list[Socket] = []

    def connect(person: Person | None) -> Socket:
        opened.append(Socket(app, io, client(person)))
        return opened[-1]

    yield connect
    for one in opened:
        if one.client.is_connected():
            one.close()
    assert len(connections()) == 0
