"""The words of a notice, in the person's language, for the way it goes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.catalogue import PARAMETERS, Kind
from notifications.channel import Way

FOLDER = Path(__file__).parent / "templates"
LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Words:
    """What is shown or sent."""

    title: str
    text: str


environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def render(
    name: str, parameters: Mapping[str, str | int], language: str, way: Way, zone: tzinfo
) -> Words:
    """The words of template `name`; times are told in `zone`. An SMS has its own, short text."""
    language = language if language in LANGUAGES else LANGUAGES[0]
    texts = load(language)[name]
    body = texts["sms"] if way is Way.SMS else texts["body"]
    shown = {key: _shown(key, parameters.get(key), language, zone) for key in PARAMETERS}
    return Words(
        environment.from_string(texts["title"]).render(shown),
        environment.from_string(body).render(shown),
    )


@cache
def load(language: str) -> Mapping[str, Mapping[str, str]]:
    """All texts of one language: template name -> title, body and, if it is urgent, sms."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))


def _shown(name: str, value: str | int | None, language: str, zone: tzinfo) -> str | int | None:
    if value is None or PARAMETERS[name] is not Kind.TIME:
        return value
    local = datetime.fromisoformat(str(value)).astimezone(zone)
    if language == "en":
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.month}月{local.day}日{local:%H:%M}"
