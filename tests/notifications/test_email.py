"""E-mail: smtplib against a small SMTP server on loopback."""

import socketserver
import threading
from email import message_from_bytes, policy

import pytest

from notifications import Failure, Message
from notifications.email import Email

MAIL = Message("li@example.org", "会诊时间已确定", "会诊 HZ-1 已排期。", key="notice-5")


class SmtpServer(socketserver.ThreadingTCPServer):
    """Speaks as much of RFC 5321 as a delivery needs; `refusal` answers RCPT."""

    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.mails = []
        self.refusal = None


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 ready")
        while (verb := self.rfile.readline()[:4].strip().upper()) not in (b"", b"QUIT"):
            if verb == b"DATA":
                self.say("354 go on")
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.say((verb == b"RCPT" and self.server.refusal) or "250 ok")
        self.say("221 bye")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def server():
    with SmtpServer() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def channel(server, **changes):
    port = server.server_address[1]
    return Email("127.0.0.1", port, "huizhen@example.org", is_plain=True, **changes)


def test_a_mail_arrives_with_chinese_words(server):
    assert channel(server).send(MAIL) == "<notice-5@example.org>"
    mail = message_from_bytes(server.mails[0], policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("li@example.org", "会诊时间已确定")
    assert mail.get_content().strip() == "会诊 HZ-1 已排期。"


@pytest.mark.parametrize(
    ("answer", "is_permanent"), [("550 no such user", True), ("450 busy", False)]
)
def test_a_refused_mailbox_is_told_from_a_busy_one(server, answer, is_permanent):
    server.refusal = answer
    with pytest.raises(Failure) as raised:
        channel(server).send(MAIL)
    assert (raised.value.code, raised.value.is_permanent) == (f"smtp-{answer[:3]}", is_permanent)


def test_a_server_without_tls_gets_no_mail(server):
    port = server.server_address[1]
    with pytest.raises(Failure) as raised:
        Email("127.0.0.1", port, "huizhen@example.org").send(MAIL)
    assert not raised.value.is_permanent
    assert server.mails == []


def test_an_address_cannot_add_headers(server):
    with pytest.raises(Failure) as raised:
        channel(server).send(Message("a@example.org\r\nBcc: b@example.org", "t", "x", "k"))
    assert raised.value.is_permanent
