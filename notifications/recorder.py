"""The twin of a channel: keeps what it was given, and fails when told to."""

from collections import deque
from dataclasses import dataclass, field

from notifications.channel import Failure, Message


@dataclass
class Recorder:
    """A channel that carries nothing. failures: raised one by one by the next sends."""

    sent: list[Message] = field(default_factory=list)
    failures: deque[Failure] = field(default_factory=deque)

    def send(self, message: Message) -> str:
        """Keep the message, or raise the next of the prepared failures."""
        if self.failures:
            raise self.failures.popleft()
        self.sent.append(message)
        return f"recorded-{len(self.sent)}"

    def last_to(self, address: str) -> Message:
        """The latest message to this address. Raises LookupError."""
        found = [message for message in self.sent if message.to == address]
        if not found:
            raise LookupError(f"nothing was sent to {address}")
        return found[-1]
