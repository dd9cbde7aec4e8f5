"""The product's own server, telling in each answer what the request did to the database.

Run as a module with the product's environment, like wsgi.py.
"""

import wsgi  # first: it patches what everything else imports

# isort: split
import os
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event

from app.db import db

STATEMENTS, COMMITS = "X-Statements", "X-Commits"
# On SQLite these are statements of ours, on PostgreSQL the driver's: they do not count.
CONTROL = ("BEGIN", "ROLLBACK")
_counts: ContextVar[dict[str, int] | None] = ContextVar("counts", default=None)


def _count(name: str) -> None:
    counts = _counts.get()
    if counts is not None:
        counts[name] += 1


def _counted(environ: Any, start_response: Any) -> Iterable[bytes]:
    counts = {STATEMENTS: 0, COMMITS: 0}

    def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        told = [(name, str(number)) for name, number in counts.items()]
        return start_response(status, [*headers, *told], *error)

    token = _counts.set(counts)
    try:
        return served(environ, start)
    finally:
        _counts.reset(token)


with wsgi.app.app_context():
    event.listen(
        db.engine,
        "before_cursor_execute",
        lambda _c, _cursor, sql, *_: None if sql.startswith(CONTROL) else _count(STATEMENTS),
    )
    event.listen(db.engine, "commit", lambda _connection: _count(COMMITS))
served = wsgi.app.wsgi_app
wsgi.app.wsgi_app = _counted  # type: ignore[method-assign]

if __name__ == "__main__":
    host, port = os.environ["HUIZHEN_HOST"], int(os.environ["HUIZHEN_PORT"])
    wsgi.io.run(wsgi.app, host=host, port=port, log_output=False)
