"""Greenlets and PostgreSQL, as the server has them."""

import subprocess
import sys

GREEN = """
import select, sys, warnings
blocking_select = select.select
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
from sqlalchemy import create_engine, text
from app import waiting

waiting.install(blocking_select)
engine = create_engine(sys.argv[1])

def ask(question):
    with engine.connect() as connection:
        return connection.scalar(text(question))

sleeping = eventlet.spawn(ask, "SELECT 'slept' FROM pg_sleep(1)")
ticks = 0
while not sleeping.dead:
    eventlet.sleep(0.01)
    assert ask("SELECT 1") == 1
    ticks += 1
print(sleeping.wait(), ticks > 5)
print(len(ask("SELECT repeat('x', 20000000)")))
"""


def test_others_run_while_one_waits_long(postgres, root):
    command = [sys.executable, "-c", GREEN, postgres.create_database()]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60)
    assert done.stdout == "slept True\n20000000\n", done.stderr
