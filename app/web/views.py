"""Routes that belong to no feature: the front door and the language switch."""

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.web import LANGUAGES, actor, public, safe_target
from app.web.navigation import navigation_for

bp = Blueprint("web", __name__)
YEAR_S = 365 * 24 * 60 * 60


@bp.get("/")
def home() -> ResponseReturnValue:
    """Lead to the first page of the person's own menu where something waits, else to the first."""
    entries = navigation_for(actor())
    waiting = [entry for entry in entries if entry.count and entry.count(actor())]
    first = next(iter(waiting or entries), None)
    return redirect(url_for(first.endpoint if first else "accounts.profile"))


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Keep a language in a cookie and go back to where the switch stood."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise Invalid({"language": chosen})
    answer = redirect(safe_target(request.form.get("next")))
    answer.set_cookie(
        "language",
        chosen,
        max_age=YEAR_S,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer
