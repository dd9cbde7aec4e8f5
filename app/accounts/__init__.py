"""People: registration and its review, roles, sign-in (S0-5…7, S3-23)."""

from flask import Flask
from flask_babel import lazy_gettext as _

from app.accounts import custom_role_views, demo, people_views, queries, sign_in, views
from app.config import Settings
from app.permissions import Permission
from app.web import Entry, add_navigation


def init_app(app: Flask) -> None:
    """Install sign-in and the pages about people."""
    settings: Settings = app.config["SETTINGS"]
    sign_in.init_app(app)
    views.init_app(app)
    app.register_blueprint(people_views.bp)
    app.register_blueprint(custom_role_views.bp)
    _fill_menu(app)
    if settings.is_demo:
        demo.init_app(app)


def _fill_menu(app: Flask) -> None:
    review, waiting = Permission.PERSON_REVIEW, queries.count_waiting
    define = Permission.ROLE_DEFINE
    add_navigation(app, Entry(_("自定义角色"), "roles.index", define, icon="people", place=63))
    add_navigation(app, Entry(_("人员"), "people.index", review, icon="people", place=70))
    add_navigation(
        app, Entry(_("资料审核"), "people.reviews", review, icon="check", place=71, count=waiting)
    )
