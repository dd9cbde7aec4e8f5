"""The case 会诊: application, participants, engine state, timeline."""

from flask import Flask
from flask_babel import lazy_gettext as _

from app.consultations import operations as operations  # registers what diagrams may call
from app.consultations import options as options
from app.consultations import records as records
from app.consultations import views
from app.web import Entry, add_navigation


def init_app(app: Flask) -> None:
    """Install the pages of cases."""
    app.register_blueprint(views.bp)
    entry = Entry(_("会诊记录"), "consultations.history", icon="history", place=20)
    add_navigation(app, entry)
