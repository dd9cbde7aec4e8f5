"""The difference between two versions of a process, as a page and as data."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.permissions import Permission, require
from app.processes import queries as processes
from app.processes.models import Process
from app.studio import comparison
from app.web import actor

bp = Blueprint("comparison", __name__)


@bp.before_request
def _readers_only() -> None:
    require(actor(), Permission.PROCESS_READ)


@bp.get("/studio/<key>/comparison")
def page(key: str) -> ResponseReturnValue:
    process = processes.process(key)
    before, after = _chosen(process)
    return render_template(
        "studio/comparison.html",
        process=process,
        choices=comparison.choices(process),
        before=before,
        after=after,
    )


@bp.get("/api/studio/<key>/difference")
def difference(key: str) -> ResponseReturnValue:
    process = processes.process(key)
    before, after = _chosen(process)
    older, newer = comparison.side(process, before), comparison.side(process, after)
    return comparison.difference(older, newer)


def _chosen(process: Process) -> tuple[str, str]:
    """The two sides asked for; without asking, what the draft changes of what is in force."""
    in_force = process.in_force.digest if process.in_force else comparison.NOTHING
    return request.args.get("before", in_force), request.args.get("after", comparison.DRAFT)
