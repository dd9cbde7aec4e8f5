"""Runs a module in a child process that may fall without taking anything along.

The child is `python -m` a module of this package, bounded in time and memory; JSON goes in and
comes out.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bpmn.limits import LIMITS

SECONDS = LIMITS.check_seconds
MEMORY = LIMITS.check_bytes  # of address space


class TooMuch(Exception):
    """The child took more time or memory than it is given."""


def ask(module: str, message: object, seconds: float = SECONDS) -> Any:
    """What a child that runs a module answers to a message, both JSON. Raises TooMuch."""
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", module],
            input=json.dumps(message, default=sorted),
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            cwd=Path(__file__).parent.parent,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise TooMuch from error
    return json.loads(child.stdout)


def answer(act: Callable[[Any], object]) -> None:
    """In the child: bound itself, then write what comes of the message."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(act(json.load(sys.stdin)), sys.stdout)
