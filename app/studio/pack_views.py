"""Taking a process out as a file, and files in as a draft."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import Invalid, NotFound
from app.permissions import Permission, require
from app.processes import queries as processes
from app.processes.models import Process
from app.processes.words import finding_title
from app.studio import actions, content, packs, queries
from app.studio.models import Draft
from app.studio.uploads import File
from app.web import actor

bp = Blueprint("packs", __name__)


@bp.before_request
def _readers_only() -> None:
    require(actor(), Permission.PROCESS_READ)


@bp.get("/studio/<key>/pack")
def export(key: str) -> ResponseReturnValue:
    """The draft, or with `?version=` what was published under that number."""
    process = processes.process(key)
    number = request.args.get("version", type=int)
    data = _of_draft(process) if number is None else _of_version(process, number)
    answer = Response(data, mimetype="application/zip")
    name = f"{key}-{'draft' if number is None else number}.zip"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.route("/studio/<key>/import", methods=["GET", "POST"])
def choose(key: str) -> ResponseReturnValue:
    """The page on which files are chosen, and on which it says what is wrong with them."""
    require(actor(), Permission.PROCESS_DRAFT)
    process = processes.process(key)
    findings, status = [], 200
    if request.method == "POST":
        try:
            _take(key)
        except Invalid as error:
            findings, status = error.details.get("findings", []), error.status
        else:
            flash(_("已导入草稿，请检查后提出签署"), "success")
            return redirect(url_for("studio.editor", key=key))
    page = render_template(
        "studio/import.html", process=process, findings=findings, finding_title=finding_title
    )
    return page, status


@bp.post("/api/studio/<key>/pack")
def take(key: str) -> ResponseReturnValue:
    draft = _take(key)
    return {"revision": draft.revision, "content": draft.content}


def _of_draft(process: Process) -> bytes:
    draft = queries.draft(process)
    held = content.read(draft.content) if draft else queries.published(process)
    return packs.of_draft(process, held)


def _of_version(process: Process, number: int) -> bytes:
    for publication in process.publications:
        if publication.number == number:
            return packs.of_publication(publication)
    raise NotFound


def _take(key: str) -> Draft:
    chosen = [one for one in request.files.getlist("files") if one.filename]
    files: list[File] = [(one.filename or "", one.read()) for one in chosen]
    return actions.take_files(key, actor(), files)
