"""The product's own server, telling in each answer what the request did to the database.

Run as a module with the product's environment, like wsgi.py.
"""

import wsgi  # first: it patches what everything else imports

# isort: split
import os

from flask import Response, g, has_request_context
from sqlalchemy import event

from app.db import db

STATEMENTS, COMMITS = "X-Statements", "X-Commits"
# On SQLite these are statements of ours, on PostgreSQL the driver's: they do not count.
CONTROL = ("BEGIN", "ROLLBACK")


def _count(name: str) -> None:
    if has_request_context():
        setattr(g, name, g.get(name, 0) + 1)


def _tell(response: Response) -> Response:
    response.headers[STATEMENTS] = str(g.get(STATEMENTS, 0))
    response.headers[COMMITS] = str(g.get(COMMITS, 0))
    return response


with wsgi.app.app_context():
    event.listen(
        db.engine,
        "before_cursor_execute",
        lambda _c, _cursor, sql, *_: None if sql.startswith(CONTROL) else _count(STATEMENTS),
    )
    event.listen(db.engine, "commit", lambda _connection: _count(COMMITS))
wsgi.app.after_request(_tell)

if __name__ == "__main__":
    host, port = os.environ["HUIZHEN_HOST"], int(os.environ["HUIZHEN_PORT"])
    wsgi.io.run(wsgi.app, host=host, port=port, log_output=False)
