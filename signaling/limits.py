"""How much one connection may send: a bucket of tokens that refills with time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

LARGEST_MESSAGE = 128 * 1024  # bytes; a stroke of 2,000 points is half of it, an SDP a tenth
BURST = 240
PER_SECOND = 60  # drawing sends 30 previews a second
ENOUGH = 600  # refusals in a row that end a connection


@dataclass
class Bucket:
    """Tokens of one connection; every message takes one."""

    clock: Callable[[], float] = monotonic
    tokens: float = BURST
    refused: int = 0
    filled_at: float = field(default=-1.0)

    def take(self) -> bool:
        """Whether one more message is allowed now."""
        moment = self.clock()
        if self.filled_at >= 0:
            self.tokens = min(BURST, self.tokens + (moment - self.filled_at) * PER_SECOND)
        self.filled_at = moment
        if self.tokens < 1:
            self.refused += 1
            return False
        self.tokens -= 1
        self.refused = 0
        return True

    @property
    def is_hopeless(self) -> bool:
        """Whether the sender does not listen to refusals."""
        return self.refused >= ENOUGH
