"""The outbox: what must be told to whom."""

from flask import Flask

from app.notices import views
from app.notices.channels import channels


def init_app(app: Flask) -> None:
    """Install the channels that this installation has, the bell and the pages."""
    app.register_blueprint(views.bp)
    app.extensions["channels"] = channels(app.config["SETTINGS"])
