"""Roles that managers add for their own diagrams."""

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.accounts.models import CustomRole, Person
from app.audit import Deed, record
from app.db import db, get_or_404, locked, now, transactional
from app.errors import Conflict, Invalid
from app.permissions import Permission, Role, require

MOST = 100
_KEY = re.compile(r"[a-z][a-z0-9_]{1,31}")


@transactional
def add(actor: Person, key: str, name: str, name_en: str) -> CustomRole:
    """Add a role under a key that diagrams will name. Raises Forbidden, Invalid, Conflict."""
    require(actor, Permission.ROLE_DEFINE)
    if not _KEY.fullmatch(key):
        raise Invalid({"key": _("标识由小写英文字母开头，可含数字和下划线，2 至 32 个字符")})
    if key in set(Role) or _has(CustomRole.key == key):
        raise Invalid({"key": _("这个标识已被使用")})
    if _has(CustomRole.name == name):
        raise Invalid({"name": _("已有同名的角色")})
    if (db.session.scalar(select(func.count()).select_from(CustomRole)) or 0) >= MOST:
        raise Conflict(_("自定义角色最多 %(most)s 个", most=MOST))
    role = CustomRole(key=key, name=name, name_en=name_en, created_at=now(), created_by_id=actor.id)
    db.session.add(role)
    db.session.flush()
    record(actor, Deed.ROLE_DEFINED, role)
    return role


@transactional
def retire(actor: Person, role_id: int) -> CustomRole:
    """Offer a role no longer. Raises Forbidden, NotFound, Conflict if it is retired."""
    return _switch(actor, role_id, is_offered=False)


@transactional
def revive(actor: Person, role_id: int) -> CustomRole:
    """Offer a retired role again. Raises Forbidden, NotFound, Conflict if it is offered."""
    return _switch(actor, role_id, is_offered=True)


def every() -> Sequence[CustomRole]:
    """All of them, retired ones too, as they were added."""
    return db.session.scalars(select(CustomRole).order_by(CustomRole.id)).all()


def in_use() -> list[CustomRole]:
    """Those that may be given to people and named by new diagrams."""
    return [one for one in every() if one.retired_at is None]


def is_offered(key: str) -> bool:
    """Whether a role of this key may be given to people."""
    return key in set(Role) or any(one.key == key for one in in_use())


def _switch(actor: Person, role_id: int, *, is_offered: bool) -> CustomRole:
    require(actor, Permission.ROLE_DEFINE)
    get_or_404(CustomRole, role_id)
    role = locked(CustomRole, role_id)
    if (role.retired_at is None) is is_offered:
        raise Conflict
    role.retired_at = None if is_offered else now()
    record(actor, Deed.ROLE_REVIVED if is_offered else Deed.ROLE_RETIRED, role)
    return role


def _has(rule: object) -> bool:
    return db.session.scalar(select(CustomRole.id).where(rule)) is not None  # type: ignore[arg-type]
