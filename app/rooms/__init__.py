"""What a live room keeps: membership, strokes, chat."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Install the room's page and what diagrams may ask of a room."""
    from app.rooms import operations, views  # noqa: F401 - operations register themselves

    app.register_blueprint(views.bp)
