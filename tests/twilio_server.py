"""A server on loopback that speaks Twilio's Messages API, for the real client to talk to.

Shapes: https://www.twilio.com/docs/messaging/api/message-resource and
https://www.twilio.com/docs/usage/twilios-response (errors).
"""

import base64
import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

SID = "AC" + "1" * 32
TOKEN = "t" * 32


class TwilioServer(ThreadingHTTPServer):
    """Accepts messages; `errors` holds (status, code) pairs that answer the next requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages: list[dict[str, str]] = []
        self.errors: deque[tuple[int, int]] = deque()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def accept(self, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.errors:
            return _error(*self.errors.popleft())
        if not fields.get("Body"):
            return _error(400, 21602)
        if not fields.get("From") and not fields.get("MessagingServiceSid"):
            return _error(400, 21603)
        if not fields.get("To", "").startswith("+"):
            return _error(400, 21211)
        self.messages.append(fields)
        return 201, _resource(f"SM{len(self.messages):032x}", fields)


class _Handler(BaseHTTPRequestHandler):
    server: TwilioServer

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        fields = {
            key: values[0] for key, values in parse_qs(self.rfile.read(length).decode()).items()
        }
        expected = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            self._answer(*_error(401, 20003))
        elif self.path != f"/2010-04-01/Accounts/{SID}/Messages.json":
            self._answer(*_error(404, 20404))
        else:
            self._answer(*self.server.accept(fields))

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name upstream
        """Tests read `messages`, not standard error."""


def _error(status: int, code: int) -> tuple[int, dict[str, Any]]:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": "refused", "more_info": more, "status": status}


def _resource(sid: str, fields: dict[str, str]) -> dict[str, Any]:
    return {
        "sid": sid,
        "account_sid": SID,
        "api_version": "2010-04-01",
        "body": fields["Body"],
        "to": fields["To"],
        "from": fields.get("From"),
        "messaging_service_sid": fields.get("MessagingServiceSid"),
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "error_message": None,
        "date_created": "Mon, 02 Mar 2026 01:00:00 +0000",
        "date_updated": "Mon, 02 Mar 2026 01:00:00 +0000",
        "date_sent": None,
        "uri": f"/2010-04-01/Accounts/{SID}/Messages/{sid}.json",
        "subresource_uris": {},
    }


@contextmanager
def twilio_server() -> Iterator[TwilioServer]:
    """A running server; closed at the end."""
    server = TwilioServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
