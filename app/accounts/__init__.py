"""People: registration and its review, roles, sign-in (S0-5…7, S3-23)."""

from flask import Flask

from app.accounts import demo, sign_in, views
from app.config import Settings


def init_app(app: Flask) -> None:
    """Install sign-in and the pages about people."""
    settings: Settings = app.config["SETTINGS"]
    sign_in.init_app(app)
    views.init_app(app)
    if settings.is_demo:
        demo.init_app(app)
