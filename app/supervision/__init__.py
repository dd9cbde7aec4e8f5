"""Supervising cases under way: the map, incidents, deeds on one case, moving many."""

from flask import Flask
from flask_babel import lazy_gettext as _

from app.permissions import Permission
from app.supervision import queries, views
from app.web import Entry, add_navigation


def init_app(app: Flask) -> None:
    """Install the pages of supervisors."""
    app.register_blueprint(views.bp)
    entry = Entry(
        _("流程监管"),
        "supervision.index",
        Permission.CONSULTATION_SUPERVISE,
        icon="target",
        place=62,
        count=queries.open_incidents,
    )
    add_navigation(app, entry)
