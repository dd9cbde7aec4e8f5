"""Whom to tell: the little that a notice needs to know of its readers, by ready-made statements."""

from collections.abc import Collection
from functools import cache
from typing import Protocol, cast

from sqlalchemy import Select, Table, bindparam, select

from app.accounts.models import Person, RoleAssignment, Standing
from app.db import db

_people = cast(Table, Person.__table__)
_held = cast(Table, RoleAssignment.__table__)


class Addressee(Protocol):
    """Who is told, and what can reach them outside the product. A Person is one."""

    @property
    def id(self) -> int: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...


def addressees(ids: Collection[int]) -> list[Addressee]:
    """These people, in the order of their ids."""
    return _read(_BY_ID, ids=list(ids))


def holders(role: str, **place: int | None) -> list[Addressee]:
    """The active people who hold a role, anywhere or at the given hospital_id, department_id.

    At a place that is None, nobody does.
    """
    return _read(_by_role(tuple(place)), role=role, standing=Standing.ACTIVE, **place)


def _read(statement: Select[int, str | None, str | None], **values: object) -> list[Addressee]:
    found = db.session.connection().execute(statement, values).all()
    return cast(list[Addressee], found)


_TOLD = select(_people.c.id, _people.c.phone, _people.c.email).order_by(_people.c.id)
_BY_ID = _TOLD.where(_people.c.id.in_(bindparam("ids", expanding=True)))


@cache
def _by_role(place: tuple[str, ...]) -> Select[int, str | None, str | None]:
    return _TOLD.join(_held, _held.c.person_id == _people.c.id).where(
        _held.c.role == bindparam("role"),
        _people.c.standing == bindparam("standing"),
        *(_held.c[name] == bindparam(name) for name in place),
    )
