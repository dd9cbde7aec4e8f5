"""Processes a manager publishes: versions of diagram, forms and decisions."""

from flask import Flask
from flask_babel import lazy_gettext as _

from app.permissions import Permission
from app.processes import views
from app.web import Entry, add_navigation


def init_app(app: Flask) -> None:
    """Install the pages of process managers."""
    app.register_blueprint(views.bp)
    entry = Entry(
        _("流程管理"), "processes.index", Permission.PROCESS_READ, icon="process", place=60
    )
    add_navigation(app, entry)
