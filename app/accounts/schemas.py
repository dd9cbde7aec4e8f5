"""What may be said in registration, on the own profile and about people."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from marshmallow import fields

from app.accounts.custom_roles import is_offered
from app.accounts.models import Title
from app.permissions import role_of
from app.web import LANGUAGES
from app.web.inputs import Choice, Input, Key, Password, Phone, Text

LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9._-]{2,31}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")


class ProfileInput(Input):
    """The reviewed fields."""

    name = Text(60, required=True)
    hospital_id = Key(required=True)
    department_id = Key()
    title = Choice(Title)
    specialty = Text(200)
    licence = Text(40, required=True, pattern=re.compile(r"[A-Za-z0-9-]{4,40}"))


class RegistrationInput(ProfileInput):
    """Everything a newcomer tells (S0-5); a role is not among it."""

    login = Text(
        32,
        required=True,
        pattern=LOGIN,
        message=_("3 到 32 位字母、数字、点、下划线或连字符，以字母开头"),
    )
    password = Password()
    password_again = Password()
    phone = Phone(required=True)
    email = Text(120, pattern=EMAIL, message=_("请填写完整的邮箱地址"))


class ContactInput(Input):
    """What counts at once."""

    phone = Phone(required=True)
    email = Text(120, pattern=EMAIL, message=_("请填写完整的邮箱地址"))
    language = Text(5, required=True, pattern=re.compile("|".join(LANGUAGES)))


class PasswordInput(Input):
    """Another password."""

    old_password = Password()
    password = Password()
    password_again = Password()


class RoleChoice(Text):
    """A role that may be given, be it one that managers added."""

    def __init__(self) -> None:
        super().__init__(32, required=True)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        key = super()._deserialize(value, attr, data, **kwargs)
        if not is_offered(key):
            raise self.make_error("invalid")
        return role_of(key)


class CustomRoleInput(Input):
    """A role that a manager adds."""

    key = Text(32, required=True)
    name = Text(40, required=True)
    name_en = Text(60, required=True)


class DecisionInput(Input):
    """A reviewer's verdict."""

    decision = Text(10, required=True, pattern=re.compile("approve|refuse"))
    reason = Text(500)
    roles = fields.List(RoleChoice(), load_default=list)


class GrantInput(Input):
    """A role and where it is to be held."""

    role = RoleChoice()
    hospital_id = Key()
    department_id = Key()
