"""Pages for process managers: the processes, their versions, and publishing a new one."""

import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import Invalid, NotFound
from app.permissions import Permission, allows, require
from app.processes import actions, queries
from app.processes.models import Process, ProcessVersion
from app.processes.schemas import VersionInput
from app.processes.words import finding_title, lane_title, step_title
from app.web import actor

bp = Blueprint("processes", __name__)


@bp.before_request
def _readers_only() -> None:
    require(actor(), Permission.PROCESS_READ)


@bp.get("/processes")
def index() -> ResponseReturnValue:
    return render_template("processes/index.html", processes=queries.processes())


@bp.get("/processes/<key>")
def show(key: str) -> ResponseReturnValue:
    return _page(queries.process(key))


@bp.post("/processes/<key>/versions")
def publish(key: str) -> ResponseReturnValue:
    """Put the chosen files in force, or show everything that speaks against it."""
    files = [
        (file.filename or "", file.read())
        for file in request.files.getlist("files")
        if file.filename
    ]
    before = queries.in_force(key).digest
    note = VersionInput().read_form()["note"]
    try:
        version = actions.publish_upload(actor(), key, files, note)
    except Invalid as error:
        return _page(queries.process(key), error.details["findings"]), error.status
    if version.digest == before:
        flash(_("内容与现行版本相同，没有产生新版本"), "info")
    else:
        flash(_("第 %(number)s 版已发布，新的会诊按此办理", number=version.number), "success")
    return redirect(url_for(".version", key=key, digest=version.digest))


@bp.get("/processes/<key>/versions/<digest>")
def version(key: str, digest: str) -> ResponseReturnValue:
    found = queries.version(key, digest)
    diagram = queries.definition(digest).diagram
    return render_template(
        "processes/version.html",
        version=found,
        is_in_force=queries.in_force(key).digest == digest,
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


def _page(process: Process, findings: list[dict[str, Any]] | None = None) -> str:
    return render_template(
        "processes/show.html",
        process=process,
        findings=findings or [],
        finding_title=finding_title,
        may_publish=allows(actor(), Permission.PROCESS_PUBLISH),
    )
