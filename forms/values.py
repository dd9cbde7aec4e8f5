"""What each kind of field can hold at all: JSON in, JSON value out.

The fields refuse what no browser running form-js could have sent (a forged type, a date that is
none); whether the value is a good answer is for `rules`. Faults travel in marshmallow's
ValidationError as a list of `Fault`.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from marshmallow import fields as ma

from forms.messages import Fault
from forms.schema import MULTIPLE, TEXTS, Component

JSON = str | int | float | bool | list[Any] | None

MAX_CHOSEN = 500
_YEARS = range(1000, 9999)  # at the ends of the calendar a zone cannot be changed
MINUTE_STEPS = (1, 5, 10, 15, 30, 60)
_ZONES = {"utc_normalized": "Z", "utc_offset": r"[+-]\d{2}:\d{2}", "no_timezone": ""}


def field_of(component: Component) -> ma.Field[Any]:
    """The marshmallow field that reads an answer to this component."""
    kind = component["type"]
    if kind == "datetime":
        return Moment(component, allow_none=True)
    return _FIELDS[kind](allow_none=True)


def empty_value(component: Component) -> JSON:
    """What form-js holds for a field nobody has filled in."""
    if component["type"] in TEXTS:
        return ""
    if component["type"] in MULTIPLE:
        return []
    return False if component["type"] == "checkbox" else None


def is_scalar(value: object) -> bool:
    return isinstance(value, str | bool | int) or (
        isinstance(value, float) and math.isfinite(value)
    )


def same(one: object, other: object) -> bool:
    """Equality of JavaScript for scalars: 1 is 1.0, but neither True nor "1"."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


class Text(ma.Field[str]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise refusal("type")
        return value


class Number(ma.Field[int | float]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int | float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise refusal("type")
        if isinstance(value, int):
            return value
        if not math.isfinite(value):
            raise refusal("not_a_number")
        return int(value) if value.is_integer() else value  # JSON of a browser writes 5, not 5.0


class Checkbox(ma.Field[bool]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise refusal("type")
        return value


class Choice(ma.Field[Any]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> JSON:
        if not is_scalar(value):
            raise refusal("type")
        return value  # type: ignore[no-any-return]  # is_scalar has looked


class Choices(ma.Field[list[Any]]):
    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > MAX_CHOSEN:
            raise refusal("type")
        if not all(is_scalar(item) for item in value):
            raise refusal("type")
        if any(same(item, other) for n, item in enumerate(value) for other in value[:n]):
            raise refusal("type")
        return value


class Moment(ma.Field[str]):
    """A date, a time of day or both, exactly as form-js writes it; stays text."""

    def __init__(self, component: Component, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.subtype = component.get("subtype", "date")
        zone_format = component.get("timeSerializingFormat", "no_timezone")
        zone = _ZONES[zone_format]
        # In UTC the minutes say nothing of the clock on the wall.
        self.step_minutes = 1 if zone_format == "utc_normalized" else minute_step(component)
        form = {
            "date": r"\d{4}-\d{2}-\d{2}",
            "time": rf"\d{{2}}:\d{{2}}{zone}",
            "datetime": rf"\d{{4}}-\d{{2}}-\d{{2}}T\d{{2}}:\d{{2}}{zone}",
        }
        self.form = re.compile(form[self.subtype], re.ASCII)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise refusal("type")
        code = "time" if self.subtype == "time" else "date"
        if not self.form.fullmatch(value):
            raise refusal(code)
        try:
            moment = read_moment(value, self.subtype)
        except ValueError as fault:
            raise refusal(code) from fault
        if self.subtype != "date" and (moment.hour * 60 + moment.minute) % self.step_minutes:
            raise refusal("interval", value=str(self.step_minutes))
        return value


def read_moment(value: str, subtype: str) -> datetime:
    """The moment a well-formed answer means; a time alone is put on an arbitrary day.

    Naive when the answer carries no zone. Raises ValueError if there is no such date or time.
    """
    if subtype == "time":
        return datetime.fromisoformat(f"2000-01-01T{value}")
    moment = datetime.fromisoformat(value)
    if moment.year not in _YEARS:
        raise ValueError(f"year {moment.year}")
    return moment


def minute_step(component: Component) -> int:
    """The step of the time picker, to which form-js rounds whatever is typed."""
    step = component.get("timeInterval")
    return step if step in MINUTE_STEPS else 15


def refusal(code: str, **named: str) -> ValidationError:
    return ValidationError([Fault(code, named)])


def faults_in(error: ValidationError) -> list[Fault]:
    """What `refusal` put in."""
    return [fault for fault in error.messages if isinstance(fault, Fault)]


_FIELDS: Mapping[str, type[ma.Field[Any]]] = {
    "textfield": Text,
    "textarea": Text,
    "number": Number,
    "checkbox": Checkbox,
    "radio": Choice,
    "select": Choice,
    "checklist": Choices,
    "taglist": Choices,
}
