"""Passwords: kept as argon2id, chosen by ASVS 5.0, 6.2: length counts, no composition rules."""

from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _

MIN_CHARACTERS = 8
MAX_CHARACTERS = 128
PRODUCT_WORDS = ("huizhen", "会诊")
_COMMON = Path(__file__).with_name("common_passwords.txt")
_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """An argon2id hash with its own salt and parameters. Takes some 50 ms on purpose."""
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash. Takes as long when there is no such account."""
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def weakness(password: str, *about: str) -> Any:
    """Why the password may not be chosen, as a lazy translation; None if it may.

    about: what others know of the person (login, name), which a password must not be made of.
    """
    if len(password) < MIN_CHARACTERS:
        return _("密码至少 %(count)s 个字符，建议 15 个以上", count=MIN_CHARACTERS)
    if len(password) > MAX_CHARACTERS:
        return _("密码最多 %(count)s 个字符", count=MAX_CHARACTERS)
    lowered = password.casefold()
    if lowered in _common() or len(set(lowered)) < 3:
        return _("这个密码太常见，容易被猜到，请换一个")
    known = [word.casefold() for word in (*about, *PRODUCT_WORDS) if len(word) > 1]
    if any(_is_mostly(word, lowered) for word in known):
        return _("密码不能主要由登录名、姓名或产品名组成")
    return None


def _is_mostly(word: str, password: str) -> bool:
    return word in password and len(password) - len(word) < MIN_CHARACTERS - 2


@cache
def _common() -> frozenset[str]:
    lines = _COMMON.read_text("utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if not line.startswith("#"))


@cache
def _nobodys_hash() -> str:
    return hash_password("belongs to nobody")
