"""Where the rate limits of one process are counted, if there is no Redis."""

from threading import Lock
from time import time

from limits.storage import Storage

URI = "counts://"
SWEEP_EVERY = 1000  # counts


class Counts(Storage):
    """Counts in memory. The library's own starts a thread after each request to sweep."""

    STORAGE_SCHEME = ["counts"]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_: str) -> None:
        super().__init__(uri, wrap_exceptions)
        self._held: dict[str, tuple[int, float]] = {}  # key -> count, until when
        self._lock = Lock()
        self._until_sweep = SWEEP_EVERY

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._lock:
            self._until_sweep -= 1
            if not self._until_sweep:
                self._sweep()
            count = self.get(key) + amount
            until = self._held[key][1] if count > amount else time() + expiry
            self._held[key] = count, until
        return count

    def get(self, key: str) -> int:
        count, until = self._held.get(key, (0, 0.0))
        return count if until > time() else 0

    def get_expiry(self, key: str) -> float:
        return self._held[key][1] if self.get(key) else time()

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            number = len(self._held)
            self._held.clear()
        return number

    def clear(self, key: str) -> None:
        self._held.pop(key, None)

    def _sweep(self) -> None:
        moment = time()
        self._held = {key: one for key, one in self._held.items() if one[1] > moment}
        self._until_sweep = SWEEP_EVERY
