"""The product: one folder a feature, put together by create_app."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    accounts,
    auditing,
    cli,
    consultations,
    db,
    notices,
    organisations,
    patients,
    processes,
    records,
    reports,
    rooms,
    studio,
    supervision,
    tasks,
    web,
    wording,
)
from app.assets import init_assets
from app.config import Settings, from_environment
from app.sealing import Sealer
from app.web import counting, limiter

ROOT = Path(__file__).parent.parent
migrate = Migrate()
csrf = CSRFProtect()
FEATURES = (
    wording,
    organisations,
    accounts,
    patients,
    notices,
    processes,
    consultations,
    tasks,
    records,
    reports,
    rooms,
    studio,
    auditing,
    supervision,
)


def create_app(settings: Settings) -> Flask:
    """Build the application. No server, no scheduler and no sockets: wsgi.py adds those."""
    app = Flask(__name__)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    settings.folder.mkdir(parents=True, exist_ok=True)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=_absolute(settings.database),
        # The text of a failed statement goes to the log; what was to be stored does not.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        MAX_CONTENT_LENGTH=settings.upload_bytes,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=settings.absolute_s),
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # app.accounts.sign_in renews it, once a minute
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
        RATELIMIT_STORAGE_URI=settings.redis or counting.URI,
        WTF_CSRF_TIME_LIMIT=None,  # lives as long as the session does
        WTF_CSRF_SSL_STRICT=settings.is_https,
    )
    app.extensions["sealer"] = Sealer(settings.data_key)
    db.init_app(app)
    migrate.init_app(app, db.db, directory=str(ROOT / "migrations"), render_as_batch=True)
    _protect(app, settings)
    web.init_app(app)
    init_assets(app)
    for feature in FEATURES:
        feature.init_app(app)
    cli.init_app(app)
    return app


def make_app() -> Flask:
    """For commands: `flask --app app:make_app ...`. The server starts from wsgi.py."""
    return create_app(from_environment())


def _absolute(url: str) -> str:
    """A relative SQLite path is meant from the product's folder, wherever it was started."""
    prefix = "sqlite:///"
    path = url.removeprefix(prefix)
    if not url.startswith(prefix) or path.startswith("/"):
        return url
    return f"{prefix}{ROOT / path}"


def _protect(app: Flask, settings: Settings) -> None:
    csrf.init_app(app)
    limiter.init_app(app)
    Talisman(
        app,
        force_https=False,  # the proxy's work; without one (demo) there is no TLS to force
        strict_transport_security=settings.is_https,
        session_cookie_secure=settings.is_https,
        content_security_policy={
            "default-src": "'self'",
            "img-src": "'self' data: blob:",
            "media-src": "'self' blob:",
            "font-src": "'self' data:",
            # No script and no style stands inline; bpmn-js and form-js style by the object model.
            "style-src": "'self'",
            "connect-src": "'self' ws: wss:",
            "object-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
        },
        permissions_policy={"camera": "(self)", "microphone": "(self)", "geolocation": "()"},
        referrer_policy="same-origin",
    )
