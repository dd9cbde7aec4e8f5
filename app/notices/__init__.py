"""The outbox: what must be told to whom."""

from flask import Flask

from app.config import Settings
from notifications import Channel, Way


def init_app(app: Flask) -> None:
    """Install the channels that this installation has."""
    app.extensions["channels"] = _channels(app.config["SETTINGS"])


def _channels(settings: Settings) -> dict[Way, Channel]:
    return {}
