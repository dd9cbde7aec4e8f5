"""Runs revisions against the database of the application that called `flask db`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator

from app.db import Model

migrate = current_app.extensions["migrate"]


def render_item(kind: str, thing: Any, autogen_context: Any) -> str | bool:
    """Write what the database holds, not our wrapper: a revision must outlive our classes."""
    if kind != "type" or not isinstance(thing, TypeDecorator):
        return False
    inner = thing.impl_instance
    return f"sa.{inner!r}"


def run() -> None:
    """Run in batch mode (SQLite cannot alter a table) and commit."""
    with migrate.db.engine.connect() as connection, without_foreign_keys(connection):
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_item=render_item,
            **migrate.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """A batch rebuilds a SQLite table, and enforced keys would forbid to drop the old one."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys = OFF")  # before a transaction begins: ignored inside one
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


run()
