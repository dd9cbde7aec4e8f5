"""How the product logs: one JSON object a line in production, readable lines elsewhere.

What is logged is what happened and the ids it happened to: never a name, a number to call, a
complaint or a picture. Libraries' own log records take the same road. It is the process that
is configured, not an application: the composition root does it.
"""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import Processor

from app.config import Mode

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
)


def configure(mode: Mode, stream: TextIO | None = None) -> None:
    """Send everything to `stream` (standard error) as this mode wants it; again replaces."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(mode),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # Two lines for each job's run, every few seconds, would bury everything else.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


def _rendering(mode: Mode) -> list[Processor]:
    if mode is Mode.PRODUCTION:
        # Local variables would carry patients' data into the log.
        tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [
            structlog.processors.ExceptionRenderer(tracebacks),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
