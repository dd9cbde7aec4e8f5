"""The process studio: managers draft, propose and sign what a process shall be."""

from flask import Flask
from flask_babel import lazy_gettext as _

from app.permissions import Actor, Permission, allows
from app.studio import (
    comparison_views,
    pack_views,
    proposal_views,
    queries,
    settings_views,
    table_views,
    trial_evidence,  # noqa: F401 - what it registers is shown to whoever signs
    trial_views,
    views,
)
from app.web import Entry, add_navigation


def init_app(app: Flask) -> None:
    """Install the pages and the API of the studio."""
    for each in (
        views,
        comparison_views,
        pack_views,
        proposal_views,
        settings_views,
        table_views,
        trial_views,
    ):
        app.register_blueprint(each.bp)
    entry = Entry(
        _("流程管理"),
        "studio.index",
        Permission.PROCESS_READ,
        icon="process",
        place=60,
        count=_count_to_sign,
        covers=("/processes",),
    )
    add_navigation(app, entry)


def _count_to_sign(actor: Actor) -> int:
    return queries.count_to_sign(actor) if allows(actor, Permission.PROCESS_PUBLISH) else 0
