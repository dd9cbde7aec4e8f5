"""病历资料 uploaded with an application: JPEG, PNG and PDF."""

from flask import Flask

from app.records import views


def init_app(app: Flask) -> None:
    """Install the pages about papers."""
    app.register_blueprint(views.bp)
