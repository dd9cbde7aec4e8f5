"""A scheduler that is killed is replaced."""

import os
import signal
import subprocess
import sys
import time

import pytest

SCRIPT = """
import os, sys, threading
from pathlib import Path
from app import create_app, jobs
from app.config import Mode, Settings

database, folder, trace = sys.argv[1:]
app = create_app(Settings(Mode.TESTING, "s", b"k" * 32, "http://localhost",
                          database=database, folder=Path(folder)))

def leave_trace():
    with open(trace, "a") as file:
        file.write(f"{os.getpid()}\\n")

jobs.start(app, (jobs.Job("trace", 0.05, leave_trace),))
print("started", flush=True)
threading.Event().wait()
"""


@pytest.fixture
def process(settings, root, tmp_path):
    """`process()` starts a web process's scheduler that writes its pid whenever it runs a job."""
    started = []

    def start():
        arguments = [settings.database, str(settings.folder), str(tmp_path / "trace")]
        command = [sys.executable, "-c", SCRIPT, *arguments]
        started.append(subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True))
        assert started[-1].stdout.readline() == "started\n"
        return started[-1]

    yield start
    for child in started:
        child.kill()
        child.wait()
        child.stdout.close()


def traces(path, after=0, wanted=3):
    """Who ran jobs since line `after`, once there are `wanted` more lines."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        lines = path.read_text().split()[after:] if path.exists() else []
        if len(lines) >= wanted:
            return lines
        time.sleep(0.02)
    raise AssertionError(f"no process ran jobs; seen {lines}")


@pytest.mark.faults
def test_when_the_elected_process_is_killed_another_takes_over(app, process, tmp_path):
    trace = tmp_path / "trace"
    first = process()
    traces(trace)
    second = process()
    assert set(traces(trace, wanted=20)) == {str(first.pid)}

    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    before = len(trace.read_text().split())

    assert set(traces(trace, after=before)) == {str(second.pid)}
