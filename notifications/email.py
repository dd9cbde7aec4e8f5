"""E-mail by SMTP, for installations that have a mail server."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from notifications.channel import Failure, Message

TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Email:
    """Sends through one mail server, always over TLS unless `is_plain` (a relay on this host)."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    is_plain: bool = False

    def send(self, message: Message) -> str:
        """Hand one mail over; its Message-ID. Raises Failure."""
        mail = self._mail(message)
        try:
            with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S) as server:
                if not self.is_plain:
                    server.starttls(context=ssl.create_default_context())
                if self.user and self.password:
                    server.login(self.user, self.password)
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _ in error.recipients.values())
            raise Failure(f"smtp-{code}", is_permanent=code >= 500) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Failure(type(error).__name__, is_permanent=False) from error
        return str(mail["Message-ID"])

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        try:
            mail["To"] = message.to
        except ValueError as error:  # a line break would start a header of its own
            raise Failure("bad-address", is_permanent=True) from error
        mail["From"], mail["Subject"] = self.sender, message.title
        # The same for every attempt: a mailbox that got the first copy may drop the second.
        mail["Message-ID"] = f"<{message.key}@{self.sender.rpartition('@')[2]}>"
        mail.set_content(message.text)
        return mail
