"""What is in force and what was before: versions of diagram, forms, decisions and notices."""

from flask import Flask

from app.processes import views
from app.processes.queries import Tampered


def init_app(app: Flask) -> None:
    """Install the pages of versions."""
    app.register_blueprint(views.bp)
    app.register_error_handler(Tampered, views.refuse_tampered)
