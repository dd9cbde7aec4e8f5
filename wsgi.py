"""The composition root: patches eventlet, builds the application, starts jobs and sockets."""

import os
import select

blocking_select = select.select  # before it is patched

# psycopg would otherwise block every greenlet while it waits for the database.
os.environ.setdefault("PSYCOPG_WAIT_FUNC", "wait_selector")

import warnings

# Its deprecation is known and weighed: docs/decisions. Nobody who starts the product can act on it.
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()  # bare: naming one module would patch only that one
if not eventlet.patcher.is_monkey_patched("thread"):
    raise RuntimeError("eventlet did not patch the standard library")

import socket
import sys
from dataclasses import replace

import signaling
from app import create_app, jobs, logs, waiting
from app.config import from_environment

settings = replace(from_environment(), async_mode="eventlet")
logs.configure(settings.mode)
waiting.install(blocking_select)
app = create_app(settings)
io = signaling.init_app(app)


def refuse_taken(host: str, port: int) -> None:
    """Exit if the port is served already; eventlet would share it, and split rooms in two."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"{host}:{port}: {error.strerror} (HUIZHEN_PORT chooses another)")


if __name__ == "__main__":
    host = os.environ.get("HUIZHEN_HOST", "127.0.0.1")
    port = int(os.environ.get("HUIZHEN_PORT", "5000"))
    refuse_taken(host, port)
    stop_jobs = jobs.start(app)
    try:
        io.run(app, host=host, port=port, log_output=False)
    finally:
        stop_jobs()
