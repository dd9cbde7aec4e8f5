"""Opinions, the joint report and its signature, and what came of it."""

from flask import Flask

from app.reports import records as records  # offers its kinds and operations to diagrams
from app.reports import views


def init_app(app: Flask) -> None:
    """Install the report's page."""
    app.register_blueprint(views.bp)
