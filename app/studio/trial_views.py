"""The API of trial cases and scenarios."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.permissions import Permission, require
from app.studio import scenarios, schemas, trials
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
