"""The composition root: patches eventlet, builds the application, starts jobs and sockets."""

import os

# psycopg would otherwise block every greenlet while it waits for the database.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import eventlet

eventlet.monkey_patch()  # bare: naming one module would patch only that one
if not eventlet.patcher.is_monkey_patched("thread"):
    raise RuntimeError("eventlet did not patch the standard library")

from dataclasses import replace

import signaling
from app import create_app, jobs, logs
from app.config import from_environment

settings = replace(from_environment(), async_mode="eventlet")
logs.configure(settings.mode)
app = create_app(settings)
io = signaling.init_app(app)

if __name__ == "__main__":
    host, port = os.environ.get("HUIZHEN_HOST", "127.0.0.1"), os.environ.get("HUIZHEN_PORT", "5000")
    stop_jobs = jobs.start(app)
    try:
        io.run(app, host=host, port=int(port), log_output=False)
    finally:
        stop_jobs()
