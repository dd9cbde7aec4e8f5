"""The database: base model, one transaction per action, and events told after commit."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache, wraps
from typing import Any, ClassVar, ParamSpec, TypeVar, cast

import structlog
from blinker import Namespace
from flask import Flask, has_request_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Insert,
    MetaData,
    Table,
    Update,
    bindparam,
    event,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, class_mapper, object_mapper, registry
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeDecorator

from app.errors import Conflict, NotFound

log = structlog.get_logger()
P = ParamSpec("P")
R = TypeVar("R")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive one is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of all tables. Constraint names are fixed so that migrations can name them."""

    called: ClassVar[Any] = None  # in words, for a refusal to delete what it refers to

    registry = registry(
        metadata=MetaData(naming_convention=_NAMES),
        type_annotation_map={datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON},
    )


# What an action returns is read after its commit: nothing is expired by it.
db = SQLAlchemy(model_class=Model, session_options={"expire_on_commit": False})

M = TypeVar("M", bound=Model)

committed = Namespace().signal("committed")  # sender: the event
_writing: ContextVar[bool] = ContextVar("writing", default=False)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def now() -> datetime:
    """The present moment, aware. Tests set it by replacing this function's clock."""
    return clock[0]()


clock: list[Callable[[], datetime]] = [lambda: datetime.now(UTC)]


def today(zone: Any = UTC) -> date:
    """The present day in a time zone."""
    return now().astimezone(zone).date()


def transactional(action: Callable[P, R]) -> Callable[P, R]:
    """Commit once when the outermost action ends well, otherwise roll everything back.

    Events given to `publish` are sent after the commit, so that nobody hears of what did
    not happen. Raises Conflict if a row moved on since it was read.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _writing.get():
            return action(*args, **kwargs)
        _leave_read_transaction()
        token = _writing.set(True)
        try:
            result = action(*args, **kwargs)
            db.session.commit()
        except StaleDataError as error:
            _forget()
            raise Conflict from error
        except BaseException:
            _forget()
            raise
        finally:
            _writing.reset(token)
        _tell(db.session.info.pop("events", []))
        return result

    return run


def publish(happening: object) -> None:
    """Tell of something when, and only if, the present transaction commits."""
    db.session.info.setdefault("events", []).append(happening)


def insert_rows(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows that nobody needs as objects, by one statement. All name the same columns."""
    # By the connection: the session would first write out all its changes, and once more later.
    db.session.connection().execute(_insert(model), _one_or_many(rows))


def insert_returning(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """As insert_rows; the numbers the rows were given, in their order."""
    returning = _insert_returning(model)
    return list(db.session.connection().scalars(returning, _one_or_many(rows)))


def _one_or_many(rows: Sequence[R]) -> R | Sequence[R]:
    return rows[0] if len(rows) == 1 else rows  # a list of one would be sent as a batch


@cache
def _insert(model: type[Model]) -> Insert:
    return insert(cast(Table, model.__table__)).inline()  # nobody asks for the keys


@cache
def _insert_returning(model: type[Model]) -> ReturningInsert[tuple[int]]:
    table = cast(Table, model.__table__)
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


def write(row: Model, **values: Any) -> None:
    """Change columns of a stored row at once, by a ready-made statement. Raises Conflict if the
    row moved on since it was read."""
    version = object_mapper(row).version_id_col
    if version is not None:
        values[version.name] = getattr(row, version.name) + 1
    as_read = {_WAS + column.name: getattr(row, column.name) for column in _identity(type(row))}
    result = db.session.connection().execute(_update(type(row)), {**values, **as_read})
    if result.rowcount != 1:
        raise Conflict
    for name, value in values.items():
        set_committed_value(row, name, value)


_WAS = "was_"


@cache
def _update(model: type[Model]) -> Update:
    same = (column == bindparam(_WAS + column.name) for column in _identity(model))
    return update(cast(Table, model.__table__)).where(*same)


@cache
def _identity(model: type[Model]) -> tuple[ColumnElement[Any], ...]:
    """What tells a row, and the state of it that was read, from all others."""
    mapper = class_mapper(model)
    version = mapper.version_id_col
    return mapper.primary_key if version is None else (*mapper.primary_key, version)


def end_reading() -> None:
    """Let go of the database before something slow. What was read stays usable; nothing may have
    been written yet."""
    db.session.commit()


def get_or_404(model: type[M], key: Any) -> M:
    """The row with this primary key. Raises NotFound."""
    found = db.session.get(model, key)
    if found is None:
        raise NotFound
    return found


def locked(model: type[M], key: Any) -> M:
    """The row, fresh from the database and kept from others until the transaction ends."""
    # Only this row: PostgreSQL cannot lock what an eager join may leave empty.
    statement = select(model).filter_by(id=key).with_for_update(of=model)
    fresh = statement.execution_options(populate_existing=True)
    found = db.session.scalars(fresh).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def references(row: Model) -> dict[str, int]:
    """How many rows of which kinds refer to a row: {what the model is called: count}."""
    target, found = type(row).__table__, {}
    for mapper in Model.registry.mappers:
        table = mapper.local_table
        columns = [key.parent for key in table.foreign_keys if key.column.table is target]
        if not columns:
            continue
        matches = or_(*(column == row.id for column in columns))  # type: ignore[attr-defined]
        number = db.session.scalar(select(func.count()).select_from(table).where(matches))
        if number:
            found[str(mapper.class_.called or mapper.class_.__name__)] = number
    return found


def init_app(app: Flask) -> None:
    """Bind the database to the application and give SQLite the manners of a server."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _civilise_sqlite(db.engine)


def _forget() -> None:
    db.session.rollback()
    db.session.info.clear()


def _tell(events: list[object]) -> None:
    for happening in events:
        try:
            committed.send(happening)
        except Exception:  # what is committed stays; a listener's fault is its own
            log.exception("listener failed", happening=type(happening).__name__)


def _leave_read_transaction() -> None:
    # SQLite cannot turn a read transaction into a writing one once somebody else has written.
    is_reading = has_request_context() and db.session().in_transaction()
    if is_reading and db.engine.dialect.name == "sqlite":
        connection = db.session.connection()
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _civilise_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # an acknowledged task survives a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA busy_timeout = 15000")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Who takes the write lock and then lets others run stops the whole server: the next one
        # waits for it inside SQLite. So a request takes it for its action only.
        reading = has_request_context() and not _writing.get()
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
