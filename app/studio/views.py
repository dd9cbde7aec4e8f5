"""Pages and API of the studio."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import now
from app.permissions import Permission, allows, require
from app.processes import queries as processes
from app.studio import actions, creation, queries, schemas
from app.studio.words import described
from app.web import actor
from app.web.inputs import form_page

bp = Blueprint("studio", __name__)


@bp.before_request
def _readers_only() -> None:
    require(actor(), Permission.PROCESS_READ)


@bp.get("/studio")
def index() -> ResponseReturnValue:
    return render_template(
        "studio/index.html",
        processes=processes.processes(),
        drafts=queries.drafts(),
        proposals=queries.open_proposals(),
        now=now(),
        may_edit=allows(actor(), Permission.PROCESS_DRAFT),
    )


@bp.route("/studio/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    require(actor(), Permission.PROCESS_DRAFT)

    def submit() -> ResponseReturnValue:
        process = creation.add_process(actor(), **schemas.ProcessInput().read_form())
        return redirect(url_for(".editor", key=process.key))

    return form_page("studio/new.html", submit, origins=creation.origins())


@bp.get("/studio/<key>")
def editor(key: str) -> ResponseReturnValue:
    return render_template(
        "studio/editor.html",
        process=processes.process(key),
        may_edit=allows(actor(), Permission.PROCESS_DRAFT),
    )


@bp.get("/api/studio/<key>")
def show(key: str) -> ResponseReturnValue:
    """The draft; whoever may only read sees what is in force until there is one."""
    process = processes.process(key)
    draft = queries.draft(process)
    if draft is None and allows(actor(), Permission.PROCESS_DRAFT):
        draft = actions.open_draft(key, actor())
    in_force = process.in_force
    return {
        "process": schemas.process(process),
        "base": draft.base_digest if draft else in_force and in_force.digest,
        "revision": draft.revision if draft else 0,
        "content": draft.content if draft else queries.published(process).json(),
        "lock": schemas.lock(draft, actor()),
        "remarks": [schemas.remark(one) for one in queries.remarks(process)],
        "vocabulary": described(),
    }


@bp.post("/studio/<key>/versions/<digest>/draft")
def begin_again(key: str, digest: str) -> ResponseReturnValue:
    """Make the draft what a version holds, to be changed or put in force once more."""
    draft = actions.begin_again(key, actor(), digest)
    flash(_("草稿已换成所选版本的内容，原来的草稿不再保留"), "success")
    return redirect(url_for(".editor", key=draft.process.key))


@bp.put("/api/studio/<key>/content")
def save(key: str) -> ResponseReturnValue:
    given = schemas.Save().read(body())
    draft = actions.save(key, actor(), given["revision"], given["content"])
    return {"revision": draft.revision}


@bp.post("/api/studio/<key>/lock")
def hold(key: str) -> ResponseReturnValue:
    return schemas.lock(actions.hold(key, actor()), actor())


@bp.delete("/api/studio/<key>/lock")
def let_go(key: str) -> ResponseReturnValue:
    return schemas.lock(actions.let_go(key, actor()), actor())


@bp.post("/api/studio/<key>/checks")
def check(key: str) -> ResponseReturnValue:
    given = schemas.Check().read(body())
    found = actions.check(key, actor(), given["content"])
    return {"findings": [schemas.finding(one) for one in found]}


@bp.post("/api/studio/<key>/remarks")
def remark(key: str) -> ResponseReturnValue:
    given = schemas.RemarkInput().read(body())
    said = actions.remark(key, actor(), given["element_id"], given["text"])
    return schemas.remark(said), 201


@bp.post("/api/studio/<key>/remarks/<int:remark_id>/resolution")
def resolve(key: str, remark_id: int) -> ResponseReturnValue:
    return schemas.remark(actions.resolve(key, actor(), remark_id))


def body() -> dict[str, Any]:
    """The JSON object of a request; anything else is none."""
    body = request.get_json()
    return body if isinstance(body, dict) else {}
