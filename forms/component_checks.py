"""Why one component of a form cannot be used here, whatever stands beside it.

Expects JSON of the right shape (`checking` has looked); means to pass exactly what form-js and
`load` read alike.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError

from bpmn import feel
from forms import patterns
from forms.rules import MAX_LENGTH
from forms.schema import (
    CONTAINERS,
    EXPRESSIONS,
    KEYED,
    MULTIPLE,
    PRESENTATION,
    SINGLE,
    expression,
    label_of,
)
from forms.values import MINUTE_STEPS, field_of, is_scalar

MAX_OPTIONS = 1_000

_NAME = re.compile(
    r"[A-Za-z_\u3400-\u4dbf\u4e00-\u9fff][A-Za-z0-9_\u3400-\u4dbf\u4e00-\u9fff]{0,63}"
)
# FEEL's own words, form-js's names for a condition's surroundings, what JavaScript's objects are
# made of, and what the engine keeps for itself: `typename` bricks a saved instance for ever.
_RESERVED = frozenset(
    {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not"}
    | {"between", "instance", "of", "function", "true", "false", "null"}
    | {"date", "time", "duration", "item", "partial", "this", "parent", "i"}
    | {"constructor", "prototype", "typename"}
)
_RULES: Mapping[str, frozenset[str]] = {
    "textfield": frozenset(
        {"required", "minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"}
    ),
    "textarea": frozenset({"required", "minLength", "maxLength"}),
    "number": frozenset({"required", "min", "max"}),
    **dict.fromkeys(SINGLE | MULTIPLE | {"checkbox", "datetime"}, frozenset({"required"})),
}
_SUBTYPES = ("date", "time", "datetime")
_ZONES = ("utc_offset", "utc_normalized", "no_timezone")
_RAW_HTML = re.compile(r"<\s*[a-zA-Z/!]|javascript:", re.IGNORECASE)
_SHOWN = ("label", "description", "text", "dateLabel", "timeLabel")


@dataclass(frozen=True)
class Problem:
    """One reason why a form is refused. where: the key or id of the component, "" for the form."""

    where: str
    rule: str
    zh: str
    en: str


def problems_of(component: Mapping[str, Any]) -> Iterator[Problem]:
    kind, where = component["type"], where_is(component)
    if kind not in KEYED | CONTAINERS | PRESENTATION:
        zh = f"不支持组件类型“{kind}”。"
        yield Problem(where, "type", zh, f"Components of type {kind!r} are not supported.")
        return
    yield from _texts(component, where)
    yield from _conditional(component, where)
    if kind in CONTAINERS and component.get("path"):
        zh, en = "分组不能有 path：答案是一层的。", "A group has no path: answers are flat."
        yield Problem(where, "path", zh, en)
    if kind == "button" and component.get("action", "submit") not in ("submit", "reset"):
        zh, en = "按钮只能提交或重置。", "A button submits or resets."
        yield Problem(where, "action", zh, en)
    if kind in KEYED:
        yield from _name(component.get("key", ""), where)
        yield from _validate(component, where)
        yield from _settings(component, where)


def _texts(component: Mapping[str, Any], where: str) -> Iterator[Problem]:
    shown = [component.get(name) for name in _SHOWN]
    properties = component.get("properties") or {}
    shown += [text for name, text in properties.items() if name not in EXPRESSIONS]
    if any(isinstance(text, str) and _RAW_HTML.search(text) for text in shown):
        zh, en = "文字中不能有 HTML，请用 Markdown。", "Texts hold no HTML; use Markdown."
        yield Problem(where, "html", zh, en)


def _conditional(component: Mapping[str, Any], where: str) -> Iterator[Problem]:
    conditional = component.get("conditional") or {}
    if set(conditional) - {"hide"}:
        zh, en = "条件只能是 hide。", "The only condition is hide."
        yield Problem(where, "condition", zh, en)
    if conditional.get("hide"):
        yield from _expression(conditional["hide"], where, "hide")
    readonly = component.get("readonly", False)
    if not isinstance(readonly, bool):
        yield from _expression(readonly, where, "readonly")
    if not isinstance(component.get("disabled", False), bool):
        yield _bad_setting(where, "disabled")


def _expression(value: Any, where: str, what: str) -> Iterator[Problem]:
    text = expression(value)
    if text is None:
        zh, en = f"{what} 须以 = 开头。", f"{what} must begin with =."
        yield Problem(where, "expression", zh, en)
        return
    try:
        feel.parse(text)
    except feel.FeelError as fault:
        zh, en = f"{what} 不是有效的 FEEL：{fault.zh}", f"{what} is not FEEL: {fault.en}"
        yield Problem(where, "expression", zh, en)


def _name(key: str, where: str) -> Iterator[Problem]:
    if not _NAME.fullmatch(key):
        zh = f"字段名“{key[:64]}”只能由字母、汉字、数字和下划线组成，且不以数字开头。"
        en = f"The key {key[:64]!r} must be letters, digits and underscores, no digit first."
        yield Problem(where, "name", zh, en)
    elif key in _RESERVED or key.startswith("_"):
        zh, en = f"字段名“{key}”是保留字。", f"The key {key!r} is reserved."
        yield Problem(where, "reserved", zh, en)


def _validate(component: Mapping[str, Any], where: str) -> Iterator[Problem]:
    rules = component.get("validate") or {}
    for name, value in rules.items():
        if name not in _RULES[component["type"]]:
            zh = f"此类字段没有校验规则“{name}”。"
            yield Problem(where, "validate", zh, f"This kind of field has no rule {name!r}.")
        elif not _is_rule(name, value):
            zh, en = f"校验规则 {name} 的值不正确。", f"The value of rule {name} is wrong."
            yield Problem(where, "validate", zh, en)
        elif expression(value) is not None and name in ("min", "max", "minLength", "maxLength"):
            yield from _expression(value, where, name)
    if isinstance(rules.get("pattern"), str):
        yield from _pattern(rules["pattern"], where)


def _is_rule(name: str, value: Any) -> bool:
    if name == "required":
        return isinstance(value, bool)
    if name == "validationType":
        return value in ("", "custom", "email", "phone")
    if name in ("pattern", "patternErrorMessage"):
        return isinstance(value, str)
    if expression(value) is not None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return name in ("min", "max") or (
        isinstance(value, int) and 0 <= value <= MAX_LENGTH["textarea"]
    )


def _pattern(pattern: str, where: str) -> Iterator[Problem]:
    try:
        patterns.compiled(pattern)
    except patterns.Unsupported as fault:
        zh = f"正则表达式不受支持：{fault}"
        yield Problem(where, "pattern", zh, f"The pattern is not supported: {fault}")


def _settings(component: Mapping[str, Any], where: str) -> Iterator[Problem]:
    kind = component["type"]
    if kind in SINGLE | MULTIPLE:
        yield from _options(component, where)
    if kind == "number":
        yield from _number(component, where)
    if kind == "datetime":
        if component.get("subtype", "date") not in _SUBTYPES:
            yield _bad_setting(where, "subtype")
        if component.get("timeSerializingFormat", "no_timezone") not in _ZONES:
            yield _bad_setting(where, "timeSerializingFormat")
        if component.get("timeInterval", 15) not in MINUTE_STEPS:
            yield _bad_setting(where, "timeInterval")
        if not isinstance(component.get("disallowPassedDates", False), bool):
            yield _bad_setting(where, "disallowPassedDates")
    if "defaultValue" in component and not _is_value(component):
        yield _bad_setting(where, "defaultValue")


def _is_value(component: Mapping[str, Any]) -> bool:
    try:
        field_of(component).deserialize(component["defaultValue"])
    except (ValidationError, KeyError, TypeError):  # the latter two: told as another setting
        return False
    return True


def _number(component: Mapping[str, Any], where: str) -> Iterator[Problem]:
    if not _is_count(component.get("decimalDigits", 0), 0, 15):
        yield _bad_setting(where, "decimalDigits")
    increment = component.get("increment", 1)
    if isinstance(increment, bool) or not isinstance(increment, int | float) or increment <= 0:
        yield _bad_setting(where, "increment")
    if component.get("serializeToString"):
        yield _bad_setting(where, "serializeToString")


def _options(component: Mapping[str, Any], where: str) -> Iterator[Problem]:
    sources = [name for name in ("values", "valuesKey", "valuesExpression") if name in component]
    if len(sources) != 1:
        zh = "选项须有且只有一个来源：values、valuesKey 或 valuesExpression。"
        en = "Options have one source: values, valuesKey or valuesExpression."
        yield Problem(where, "options", zh, en)
    if "valuesExpression" in component:
        yield from _expression(component["valuesExpression"], where, "valuesExpression")
    if "valuesKey" in component and not (
        isinstance(component["valuesKey"], str) and _NAME.fullmatch(component["valuesKey"])
    ):
        yield _bad_setting(where, "valuesKey")
    if "values" in component and not _are_options(component["values"]):
        zh = "每个选项要有文字（label）和互不相同的值（value）。"
        yield Problem(where, "options", zh, "Each option needs a label and a value of its own.")


def _are_options(listed: Any) -> bool:
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_OPTIONS:
        return False
    if not all(isinstance(option, Mapping) for option in listed):
        return False
    values = [option.get("value") for option in listed]
    return (
        all(isinstance(option.get("label"), str) and option["label"] for option in listed)
        and all(is_scalar(value) and value != "" for value in values)
        and len({json.dumps(value) for value in values}) == len(values)
    )


def _bad_setting(where: str, name: str) -> Problem:
    zh, en = f"{name} 的值不受支持。", f"This value of {name} is not supported."
    return Problem(where, "setting", zh, en)


def _is_count(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def where_is(component: Mapping[str, Any]) -> str:
    return str(component.get("key") or component.get("id") or label_of(component))[:100]
