"""The least a web service can do for a completion: one row changed by one statement, committed.

Flask without extensions and a driver without SQLAlchemy, on the server that wsgi.py starts, with
the durability of app/db.py. No sign-in, no permission, no process. Run as a module with the
product's environment.
"""

import os

os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")  # as in wsgi.py

import eventlet

eventlet.monkey_patch()

import json
import sqlite3
from typing import Any

import psycopg
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_socketio import SocketIO
from sqlalchemy.engine import make_url

URL = make_url(os.environ["HUIZHEN_DATABASE"])
TABLE = "CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, answers TEXT NOT NULL)"
app = Flask(__name__)


def _sqlite() -> sqlite3.Connection:
    connection = sqlite3.connect(URL.database or "", check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _postgres() -> psycopg.Connection:
    plain = URL.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain)


IS_POSTGRES = URL.get_backend_name() == "postgresql"
connection: Any = _postgres() if IS_POSTGRES else _sqlite()
connection.execute(TABLE)
connection.commit()
MARK = "%s" if IS_POSTGRES else "?"
WRITE = f"INSERT INTO bare (id, answers) VALUES ({MARK}, {MARK})"


@app.post("/api/tasks/<int:task_id>/completion")
def complete(task_id: int) -> ResponseReturnValue:
    """Keep the answers under the task's number."""
    connection.execute(WRITE, (task_id, json.dumps(request.get_json()["answers"])))
    connection.commit()
    return {"id": task_id, "state": "completed"}, 201


if __name__ == "__main__":
    io = SocketIO(app, async_mode="eventlet")
    host, port = os.environ["HUIZHEN_HOST"], int(os.environ["HUIZHEN_PORT"])
    io.run(app, host=host, port=port, log_output=False)
