"""How a greenlet waits for PostgreSQL: a moment by itself, then letting the others run.

Most statements are answered sooner than the others could be let run and called back.
"""

from collections.abc import Callable, Generator
from typing import Any, TypeVar

from psycopg import waiting
from psycopg.waiting import Ready, Wait

MOMENT_S = 0.0001  # about what switching to another greenlet and back costs
MOST_FILES = 1024  # the numbers of files that select() takes

T = TypeVar("T")


def install(select: Callable[..., Any]) -> None:
    """Wait so on all connections. select: the system's, which keeps the greenlets from running."""

    def comes_at_once(fileno: int) -> bool:
        return fileno < MOST_FILES and bool(select([fileno], [], [], MOMENT_S)[0])

    def eager(gen: Generator[Any, Any, T], fileno: int) -> Generator[Any, Any, T]:
        """The same talk with the server, which asks to wait only for what takes longer."""
        try:
            awaited = next(gen)
            while True:
                is_here = awaited == Wait.R and comes_at_once(fileno)
                awaited = gen.send(Ready.R if is_here else (yield awaited))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def wait(
        gen: Generator[Any, Any, T],
        fileno: int,
        interval: float = 0.0,
        timeout: float | None = None,
    ) -> T:
        return waiting.wait_selector(eager(gen, fileno), fileno, interval, timeout)

    waiting.wait = wait
