"""Socket.IO: what happens between people while a page or a room is open.

May use everything in app; app knows nothing of it and only publishes what happened.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from flask_socketio import SocketIO

from app.config import Mode, Settings
from signaling import board, broadcast, calls, chat, connections, events, session  # noqa: F401
from signaling.limits import LARGEST_MESSAGE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def init_app(app: Flask) -> SocketIO:
    """Put a Socket.IO server in front of the application; `io.run(app, host, port)` serves both.

    Websocket only: polling would need sticky routing. The session is the one of the HTTP
    handshake and is never written here.
    """
    settings: Settings = app.config["SETTINGS"]
    io = SocketIO(
        app,
        async_mode=settings.async_mode,
        manage_session=False,
        async_handlers=False,  # an answer must not overtake the offer before it
        message_queue=settings.redis,
        transports=["websocket"],
        cors_allowed_origins=_origins(settings),
        max_http_buffer_size=LARGEST_MESSAGE,
        http_compression=False,
        ping_interval=15,
        ping_timeout=10,
    )
    with app.app_context():
        connections.install()
    session.install(io)
    events.install(io)
    app.wsgi_app = _Uncompressed(app.wsgi_app)  # type: ignore[method-assign]
    return io


def _origins(settings: Settings) -> list[str] | None:
    """Whose pages may open a socket. None: those of the host that is asked, for trying out."""
    return [settings.public_url] if settings.mode is Mode.PRODUCTION else None


class _Uncompressed:
    """Decline permessage-deflate, which eventlet would accept: it costs more than the messages."""

    def __init__(self, inner: "WSGIApplication") -> None:
        self._inner = inner

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return self._inner(environ, start_response)
