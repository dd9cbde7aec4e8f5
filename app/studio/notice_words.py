"""The texts of notices as the editor of a process shows them: what ships, and how they read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import lazy_gettext as _

import notifications
from app.studio.words import NOTICES
from app.web import language
from notifications import OF_CASE, TEMPLATES, Template, Texts, Way, render
from notifications.catalogue import IN_SMS
from notifications.checking import AT_MOST, LONGEST, MOST_SMS_PARTS
from notifications.length import parts
from notifications.phrases import fill
from notifications.texts import LANGUAGES, parts_of

# What the product itself tells, whatever the diagram says; the others go where a task sends them.
SENT = {
    "task-assigned": _("任务交给某人办理时"),
    "delegated": _("任务被转交给同事时"),
    "signer-added": _("有人请同事加签时"),
    "urged": _("申请方催办时"),
}
PLACEHOLDERS = {
    "number": (_("会诊编号"), _("例如 HZ20260305-0007，总是已知")),
    "task": (_("步骤名"), _("流程图中步骤的名称；英文通知用其英文名。不能用于短信")),
    "at": (_("会诊时间"), _("约定的会诊时间；排期之前未知")),
    "due_at": (_("办理时限"), _("任务应在何时前完成；没有时限的步骤未知")),
    "days": (_("天数"), _("会诊结束后的天数，用于随访")),
}
_SAMPLE: Mapping[str, str | int] = {
    "number": "HZ20260305-0007",
    "task": "安排会诊时间",
    "task_en": "Arrange the session",
    "days": 30,
}
_AT, _DUE_AT = datetime(2026, 3, 6, 9, 30), datetime(2026, 3, 5, 18)  # noqa: DTZ001 - zoned below


def listed() -> dict[str, Any]:
    """Every notice about a case with the texts that ship, and what texts may speak of."""
    return {
        "templates": [_listed(one) for name, one in TEMPLATES.items() if name in OF_CASE],
        "own": _facts(notifications.template("", {"": {}})),
        "placeholders": [
            {"name": name, "label": str(label), "hint": str(hint), "in_sms": name in IN_SMS}
            for name, (label, hint) in PLACEHOLDERS.items()
        ],
        "limits": {**LONGEST, "sms_parts": MOST_SMS_PARTS},
    }


def _listed(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "label": str(NOTICES[template.name]),
        "sent": str(SENT.get(template.name, "")),
        "texts": {reader: parts_of(template.name, reader) for reader in LANGUAGES},
        **_facts(template),
    }


def _facts(template: Template) -> dict[str, list[str]]:
    """What the texts of a template may speak of, and what of that is not always known."""
    shown = template.placeholders
    return {
        "placeholders": list(shown),
        "unsure": [name for name in shown if name not in template.needs],
    }


def preview(name: str, texts: Mapping[str, Any]) -> dict[str, Any]:
    """How a notice reads with texts of a version, on an invented case, and what is wrong.

    `whole`: everything is known; `bare`: only what always is. Texts without the shape of such
    texts give problems alone.
    """
    own = {name: texts}
    problems = notifications.check(own)
    is_shaped = not any(one.rule == "notice-shape" for one in problems)
    return {
        "problems": [_problem(one) for one in problems],
        "languages": {one: _reading(name, own, one) for one in LANGUAGES} if is_shaped else {},
    }


def _problem(one: notifications.Problem) -> dict[str, str]:
    return {
        "language": one.language,
        "part": one.part,
        "rule": one.rule,
        "severity": one.severity,
        "text": one.en if language() == "en" else one.zh,
    }


def _reading(name: str, own: Texts, reader: str) -> dict[str, Any]:
    parts_now = dict.fromkeys(("title", "body"), "") | parts_of(name, reader, own)
    written = {part: text[: LONGEST[part]] for part, text in parts_now.items()}
    facts = _sample()
    needed = {key: facts[key] for key in notifications.template(name, own).needs}
    return {
        "whole": _words(name, written, reader, facts),
        "bare": _words(name, written, reader, needed),
        "sms": _size(written["sms"], reader) if "sms" in written else None,
    }


def _words(
    name: str, written: dict[str, str], reader: str, facts: Mapping[str, str | int]
) -> dict[str, str]:
    """Title, text and, if there is one, SMS: by the renderer that words what is sent."""
    ways = {"body": Way.IN_APP} | ({"sms": Way.SMS} if "sms" in written else {})
    own, zone = {name: {reader: written}}, _zone()
    told = {part: render(name, facts, reader, way, zone, own) for part, way in ways.items()}
    return {"title": told["body"].title} | {part: words.text for part, words in told.items()}


def _size(text: str, reader: str) -> dict[str, int]:
    """How long an SMS can get: with the longest facts there are."""
    longest = fill(text, AT_MOST[reader])
    return {"characters": len(longest), "parts": parts(longest)}


def _sample() -> dict[str, str | int]:
    zone = _zone()
    at, due_at = (moment.replace(tzinfo=zone).isoformat() for moment in (_AT, _DUE_AT))
    return {**_SAMPLE, "at": at, "due_at": due_at}


def _zone() -> ZoneInfo:
    return ZoneInfo(current_app.config["SETTINGS"].time_zone)
