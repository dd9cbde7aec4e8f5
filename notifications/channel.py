"""What a channel is: it carries one message to one address, or says why it could not."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Way(StrEnum):
    """How a person can be reached."""

    IN_APP = "in_app"
    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True)
class Message:
    """What is carried. to: a phone number or mail address; key: the same for every attempt."""

    to: str
    title: str
    text: str
    key: str = ""


class Failure(Exception):
    """A message was not accepted. code: short, for the log; a permanent one is not tried again."""

    def __init__(self, code: str, *, is_permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.is_permanent = is_permanent


class Channel(Protocol):
    """Carries messages. It may block for as long as its timeout, never longer."""

    def send(self, message: Message) -> str:
        """Hand over the message; the provider's id for it. Raises Failure."""
