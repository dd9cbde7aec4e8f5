"""What a live room keeps: membership, strokes, chat."""

from flask import Flask

from app.rooms import operations as operations  # registers what diagrams may call
from app.rooms import views


def init_app(app: Flask) -> None:
    """Install the room's page and its door on the page of the case."""
    app.register_blueprint(views.bp)
