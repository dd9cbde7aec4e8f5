"""The log: one JSON object a line in production, libraries' records included."""

import io
import json
import logging

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.config import Mode
from app.db import db
from app.logs import configure


@pytest.fixture
def log():
    """`log(mode)` configures logging and returns the stream; everything is as before afterwards."""
    root, scheduler = logging.getLogger(), logging.getLogger("apscheduler")
    handlers, levels = root.handlers[:], (root.level, scheduler.level)

    def start(mode):
        stream = io.StringIO()
        configure(mode, stream)
        return stream

    yield start
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    scheduler.setLevel(levels[1])
    structlog.reset_defaults()


def test_production_writes_one_object_a_line(log):
    stream = log(Mode.PRODUCTION)
    with structlog.contextvars.bound_contextvars(job="deliver-notices"):
        structlog.get_logger().warning("notice postponed", notice=7)
    logging.getLogger("a.library").error("库出错 %s", 5)
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "notice postponed", "level": "warning", "notice": 7, "job": "deliver-notices",
    }  # fmt: skip
    assert (second["event"], second["level"]) == ("库出错 5", "error")


def test_a_traceback_tells_no_values(log):
    stream = log(Mode.PRODUCTION)
    try:
        name = "测试病人"
        raise LookupError(len(name))
    except LookupError:
        structlog.get_logger().exception("job failed")
    entry = json.loads(stream.getvalue())
    assert entry["exception"][0]["exc_type"] == "LookupError"
    assert "测试病人" not in stream.getvalue()


def test_the_demo_is_read_by_a_person(log):
    stream = log(Mode.DEMO)
    structlog.get_logger().info("elected to run jobs")
    logging.getLogger("apscheduler.executors").info("Running job")
    assert "elected to run jobs" in stream.getvalue()
    assert "Running job" not in stream.getvalue()


def test_a_failed_statement_tells_no_values(app):
    with pytest.raises(SQLAlchemyError) as raised:
        db.session.execute(text("INSERT INTO nowhere VALUES (:name)"), {"name": "测试病人"})
    assert "测试病人" not in str(raised.value)
