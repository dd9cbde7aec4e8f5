"""Pages for process managers: the processes and their versions."""

import json

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.errors import NotFound
from app.permissions import Permission, require
from app.processes import actions, queries
from app.processes.models import ProcessVersion
from app.processes.signing import is_genuine
from app.processes.words import lane_title, step_title
from app.web import actor
from app.web import show as show_refusal

bp = Blueprint("processes", __name__)


@bp.before_request
def _readers_only() -> None:
    require(actor(), Permission.PROCESS_READ)


@bp.get("/processes/<key>")
def show(key: str) -> ResponseReturnValue:
    return render_template("processes/show.html", process=queries.process(key))


@bp.get("/processes/<key>/versions/<digest>")
def version(key: str, digest: str) -> ResponseReturnValue:
    found = queries.version(key, digest)
    diagram = queries.definition(digest).diagram
    return render_template(
        "processes/version.html",
        version=found,
        is_in_force=queries.in_force(key).digest == digest,
        is_genuine=is_genuine(found.publication),
        tasks=[node for node in diagram.nodes.values() if node.kind == "userTask"],
        files=sorted(_files(found)),
        step_title=step_title,
        lane_title=lane_title,
    )


@bp.get("/api/processes/<key>/versions/<digest>/diagram")
def diagram(key: str, digest: str) -> ResponseReturnValue:
    """The diagram as the island draws it, with nothing under way in it."""
    return {"xml": queries.version(key, digest).diagram, "elements": []}


@bp.get("/processes/<key>/versions/<digest>/files/<name>")
def download(key: str, digest: str, name: str) -> ResponseReturnValue:
    files = _files(queries.version(key, digest))
    if name not in files:
        raise NotFound
    answer = Response(files[name], mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _files(version: ProcessVersion) -> dict[str, str]:
    """Name -> text of all files of a version, as a modeller opens them."""
    files = {f"{version.process.key}.bpmn": version.diagram}
    for key, form in version.forms.items():
        files[f"{key}.form"] = json.dumps(form, ensure_ascii=False, indent=2) + "\n"
    return files | {f"{key}.dmn": text for key, text in version.decisions.items()}


def refuse_tampered(error: queries.Tampered) -> ResponseReturnValue:
    """Note it where auditors look, and say so."""
    actions.report_tampering(actor(), error)
    return show_refusal(error)
