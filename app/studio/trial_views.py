"""The API of trial cases and scenarios."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, stream_with_context
from flask.typing import ResponseReturnValue

from app.errors import DomainError, payload
from app.permissions import Permission, require
from app.studio import history, scenarios, schemas, trials
from app.studio.views import body
from app.web import actor, limiter

bp = Blueprint("trials", __name__)


@bp.before_request
def _readers_only() -> None:
    require(actor(), Permission.PROCESS_READ)


@bp.post("/api/studio/<key>/trials")
@limiter.limit("120/minute")
def play(key: str) -> ResponseReturnValue:
    """Where a script leads; it is sent whole each time, nothing of it is kept."""
    given = schemas.TrialInput().read(body())
    return trials.play(key, actor(), given["content"], given["scenario"])


@bp.post("/api/studio/<key>/scenario-runs")
@limiter.limit("60/minute")
def run_scenarios(key: str) -> ResponseReturnValue:
    """Which scenarios of a content pass, and what they leave untried."""
    given = schemas.Check().read(body())
    return scenarios.run_given(key, actor(), given["content"]).json()


@bp.post("/api/studio/<key>/what-if")
@limiter.limit("10/minute")
def what_if(key: str) -> ResponseReturnValue:
    """Past cases along a content, one line of JSON for each bit of progress, the report last."""
    given = schemas.WhatIfInput().read(body())
    told = history.run(key, actor(), given["content"], given["count"])
    lines = stream_with_context(_lines(told))
    # A proxy that collects the answer would keep the progress to itself.
    return Response(lines, mimetype="application/x-ndjson", headers={"X-Accel-Buffering": "no"})


def _lines(told: Iterator[dict[str, Any]]) -> Iterator[str]:
    """What goes wrong after the first line can only be told in a line."""
    try:
        for one in told:
            yield json.dumps(one, ensure_ascii=False) + "\n"
    except DomainError as error:
        yield json.dumps({"error": payload(error)}, ensure_ascii=False) + "\n"
