"""The application under test, on SQLite and, where there is one, on PostgreSQL."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app
from app import db as database
from app.accounts.models import Person
from app.config import Mode, Settings
from app.db import Model, db
from app.web import limiter
from tests.postgres import Server, find_server

DATABASES = ("sqlite", "postgres")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not find_server():
        terminalreporter.write_line(
            "PostgreSQL: none found, every database test ran on SQLite only "
            "(set HUIZHEN_TEST_POSTGRES, or install postgresql)",
            yellow=True,
        )


@pytest.fixture(scope="session")
def postgres() -> Server:
    server = find_server()
    if server is None:
        pytest.skip("no PostgreSQL")
    return server


@pytest.fixture(scope="session", params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of the test run's own; every test that asks for `app` runs on each kind."""
    if request.param == "postgres":
        server: Server = request.getfixturevalue("postgres")
        return server.create_database()
    return f"sqlite:///{tmp_path_factory.mktemp('db')}/test.sqlite3"


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        mode=Mode.TESTING,
        secret_key="a secret of the tests",
        data_key=b"k" * 32,
        public_url="http://localhost",
        database=database_url,
        folder=tmp_path_factory.mktemp("var"),
    )


@pytest.fixture(scope="session")
def built_app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Browser
    limiter.enabled = False
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(built_app: Flask) -> Iterator[Flask]:
    """The application with an empty database, inside an application context."""
    with built_app.app_context():
        yield built_app
        db.session.remove()
        _empty()


def _empty() -> None:
    tables = Model.metadata.sorted_tables
    if db.engine.dialect.name == "postgresql":
        names = ", ".join(f'"{table.name}"' for table in tables)
        db.session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    else:
        for table in reversed(tables):
            db.session.execute(table.delete())
    db.session.commit()
    db.session.remove()


class Browser(FlaskClient):
    """Asks as a browser does: each request has a context and a database session of its own."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.commit()  # what the test began must not keep the request waiting
        try:
            with self.application.app_context():
                return super().open(*args, **kwargs)
        finally:
            db.session.expire_all()  # the test sees what the request changed


@pytest.fixture
def client(app: Flask) -> Callable[[Person | None], FlaskClient]:
    """`client(person)`: a browser in which that person is signed in; `client(None)`: a stranger."""

    def sign_in(person: Person | None) -> FlaskClient:
        browser = app.test_client()
        if person is not None:
            seen = int(database.now().timestamp())
            with browser.session_transaction() as session:
                session.update(
                    _user_id=str(person.id), since=seen, seen=seen, epoch=person.epoch, _fresh=True
                )
        return browser

    return sign_in


@pytest.fixture
def rate_limits(app: Flask) -> Iterator[None]:
    """Count requests for once; every other test may ask as often as it likes."""
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.enabled = False


@pytest.fixture
def csrf(app: Flask) -> Iterator[None]:
    """Demand the token of the page for once."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


class Clock:
    """The time that the product reads; moved by hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> datetime:
        """Move on by a timedelta's arguments: `clock.move(hours=2)`."""
        self.moment += timedelta(**by)
        return self.moment


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that stands at Monday 2026-03-02, 09:00 in Shanghai, until moved."""
    moved = Clock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    original, database.clock[0] = database.clock[0], moved
    yield moved
    database.clock[0] = original


@pytest.fixture(scope="session")
def root() -> Path:
    """The product's folder."""
    return Path(__file__).parent.parent
