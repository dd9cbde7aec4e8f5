"""Notices as JSON, in the reader's language."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from marshmallow import Schema, fields, pre_dump

from app.notices import texts
from app.notices.models import Notice, State
from app.web import language
from app.web.inputs import Input, Key
from notifications import Way, Words, render


class Seen(Input):
    """How far a list was read: its latest notice, so that none that came later is passed over."""

    up_to = Key(required=True)


class Before(Input):
    """Where the next page of the list goes on."""

    before = Key()


class NoticeSchema(Schema):
    """One notice. path: where it leads on this site, or null."""

    id = fields.Integer()
    title = fields.String()
    text = fields.String()
    template = fields.String()
    path = fields.String()
    is_read = fields.Boolean()
    created_at = fields.AwareDateTime()

    @pre_dump
    def _with_words(self, notice: Notice, **_: Any) -> dict[str, Any]:
        words = words_of(notice)
        return {
            "id": notice.id,
            "title": words.title,
            "text": words.text,
            "template": notice.template,
            "path": notice.path,
            "is_read": notice.state == State.READ,
            "created_at": notice.created_at,
        }


def words_of(notice: Notice) -> Words:
    """Title and text of a notice, as its reader sees it now."""
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    own = texts.of(notice.digest)
    return render(notice.template, notice.params, language(), Way.IN_APP, zone, own)
