"""The shape of a form-js form: its components, its fields, its texts in another language.

Knows nothing of answers. Expects a form that `check` has passed.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Component = Mapping[str, Any]

TEXTS = frozenset({"textfield", "textarea"})
SINGLE = frozenset({"radio", "select"})
MULTIPLE = frozenset({"checklist", "taglist"})
# What may steer a process: no free text.
CHOICES = SINGLE | MULTIPLE | {"checkbox", "number", "datetime"}
KEYED = TEXTS | CHOICES
CONTAINERS = frozenset({"group"})
PRESENTATION = frozenset({"text", "separator", "spacer", "button"})

# Properties that hold FEEL: when a field is required, and what must be true of a filled-in field.
EXPRESSIONS = ("required_if", "rule")

# property that holds the translation -> where form-js reads the text
_TRANSLATED = {
    "label": ("label",),
    "description": ("description",),
    "text": ("text",),
    "date_label": ("dateLabel",),
    "time_label": ("timeLabel",),
    "prefix": ("appearance", "prefixAdorner"),
    "suffix": ("appearance", "suffixAdorner"),
    "pattern_message": ("validate", "patternErrorMessage"),
    "rule_message": ("properties", "rule_message"),
}


@dataclass(frozen=True)
class Placed:
    """A component and the hide conditions it stands under, its own last, without the `=`."""

    component: Component
    conditions: tuple[str, ...]

    @property
    def key(self) -> str:
        return str(self.component["key"])


@dataclass(frozen=True)
class Field:
    """What others need to know of one field."""

    key: str
    type: str
    label: str
    label_en: str
    is_choice: bool
    """Its answer may reach the process as a variable; free text may not."""
    is_multiple: bool
    is_required: bool
    values_key: str | None
    """The context name its options come from."""


def fields(form: Mapping[str, Any]) -> list[Field]:
    """All fields of the form in the order they are shown, hidden ones too."""
    return [_field(placed.component) for placed in placed_fields(form)]


def placed_fields(form: Mapping[str, Any]) -> list[Placed]:
    """All components that hold an answer, in the order they are shown."""
    return [placed for placed in walk(form) if placed.component.get("type") in KEYED]


def walk(form: Mapping[str, Any]) -> Iterator[Placed]:
    """Every component, parents first."""
    yield from _walk(form, ())


def label_of(component: Component) -> str:
    """What a person calls this field."""
    return str(component.get("label") or component.get("dateLabel") or component.get("key") or "")


def localised(form: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A copy of the form with its texts in this language.

    Chinese is what the form says. For "en", a component's `properties` may hold `label_en`,
    `description_en`, `text_en`, `date_label_en`, `time_label_en`, `prefix_en`, `suffix_en`,
    `pattern_message_en` and `rule_message_en`, and a static option `label_en`; what is missing
    stays Chinese.
    """
    copy: dict[str, Any] = deepcopy(dict(form))
    if language != "zh":
        for placed in walk(copy):
            _translate(placed.component, language)
    return copy


def expression(value: object) -> str | None:
    """The FEEL text if the value is an expression (`=…`), else None."""
    return value[1:] if isinstance(value, str) and value.startswith("=") else None


def _field(component: Component) -> Field:
    kind = component["type"]
    properties = component.get("properties") or {}
    return Field(
        key=component["key"],
        type=kind,
        label=label_of(component),
        label_en=str(properties.get("label_en") or properties.get("date_label_en") or ""),
        is_choice=kind in CHOICES,
        is_multiple=kind in MULTIPLE,
        is_required=bool((component.get("validate") or {}).get("required")),
        values_key=component.get("valuesKey"),
    )


def _walk(parent: Component, conditions: tuple[str, ...]) -> Iterator[Placed]:
    for component in parent.get("components") or ():
        hide = expression((component.get("conditional") or {}).get("hide"))
        inherited = conditions if hide is None else (*conditions, hide)
        yield Placed(component, inherited)
        yield from _walk(component, inherited)


def _translate(component: Any, language: str) -> None:
    properties = component.get("properties") or {}
    for name, path in _TRANSLATED.items():
        text = properties.get(f"{name}_{language}")
        if text:
            owner = component
            for step in path[:-1]:
                owner = owner.setdefault(step, {})
            owner[path[-1]] = text
    for option in component.get("values") or ():
        if isinstance(option, dict) and option.get(f"label_{language}"):
            option["label"] = option[f"label_{language}"]
