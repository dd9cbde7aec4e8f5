"""Auditors search what was done, by whom and when, and see whether it is unbroken (S1-23)."""

from flask import Flask
from flask_babel import lazy_gettext as _

from app.auditing import views
from app.permissions import Permission
from app.web import Entry, add_navigation


def init_app(app: Flask) -> None:
    """Install the auditors' page."""
    app.register_blueprint(views.bp)
    entry = Entry(_("操作日志"), "auditing.index", Permission.AUDIT_READ, icon="audit", place=90)
    add_navigation(app, entry)
