"""Pages on which managers say what applicants are offered."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultations import choosing
from app.errors import Invalid
from app.permissions import Permission, require
from app.processes import queries as processes
from app.studio import schemas, settings
from app.web import actor
from app.web.inputs import form_page

bp = Blueprint("studio_settings", __name__)


@bp.before_request
def _managers_only() -> None:
    require(actor(), Permission.PROCESS_DRAFT)


@bp.route("/studio/<key>/settings", methods=["GET", "POST"])
def process(key: str) -> ResponseReturnValue:
    shown = processes.process(key)

    def submit() -> ResponseReturnValue:
        settings.change_process(actor(), key, **schemas.SettingsInput().read_form())
        flash(_("已保存"), "success")
        return redirect(url_for("studio.index"))

    values = {"name": shown.name, "description": shown.description}
    values["is_open"] = "yes" if shown.is_open else ""
    return form_page("studio/process_settings.html", submit, values, process=shown)


@bp.route("/studio/settings", methods=["GET", "POST"])
def choice() -> ResponseReturnValue:
    """Which process a case follows: by a table, or by the applicant."""
    errors, status = {}, 200
    if request.method == "POST":
        chosen = [one for one in request.files.getlist("file") if one.filename]
        try:
            if not chosen and "remove" not in request.form:
                raise Invalid({"file": _("请选择文件")})
            settings.set_table(actor(), [(one.filename or "", one.read()) for one in chosen])
        except Invalid as error:
            errors, status = error.errors, error.status
        else:
            flash(_("已保存，新的会诊按此选择流程"), "success")
            return redirect(url_for(".choice"))
    page = render_template(
        "studio/choice.html",
        table=settings.table(),
        questions=choosing.questions(),
        offered=choosing.offered(),
        errors=errors,
        decision=choosing.DECISION,
        known=choosing.KNOWN,
    )
    return page, status


@bp.get("/studio/settings/table")
def download() -> ResponseReturnValue:
    """The table in use, or one to begin with."""
    present = settings.table()
    answer = Response(present.xml if present else settings.example(), mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename="choice.dmn")
    return answer
