"""What forms and JSON bodies may hold: marshmallow fields that refuse in the person's language."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from marshmallow import Schema, ValidationError, fields, missing

from app.errors import Invalid

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]")
MESSAGES = {
    "required": _("请填写"),
    "null": _("请填写"),
    "invalid": _("内容格式不正确"),
    "unknown": _("不接受这一项"),
}


class Input(Schema):
    """Anything that is not declared is refused, so that no field can be set by forging one."""

    error_messages = MESSAGES

    def read(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The typed values. Raises Invalid with one message per field."""
        try:
            loaded: dict[str, Any] = self.load(data)
        except ValidationError as error:
            found = dict(error.messages_dict)
            raise Invalid({str(name): _first(each) for name, each in found.items()}) from error
        return loaded

    def read_form(self) -> dict[str, Any]:
        """The typed values of the form that was sent. Raises Invalid."""
        form = request.form
        return self.read(
            {
                name: form.getlist(name) if name in self._lists else form[name]
                for name in form
                if name != "csrf_token"
            }
        )

    @property
    def _lists(self) -> set[str]:
        return {name for name, field in self.fields.items() if isinstance(field, fields.List)}


def _first(found: Any) -> Any:
    while isinstance(found, dict):
        found = next(iter(found.values()))
    return found[0] if isinstance(found, list) else found


class _Spoken(fields.Field[Any]):
    """A field whose refusals are translated when they are raised."""

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        return ValidationError(str(MESSAGES.get(key, MESSAGES["invalid"])))


class Text(_Spoken):
    """Trimmed text in NFC without control characters; empty counts as missing if required."""

    def __init__(
        self,
        longest: int,
        *,
        required: bool = False,
        pattern: re.Pattern[str] | None = None,
        message: Any = None,
    ) -> None:
        super().__init__(required=required, load_default=missing if required else "")
        self.longest, self.pattern, self.message = longest, pattern, message

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        text = unicodedata.normalize("NFC", value).replace("\r\n", "\n").strip()
        if self.required and not text:
            raise self.make_error("required")
        if len(text) > self.longest:
            raise ValidationError(str(_("最多 %(count)s 个字", count=self.longest)))
        if _CONTROL.search(text) or (text and self.pattern and not self.pattern.fullmatch(text)):
            raise ValidationError(str(self.message or MESSAGES["invalid"]))
        return text


class Password(_Spoken):
    """Taken exactly as typed or pasted (ASVS 6.2.7, 6.2.8)."""

    def __init__(self) -> None:
        super().__init__(required=True)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if not value:
            raise self.make_error("required")
        return value


class Phone(Text):
    """A telephone number as people write it: digits, blanks and hyphens."""

    def __init__(self, *, required: bool = False) -> None:
        message = _("请填写电话号码，只含数字、空格和连字符")
        super().__init__(30, required=required, pattern=PHONE, message=message)


class Choice(_Spoken):
    """One value of a vocabulary."""

    def __init__(self, vocabulary: type[StrEnum], *, required: bool = True) -> None:
        super().__init__(required=required)
        self.vocabulary = vocabulary

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> StrEnum:
        try:
            return self.vocabulary(value)
        except ValueError:
            raise self.make_error("required" if value == "" else "invalid") from None


class Key(_Spoken):
    """The number of a row; empty is None unless required."""

    def __init__(self, *, required: bool = False) -> None:
        super().__init__(required=required, load_default=missing if required else None)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | None:
        if value == "":
            if self.required:
                raise self.make_error("required")
            return None
        if not re.fullmatch(r"[0-9]{1,9}", str(value)):
            raise self.make_error("invalid")
        return int(value)


class Tick(_Spoken):
    """A checkbox: a browser sends nothing when it is not ticked."""

    def __init__(self) -> None:
        super().__init__(load_default=False)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value in {True, False}:
            return bool(value)
        if value != "yes":
            raise self.make_error("invalid")
        return True


def form_page(
    template: str,
    submit: Callable[[], ResponseReturnValue],
    values: Mapping[str, Any] | None = None,
    **context: Any,
) -> ResponseReturnValue:
    """Show a form; when it is sent, submit it, or show it again with what is wrong (422)."""
    if request.method != "POST":
        return render_template(template, values=values or {}, errors={}, **context)
    try:
        return submit()
    except Invalid as error:
        sent = list(request.form)  # in the order of the page
        names = sorted(error.errors, key=lambda name: sent.index(name) if name in sent else -1)
        errors = {name: error.errors[name] for name in names}
        shown = render_template(template, values=request.form, errors=errors, **context)
        return shown, error.status
