"""What a draft holds, everywhere the same JSON. Looks at its shape; checks judge the meaning."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _

from app.errors import Invalid, TooLarge
from app.studio.uploads import DEEPEST, is_nested_deeper
from bpmn.bundle import Bundle
from bpmn.diagram import LARGEST_XML

LARGEST = 5_000_000  # bytes of a whole content as JSON
MOST = 200  # forms, decisions, notices, scenarios each
_ID = re.compile(r"[\w.-]{1,64}")
LANGUAGES = frozenset({"zh", "en"})


@dataclass(frozen=True)
class Content:
    """A process as a manager edits it.

    diagram: BPMN XML. forms: id -> form-js schema. decisions: id -> DMN XML. notices: template ->
    {"zh": {…}, "en": {…}}. scenarios: plays kept as tests; they are beside the bundle.
    """

    diagram: str = ""
    forms: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    scenarios: tuple[dict[str, Any], ...] = ()

    def bundle(self) -> Bundle:
        """What the engine and the linter read."""
        return Bundle(self.diagram, self.forms, self.decisions, self.notices)

    def json(self) -> dict[str, Any]:
        """As it is kept and sent."""
        return asdict(self) | {"scenarios": list(self.scenarios)}

    def with_part(self, part: Mapping[str, Any]) -> "Content":
        """The same with some members replaced. Raises Invalid, TooLarge."""
        return read(self.json() | dict(_object(part, "content")))


def of_bundle(bundle: Bundle, scenarios: list[Any]) -> Content:
    """The content of a published version."""
    return Content(bundle.process, bundle.forms, bundle.decisions, bundle.notices, tuple(scenarios))


def read(data: object) -> Content:
    """A content out of JSON that came from outside. Raises Invalid naming the member, TooLarge."""
    given = _object(data, "content")
    for name in given.keys() - _READERS.keys():
        raise Invalid({str(name)[:64]: _("不接受这一项")})
    if is_nested_deeper(given, DEEPEST + 2):
        raise Invalid({"content": _("内容嵌套太深")})
    try:  # neither NaN nor half of a character is JSON that a database keeps
        size = len(json.dumps(given, ensure_ascii=False, allow_nan=False).encode())
    except ValueError:
        raise _wrong("content") from None
    if size > LARGEST:
        raise TooLarge(_("内容太大：上限 %(limit)s 字节", limit=LARGEST))
    members: dict[str, Any] = {name: _READERS[name](value) for name, value in given.items()}
    return Content(**members)


def _diagram(value: object) -> str:
    return _text(value, "diagram")


def _forms(value: object) -> dict[str, dict[str, Any]]:
    return {key: _object(form, "forms") for key, form in _members(value, "forms").items()}


def _decisions(value: object) -> dict[str, str]:
    return {key: _text(text, "decisions") for key, text in _members(value, "decisions").items()}


def _notices(value: object) -> dict[str, dict[str, Any]]:
    notices = _members(value, "notices")
    for told in notices.values():
        for language, texts in _object(told, "notices").items():
            if language not in LANGUAGES:
                raise _wrong("notices")
            for text in _object(texts, "notices").values():
                _text(text, "notices")
    return notices


def _scenarios(value: object) -> tuple[dict[str, Any], ...]:
    if not isinstance(value, list) or len(value) > MOST:
        raise _wrong("scenarios")
    return tuple(_object(one, "scenarios") for one in value)


_READERS: dict[str, Callable[[object], Any]] = {
    "diagram": _diagram,
    "forms": _forms,
    "decisions": _decisions,
    "notices": _notices,
    "scenarios": _scenarios,
}


def _members(value: object, member: str) -> dict[str, Any]:
    found = _object(value, member)
    if len(found) > MOST or not all(_ID.fullmatch(key) for key in found):
        raise _wrong(member)
    return found


def _object(value: object, member: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(member)
    return value


def _text(value: object, member: str) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise _wrong(member)
    if len(value.encode()) > LARGEST_XML:
        raise TooLarge(_("内容太大：上限 %(limit)s 字节", limit=LARGEST_XML))
    return value


def _wrong(member: str) -> Invalid:
    return Invalid({member: _("内容格式不正确")})
