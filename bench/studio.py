"""What the process studio costs.

    python -m bench.studio [KEY …]

Each key is one figure; without keys all are measured. Ends with one line of JSON. PostgreSQL is the
server of HUIZHEN_TEST_POSTGRES or a throw-away cluster; without any, its figures are null.
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
from bench.opening import open_ratio, publish_ms
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


FIGURES: Mapping[str, Callable[[], float | None]] = {
    "map_ms": map_ms,
    "publish_ms": publish_ms,
    "open_ratio": open_ratio,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keys", nargs="*", choices=[*FIGURES, []], help="which figures; all")
    keys = parser.parse_args().keys or FIGURES
    print(json.dumps({key: FIGURES[key]() for key in keys}))


if __name__ == "__main__":
    main()
