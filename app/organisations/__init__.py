"""Alliance, hospitals, campuses and departments (S0-1…4, S1-7)."""

from flask import Flask
from flask_babel import lazy_gettext as _

from app.organisations import api, views
from app.permissions import Permission
from app.web import Entry, add_navigation


def init_app(app: Flask) -> None:
    """Install the pages, their JSON twins and the menu entry."""
    app.register_blueprint(views.bp)
    app.register_blueprint(api.bp)
    add_navigation(
        app,
        Entry(
            _("医院与科室"),
            "organisations.hospitals",
            Permission.ORGANISATION_BROWSE,
            icon="hospital",
            place=60,
            covers=("/departments", "/campuses", "/alliances"),
        ),
    )
