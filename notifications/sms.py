"""SMS by Twilio's Messages API. The only home of twilio."""

import logging
import re

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from notifications.channel import Failure, Message

TIMEOUT_S = 10.0
# Not the message is at fault but the account, the rate or the moment: these will be mended.
TRANSIENT = frozenset({401, 402, 403, 408, 425, 429})
_CHINESE_MOBILE = re.compile(r"1[3-9]\d{9}")
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")

# At INFO it writes every request, the number included.
logging.getLogger("twilio.http_client").setLevel(logging.WARNING)


class Sms:
    """Sends through one Twilio account.

    sender: a number in E.164, or the SID of a messaging service ("MG…"). base_url: where the
    API is, if not at Twilio. Twilio knows no idempotency key: what is sent twice arrives twice.
    """

    def __init__(
        self, account_sid: str, auth_token: str, sender: str, base_url: str | None = None
    ) -> None:
        http = TwilioHttpClient(timeout=TIMEOUT_S)
        self._client = Client(account_sid, auth_token, http_client=http)
        if base_url:
            self._client.api.base_url = base_url.rstrip("/")
        is_service = sender.startswith("MG")
        self._sender = {"messaging_service_sid" if is_service else "from_": sender}

    def send(self, message: Message) -> str:
        """Hand one text over; Twilio's id for it. Raises Failure."""
        try:
            sent = self._client.messages.create(
                to=e164(message.to), body=message.text, **self._sender
            )
        except TwilioRestException as error:
            raise Failure(
                f"twilio-{error.code or error.status}", is_permanent=_is_permanent(error.status)
            ) from error
        except (RequestException, TwilioException) as error:
            raise Failure(type(error).__name__, is_permanent=False) from error
        return str(sent.sid)


def e164(phone: str) -> str:
    """The number as networks write it; a Chinese mobile number may come without +86.

    Raises Failure if it is neither that nor international.
    """
    digits = re.sub(r"[\s()\-.]", "", phone)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if _CHINESE_MOBILE.fullmatch(digits):
        return "+86" + digits
    if _INTERNATIONAL.fullmatch(digits):
        return digits
    raise Failure("bad-number", is_permanent=True)


def _is_permanent(status: int) -> bool:
    return 400 <= status < 500 and status not in TRANSIENT
