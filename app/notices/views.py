"""The bell, the page of notices, and the same as JSON."""

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.db import db
from app.notices import actions, queries
from app.notices.models import Notice
from app.notices.schemas import Before, NoticeSchema, Seen, words_of
from app.web import actor

bp = Blueprint("notices", __name__)
PAGE = 30


@bp.app_context_processor
def _bell() -> dict[str, object]:
    # Called by the frame of a page, not by the pages and errors that have none.
    return {"unread_notices": lambda: queries.unread(actor())}


@bp.get("/notices")
def index() -> ResponseReturnValue:
    """What the person was told; with `fragment` only what changes while the page is open."""
    page = db.paginate(queries.told(actor()), per_page=PAGE, error_out=False)
    template = "notices/_list.html" if "fragment" in request.args else "notices/index.html"
    return render_template(template, page=page, words_of=words_of)


@bp.get("/notices/bell")
def bell() -> ResponseReturnValue:
    """The bell alone, for the frame of an open page."""
    return render_template("notices/_bell.html")


@bp.post("/notices/<int:notice_id>/opening")
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Go where a notice leads; it counts as read."""
    notice = actions.read(actor(), notice_id)
    return redirect(notice.path or url_for(".index"))


@bp.post("/notices/reading")
def read_all() -> ResponseReturnValue:
    """Mark everything on the list as read."""
    actions.read_all(actor(), **Seen().read_form())
    return redirect(url_for(".index"))


@bp.get("/api/notices")
def latest() -> ResponseReturnValue:
    """The latest notices, or those before the one of id `before`; how many are unread in all."""
    before = Before().read(request.args)["before"]
    chosen = queries.told(actor()).limit(PAGE)
    if before is not None:
        chosen = chosen.where(Notice.id < before)
    notices = NoticeSchema(many=True).dump(db.session.scalars(chosen))
    return jsonify(unread=queries.unread(actor()), notices=notices)


@bp.post("/api/notices/<int:notice_id>/reading")
def read(notice_id: int) -> ResponseReturnValue:
    """Mark one as read; how many are left."""
    actions.read(actor(), notice_id)
    return jsonify(unread=queries.unread(actor()))


@bp.post("/api/notices/reading")
def read_up_to() -> ResponseReturnValue:
    """Mark as read what is not newer than `up_to`; how many are left."""
    actions.read_all(actor(), **Seen().read(request.get_json()))
    return jsonify(unread=queries.unread(actor()))
