"""Revisions run both ways on both databases and make exactly what the models describe."""

from dataclasses import replace
from datetime import UTC, datetime

import flask_migrate
import pytest
from sqlalchemy import inspect, text

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


def test_a_version_of_before_is_a_publication_after_and_keeps_its_number_on_the_way_back(empty):
    flask_migrate.upgrade(revision="0001")
    db.session.execute(text("INSERT INTO processes (id, key, name) VALUES (1, 'c', '会诊')"))
    db.session.execute(
        text(
            "INSERT INTO process_versions (digest, process_id, number, diagram, forms, decisions,"
            " published_at, note) VALUES ('d', 1, 4, '<x/>', '{}', '{}', :at, '旧')"
        ),
        {"at": datetime(2026, 3, 2, tzinfo=UTC)},
    )
    db.session.commit()

    flask_migrate.upgrade()
    rows = db.session.execute(text("SELECT number, digest, note FROM publications")).all()
    db.session.commit()
    assert rows == [(4, "d", "旧")]

    flask_migrate.downgrade(revision="0001")
    rows = db.session.execute(text("SELECT number, digest, note FROM process_versions")).all()
    assert rows == [(4, "d", "旧")]
