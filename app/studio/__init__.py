"""The process studio: managers draft, propose and sign what a process shall be."""

from flask import Flask
from flask_babel import lazy_gettext as _

from app.permissions import Permission
from app.studio import comparison_views, table_views, trial_views, views
from app.web import Entry, add_navigation


def init_app(app: Flask) -> None:
    """Install the pages and the API of the studio."""
    app.register_blueprint(views.bp)
    app.register_blueprint(comparison_views.bp)
    app.register_blueprint(trial_views.bp)
    app.register_blueprint(table_views.bp)
    entry = Entry(_("流程设计"), "studio.index", Permission.PROCESS_READ, icon="process", place=61)
    add_navigation(app, entry)
