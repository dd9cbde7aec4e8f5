"""What the process studio costs.

    python -m bench.studio [--quick]

Putting the shipped process in force; a diagram of 300 elements opened beside bpmn-js alone, and
typed into while it is checked (bench/opening.py); the map of 10,000 running cases. Ends with one
line of JSON. PostgreSQL is the server of HUIZHEN_TEST_POSTGRES or a throw-away cluster; without
any, the map's figure is null.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from app import create_app
from app.db import db
from app.processes.queries import in_force
from app.supervision.queries import waiting
from bench import opening
from bench.stored import Store
from tests.postgres import find_server
from tests.serving import settings_for

CASES = 10_000
ROUNDS = 30


def map_ms() -> float | None:
    """The map of 10,000 running cases in one query on PostgreSQL (O-18), median."""
    with _many_cases() as is_there:
        if not is_there:
            return None
        process_id = in_force().process_id
        found = waiting(process_id)
        assert sum(one.count for one in found) >= CASES
        return round(median(_timed(lambda: waiting(process_id)) for _ in range(ROUNDS)), 1)


@contextmanager
def _many_cases() -> Iterator[bool]:
    """A PostgreSQL database with so many running cases, inside its application's context."""
    server = find_server()
    if server is None:
        yield False
        return
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(server.create_database(), Path(folder)))
        with app.app_context():
            db.create_all()
            Store().fill(CASES)
            yield True
            db.session.remove()
            db.engine.dispose()


def _timed(act: Callable[[], object]) -> float:
    """In ms, by a session that has asked nothing before."""
    db.session.rollback()
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


# Figure -> what it is, and its bound.
LINES: Mapping[str, tuple[str, float | None]] = {
    "publish_ms": ("the shipped process put in force, ms", 500),
    "open_alone_ms": ("300 elements opened by bpmn-js alone, ms", None),
    "open_studio_ms": ("300 elements opened by the studio, ms", None),
    "open_ratio": ("the studio, times bpmn-js alone", 1.5),
    "typing_longest_ms": ("longest task while typing and checking, ms", None),
    "map_ms": (f"map of {CASES:,} running cases, ms", 100),
}


def main() -> None:
    """Measure, print the table, and the figures as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    is_quick = parser.parse_args().quick
    found: dict[str, float | None] = {
        **opening.measure(opening.QUICK if is_quick else opening.FULL),
        "map_ms": map_ms(),
    }
    print(f"{'':46}{'measured':>10}{'bound':>8}")
    for key, (what, bound) in LINES.items():
        print(f"{what:46}{_shown(found[key]):>10}{_shown(bound):>8}")
    print(json.dumps(found))


def _shown(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:g}"


if __name__ == "__main__":
    main()
