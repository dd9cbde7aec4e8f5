"""The inbox: what waits for whom, and what people do with it."""

from flask import Flask
from flask_babel import lazy_gettext as _

from app.tasks import inbox as inbox  # follows the engine from now on
from app.tasks import queries, views
from app.web import Entry, add_navigation


def init_app(app: Flask) -> None:
    """Install the inbox."""
    app.register_blueprint(views.bp)
    add_navigation(
        app, Entry(_("待办"), "tasks.inbox", icon="inbox", place=10, count=queries.waiting)
    )
