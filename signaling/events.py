"""From an event's name to its handler: limits, shape, who asks, and the acknowledgement.

A handler is `on_stroke(connection, message) -> dict | None`. What it returns goes into the
acknowledgement beside `ok: true`; a DomainError becomes `ok: false` and its payload.
"""

from collections.abc import Callable
from typing import Any

import structlog
from flask import request
from flask_babel import lazy_gettext as _
from flask_socketio import SocketIO, disconnect
from marshmallow import ValidationError
from sqlalchemy.exc import OperationalError

from app.errors import DomainError, Invalid, TooMany, payload
from signaling.connections import Connection, connection_of
from signaling.messages import INCOMING

log = structlog.get_logger()
Answer = dict[str, Any] | None
Handler = Callable[[Connection, dict[str, Any]], Answer]

_handlers: dict[str, Handler] = {}


def on(name: str) -> Callable[[Handler], Handler]:
    """Handle an event of messages.INCOMING."""

    def register(handler: Handler) -> Handler:
        _handlers[name] = handler
        return handler

    return register


def install(io: SocketIO) -> None:
    """Listen to every event. Raises KeyError if one has a shape and no handler."""
    for name in INCOMING:
        io.on_event(name, _listener(name, _handlers[name]))


def _listener(name: str, handler: Handler) -> Callable[..., dict[str, Any]]:
    schema = INCOMING[name]()

    def listen(*args: Any) -> dict[str, Any]:
        try:
            connection = connection_of(request.sid)  # type: ignore[attr-defined]  # flask-socketio's
            _limit(connection)
            message = _shaped(schema, args)
            return {"ok": True, **(handler(connection, message) or {})}
        except DomainError as error:
            return {"ok": False, **payload(error)}
        except OperationalError:
            log.exception("database unavailable", event=name)
            return {"ok": False, **payload(_Busy())}
        except Exception:
            log.exception("event failed", event=name)
            return {"ok": False, **payload(_Broken())}

    return listen


def _limit(connection: Connection) -> None:
    if connection.bucket.take():
        return
    if connection.bucket.is_hopeless:
        log.warning("flood ended", person=connection.person_id)
        disconnect()
    raise TooMany


def _shaped(schema: Any, args: tuple[Any, ...]) -> dict[str, Any]:
    if len(args) != 1 or not isinstance(args[0], dict):
        raise Invalid({"message": _("消息格式不正确")})
    try:
        message: dict[str, Any] = schema.load(args[0])
    except ValidationError as error:
        raise Invalid({str(key): _("消息格式不正确") for key in error.messages}) from error
    return message


class _Busy(DomainError):
    code, status = "busy", 503
    message = _("系统繁忙，请稍后再试")


class _Broken(DomainError):
    code, status = "broken", 500
    message = _("系统出现故障，已经记录")
