"""What can go wrong by meaning, said to the person; one HTTP handler and one socket shape."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _


class DomainError(Exception):
    """A refusal the person can understand. `message` is text or a lazy translation."""

    code, status = "error", 400
    message: Any = _("这个操作没有完成")

    def __init__(self, message: Any = None, **details: Any) -> None:
        super().__init__()
        if message is not None:
            self.message = message
        self.details: Mapping[str, Any] = details

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Unauthenticated(DomainError):
    """Nobody is signed in, or the session is over."""

    code, status = "unauthenticated", 401
    message = _("请先登录")


class Forbidden(DomainError):
    """A rule did not say yes."""

    code, status = "forbidden", 403
    message = _("您没有权限进行这个操作")


class NotFound(DomainError):
    """No such thing, or none that this person may know of."""

    code, status = "not-found", 404
    message = _("没有找到您要的内容，或者您无权查看")


class Conflict(DomainError):
    """The subject moved on since the user last saw it."""

    code, status = "conflict", 409
    message = _("内容已被他人更新，请刷新后再试")


class TooLarge(DomainError):
    """More bytes than allowed."""

    code, status = "too-large", 413
    message = _("内容太大")


class Invalid(DomainError):
    """What was given does not satisfy the rules; `errors` says so per field."""

    code, status = "invalid", 422
    message = _("请检查标出的内容")

    def __init__(
        self, errors: Mapping[str, Any] | None = None, message: Any = None, **details: Any
    ) -> None:
        super().__init__(message, **details)
        self.errors = dict(errors or {})


class TooMany(DomainError):
    """Asked too often."""

    code, status = "too-many", 429
    message = _("操作过于频繁，请稍后再试")


def payload(error: DomainError) -> dict[str, Any]:
    """The refusal as JSON, for an HTTP body or a socket acknowledgement."""
    body: dict[str, Any] = {"code": error.code, "message": str(error.message), **error.details}
    if isinstance(error, Invalid):
        body["errors"] = {key: str(value) for key, value in error.errors.items()}
    return body
