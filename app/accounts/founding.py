"""The first platform administrator of an installation; there is no default account (G-4)."""

from flask_babel import lazy_gettext as _

from app.accounts import passwords, queries
from app.accounts.models import Person, RoleAssignment, Standing, normal_login
from app.audit import Deed, record
from app.db import db, now, transactional
from app.errors import Conflict, Invalid
from app.permissions import Role


def add_administrator(login: str, name: str, password: str) -> Person:
    """Raises Invalid for a weak password, Conflict if a platform administrator exists already."""
    weakness = passwords.weakness(password, login, name)
    if weakness:
        raise Invalid({"password": weakness})
    return _add(login, name, passwords.hash_password(password))


@transactional
def _add(login: str, name: str, password_hash: str) -> Person:
    if queries.find_people(Role.PLATFORM_ADMINISTRATOR):
        raise Conflict(_("已有平台管理员，请由其在页面上授予角色"))
    person = Person(
        login=normal_login(login),
        name=name,
        password_hash=password_hash,
        standing=Standing.ACTIVE,
        created_at=now(),
    )
    person.roles.append(RoleAssignment(role=Role.PLATFORM_ADMINISTRATOR, granted_at=now()))
    db.session.add(person)
    db.session.flush()
    record(None, Deed.ROLE_GRANTED, person, role=Role.PLATFORM_ADMINISTRATOR)
    return person
