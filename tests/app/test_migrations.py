"""Revisions run both ways on both databases and make exactly what the models describe."""

from dataclasses import replace

import flask_migrate
import pytest
from sqlalchemy import inspect

from app import create_app
from app.config import Mode, Settings
from app.db import db
from tests.conftest import DATABASES


@pytest.fixture(params=DATABASES)
def empty(request, tmp_path):
    """An application on a database that nothing has touched."""
    url = f"sqlite:///{tmp_path}/empty.sqlite3"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").create_database()
    settings = Settings(Mode.TESTING, "-", bytes(32), "http://localhost", folder=tmp_path)
    app = create_app(replace(settings, database=url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_up_down_and_up_again(empty):
    flask_migrate.upgrade()
    flask_migrate.check()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    flask_migrate.upgrade()
    flask_migrate.check()
