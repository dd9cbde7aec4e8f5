"""The words of a notice, in the person's language, for the way it goes.

A process version may bring words of its own; the parts it does not bring are those that ship.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path

from notifications.catalogue import PARAMETERS, Kind
from notifications.channel import Way
from notifications.phrases import fill

FOLDER = Path(__file__).parent / "templates"
LANGUAGES = ("zh", "en")
PARTS = ("title", "body", "sms")

Parts = Mapping[str, str]  # title, body and, if it goes to the phone too, sms
Texts = Mapping[str, Mapping[str, Parts]]  # template -> language -> parts


@dataclass(frozen=True)
class Words:
    """What is shown or sent."""

    title: str
    text: str


def render(
    name: str,
    parameters: Mapping[str, str | int],
    language: str,
    way: Way,
    zone: tzinfo,
    own: Texts | None = None,
) -> Words:
    """The words of template `name`; times are told in `zone`. An SMS has its own, short text.

    own: what the version brings under which the notice was told.
    """
    language = language if language in LANGUAGES else LANGUAGES[0]
    parts = parts_of(name, language, own)
    shown = _shown(parameters, language, zone)
    return Words(
        fill(parts["title"], shown), fill(parts["sms" if way is Way.SMS else "body"], shown)
    )


def parts_of(name: str, language: str, own: Texts | None = None) -> dict[str, str]:
    """A template's texts in one language: a version's own before those that ship."""
    brought = (own or {}).get(name, {}).get(language, {})
    return {**shipped(language).get(name, {}), **brought}


@cache
def shipped(language: str) -> Mapping[str, Parts]:
    """All texts of one language that ship, by template."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))


def _shown(parameters: Mapping[str, str | int], language: str, zone: tzinfo) -> dict[str, str]:
    facts = dict(parameters)
    if language == "en":
        facts["task"] = facts.get("task_en") or facts.get("task", "")
    return {
        key: _time(str(value), language, zone) if PARAMETERS[key] is Kind.TIME else str(value)
        for key, value in facts.items()
    }


def _time(moment: str, language: str, zone: tzinfo) -> str:
    local = datetime.fromisoformat(moment).astimezone(zone)
    if language == "en":
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.month}月{local.day}日{local:%H:%M}"
