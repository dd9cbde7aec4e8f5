"""What every page and route shares: who asks, in which language, and how refusals are shown."""

import re
from collections.abc import Callable
from typing import Any, Literal, TypeVar, cast

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    has_request_context,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_babel import lazy_gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.config import Mode
from app.db import SAFE_METHODS
from app.errors import (
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    TooMany,
    Unauthenticated,
    payload,
)
from app.permissions import Actor, Permission, allows
from app.web import navigation, translations
from app.web.navigation import Entry, add_navigation

__all__ = ["Entry", "add_navigation"]

log = structlog.get_logger()
View = TypeVar("View", bound=Callable[..., Any])
Language = Literal["zh", "en"]
LANGUAGES = {"zh": "中文", "en": "English"}
_PUBLIC = "_is_public"
_UNREVIEWED = "_is_for_unreviewed"
_AWAY = "is_database_away"  # in flask.g
_TRICKS = re.compile(r"[\\\x00-\x20\x7f]")
# By person where one is signed in: a hospital's people share one address.
limiter = Limiter(key_func=lambda: _asker(), default_limits=["1200/minute"])


def public(view: View) -> View:
    """Let a view be seen by somebody who is not signed in. Every other view is refused."""
    setattr(view, _PUBLIC, True)
    return view


def for_unreviewed(view: View) -> View:
    """Let a view be used by somebody signed in whose registration is not approved (S0-6)."""
    setattr(view, _UNREVIEWED, True)
    return view


def actor() -> Actor:
    """Whoever is signed in. Raises Unauthenticated."""
    if not current_user.is_authenticated:
        raise Unauthenticated
    return cast(Actor, current_user._get_current_object())


def may(permission: str, subject: Any = None) -> bool:
    """For templates: whether whoever is signed in may do it. The action asks again."""
    return someone_is_signed_in() and allows(actor(), Permission(permission), subject)


def language() -> Language:
    """The language of this request: the cookie, else the person's own, else the browser's.

    Chinese where there is no request: in jobs and commands.
    """
    if not has_request_context():
        return "zh"
    own = current_user.language if someone_is_signed_in() else None
    chosen = request.cookies.get("language") or own
    if chosen not in LANGUAGES:
        chosen = request.accept_languages.best_match(["zh", "en"])
    return "en" if chosen == "en" else "zh"


def _asker() -> str:
    return f"person:{actor().actor_id}" if current_user.is_authenticated else get_remote_address()


def is_api() -> bool:
    """Whether the answer is JSON rather than a page."""
    return request.path.startswith("/api/")


def someone_is_signed_in() -> bool:
    """Whether it is known who asks; while the database is away, nobody is known."""
    return not is_database_away() and bool(current_user.is_authenticated)


def is_database_away() -> bool:
    """Whether this request failed because the database does not answer."""
    return bool(g.get(_AWAY))


def safe_target(address: str | None) -> str:
    """Where to go next: the address if it is a path of this site, else the front door."""
    path = address or ""
    # Browsers read a backslash as a slash and skip control characters: //evil, /\\evil, /\t/evil.
    if path.startswith("/") and not path.startswith("//") and not _TRICKS.search(path):
        return path
    return url_for("web.home")


def flash_refusal(error: DomainError) -> None:
    """Say on the next page why something was refused: per field where there are fields.

    Raises what a person may not do or know of on, to be shown as such and logged.
    """
    if isinstance(error, Forbidden | NotFound):
        raise error
    texts = list(error.errors.values()) if isinstance(error, Invalid) and error.errors else []
    for text in texts or [error.message]:
        flash(str(text), "error")


def init_app(app: Flask) -> None:
    """Install languages, the menu, the guards that refuse by default, and the error handlers."""
    from app.web import styleguide, views  # their routes use the guards above

    translations.compile_stale()
    Babel(app, locale_selector=language, default_locale="zh")
    navigation.init_app(app)
    app.register_blueprint(views.bp)
    if app.config["SETTINGS"].mode is not Mode.PRODUCTION:
        app.register_blueprint(styleguide.bp)
    app.context_processor(_chrome)
    app.jinja_env.globals.update(language=language, languages=LANGUAGES, may=may)
    app.before_request(_read_body_first)
    app.before_request(_refuse_strangers)
    app.after_request(_keep_private)
    app.register_error_handler(DomainError, show)
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(OperationalError, _show_busy)


def _read_body_first() -> None:
    # A slow client must not hold the database's write lock while its body trickles in.
    request.get_data(cache=True, parse_form_data=True)


def _refuse_strangers() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None  # no such page: 404 says so
    view = current_app.view_functions[request.endpoint]
    if getattr(view, _PUBLIC, False):
        return None
    if current_user.is_authenticated:
        return _hold_back_unreviewed(view)
    if is_api() or request.method not in SAFE_METHODS:
        raise Unauthenticated
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))


def _hold_back_unreviewed(view: Callable[..., Any]) -> ResponseReturnValue | None:
    if current_user.is_approved or getattr(view, _UNREVIEWED, False):
        return None
    if is_api() or request.method not in SAFE_METHODS:
        raise Forbidden
    return redirect(url_for("accounts.waiting"))


def _chrome() -> dict[str, Any]:
    """What the frame of every page shows."""
    # When the database is away, the page that says so must not ask it who is signed in.
    person = current_user if someone_is_signed_in() else None
    return {
        "language_url": url_for("web.choose_language"),
        "current_person": person,
        "navigation": navigation.menu(actor()) if person and person.is_approved else [],
    }


def _keep_private(response: Response) -> Response:
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def show(error: DomainError) -> ResponseReturnValue:
    """A refusal as the answer to this request: a page, or JSON."""
    if isinstance(error, Forbidden | Unauthenticated):
        log.warning("refused", code=error.code, path=request.path, method=request.method)
    if is_api():
        return jsonify(payload(error)), error.status
    return make_response(render_template("error.html", error=error), error.status)


_BY_STATUS = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: NotFound,
    413: TooLarge,
    429: TooMany,
}


def _show_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error  # a redirect
    kind = _BY_STATUS.get(error.code or 500)
    shown = kind() if kind else _Unreadable() if (error.code or 500) < 500 else _Broken()
    return show(shown)


def _show_busy(error: OperationalError) -> ResponseReturnValue:
    setattr(g, _AWAY, True)
    log.error("database unavailable", error=str(error.orig))
    return show(_Busy())


class _Unreadable(DomainError):
    code, status = "unreadable", 400
    message = _("请求的内容无法识别，请刷新页面后重试")


class _Broken(DomainError):
    code, status = "broken", 500
    message = _("系统出现故障，已经记录。您填写的内容没有丢失，请稍后再试")


class _Busy(DomainError):
    code, status = "busy", 503
    message = _("系统繁忙，请稍后再试")
