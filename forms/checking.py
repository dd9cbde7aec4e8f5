"""Why a form cannot be published here, each reason in Chinese and English.

Takes any JSON: an uploaded form is as untrusted as an answer. What passes means the same to form-js
in the browser and to `load` on the server.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bpmn import feel
from forms.common_feel import Kind, Uncommon, kinds, must_be_common
from forms.component_checks import Problem, problems_of, where_is
from forms.schema import EXPRESSIONS, KEYED, expression

MAX_FORM_BYTES = 200_000
MAX_COMPONENTS = 300
MAX_DEPTH = 5
MAX_MESSAGE = 200


def check(form: object) -> list[Problem]:
    """All reasons why this form cannot be published; empty if it can."""
    problem = _outline(form)
    if problem or not isinstance(form, Mapping):
        return [problem or _NO_FORM]
    components = list(_walk(form, ()))
    found = [problem for component, _ in components for problem in problems_of(component)]
    bare = [component for component, _ in components]
    return found + _keys(bare) + _chains(components) + list(_rules(bare))


_NO_FORM = Problem("", "shape", "这不是 form-js 表单。", "This is no form of form-js.")


def _outline(form: object) -> Problem | None:
    if not isinstance(form, Mapping) or form.get("type") != "default" or "components" not in form:
        return _NO_FORM
    try:
        size = len(json.dumps(form, ensure_ascii=False).encode("utf-8"))
    except (ValueError, TypeError, RecursionError):  # a lone surrogate is a ValueError too
        return Problem("", "shape", "表单不是有效的 JSON。", "The form is not valid JSON.")
    if size > MAX_FORM_BYTES:
        limit = MAX_FORM_BYTES // 1000
        return Problem("", "size", f"表单超过 {limit} kB。", f"The form is over {limit} kB.")
    try:
        count = sum(1 for _ in _walk(form, ()))
    except _Misshapen as fault:
        return Problem("", "shape", f"表单结构不正确：{fault}", f"The form is misshapen: {fault}")
    if count > MAX_COMPONENTS:
        return Problem(
            "", "size", f"组件超过 {MAX_COMPONENTS} 个。", f"Over {MAX_COMPONENTS} components."
        )
    return None


class _Misshapen(Exception):
    """Not nested as form-js nests."""


_Conditions = tuple[str, ...]


def _walk(
    parent: Any, conditions: _Conditions, depth: int = 0
) -> Iterator[tuple[Mapping[str, Any], _Conditions]]:
    if not isinstance(parent, Mapping) or depth > MAX_DEPTH:
        raise _Misshapen(f"depth {depth}")
    children = parent.get("components", [])
    if not isinstance(children, list):
        raise _Misshapen("components")
    for child in children:
        _must_be_well_formed(child)
        hide = expression((child.get("conditional") or {}).get("hide"))
        inherited = conditions if hide is None else (*conditions, hide)
        yield child, inherited
        yield from _walk(child, inherited, depth + 1)


def _must_be_well_formed(component: Any) -> None:
    if not isinstance(component, Mapping):
        raise _Misshapen("component")
    for name in ("validate", "conditional", "properties", "appearance", "layout"):
        if not isinstance(component.get(name) or {}, Mapping):
            raise _Misshapen(name)
    if not isinstance(component.get("type"), str) or not isinstance(component.get("key", ""), str):
        raise _Misshapen("type, key")


def _keys(components: list[Mapping[str, Any]]) -> list[Problem]:
    seen: set[str] = set()
    found: list[Problem] = []
    for component in components:
        key = component.get("key")
        if component["type"] in KEYED and key:
            if key in seen:
                zh, en = f"字段名“{key}”重复。", f"The key {key!r} is used twice."
                found.append(Problem(key, "duplicate", zh, en))
            seen.add(key)
    ids = [component["id"] for component in components if "id" in component]
    if not all(isinstance(each, str) for each in ids) or len(set(ids)) < len(ids):
        found.append(Problem("", "duplicate", "组件 id 重复。", "Two components have the same id."))
    return found


def _chains(components: list[tuple[Mapping[str, Any], _Conditions]]) -> list[Problem]:
    """Refuse what reads a field that is hidden by a field that is itself hidden by a third.

    form-js decides such chains with answers it does not send, so the server could not follow it.
    """
    reads = {
        component["key"]: _names(conditions)
        for component, conditions in components
        if component["type"] in KEYED and component.get("key")
    }
    conditional = {key for key, names in reads.items() if names & reads.keys()}
    chained = {key for key in conditional if reads[key] & conditional}
    found = []
    for component, conditions in components:
        if _names((*conditions, *_computed(component))) & chained:
            zh = "它依赖的字段由条件显示，而该条件又依赖另一个有条件的字段：最多两层。"
            en = (
                "It reads a field whose own condition reads a conditional field: two steps at most."
            )
            found.append(Problem(where_is(component), "chain", zh, en))
    return found


def _rules(components: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """Refuse rules that are not FEEL, or that the browser could read in another way."""
    readable = kinds([each for each in components if each["type"] in KEYED and each.get("key")])
    for component in components:
        properties = component.get("properties") or {}
        where = where_is(component)
        for name in EXPRESSIONS:
            if name in properties:
                yield from _rule(name, properties[name], component, readable)
        message = properties.get("rule_message", "")
        if not isinstance(message, str) or len(message) > MAX_MESSAGE:
            zh = f"规则的说明须为不超过 {MAX_MESSAGE} 字的文字。"
            en = f"The message of a rule is text of at most {MAX_MESSAGE} characters."
            yield Problem(where, "rule_message", zh, en)


def _rule(
    name: str, value: object, component: Mapping[str, Any], readable: Mapping[str, Kind]
) -> Iterator[Problem]:
    where, text = where_is(component), expression(value)
    zh, en = _CALLED[name]
    if component["type"] not in KEYED:
        yield Problem(where, name, f"只有字段可以有{zh}。", f"Only fields have a {en}.")
    elif text is None:
        yield Problem(where, name, f"{zh}须以 = 开头。", f"The {en} must begin with =.")
    else:
        try:
            must_be_common(text, readable)
        except feel.FeelError as fault:
            not_zh, not_en = f"{zh}不是有效的 FEEL：{fault.zh}", f"The {en} is not FEEL: {fault.en}"
            yield Problem(where, name, not_zh, not_en)
        except Uncommon as fault:
            yield Problem(where, name, f"{zh}：{fault.zh}。", f"The {en}: {fault.en}.")


_CALLED = {"required_if": ("必填条件", "condition of required"), "rule": ("规则", "rule")}


def _computed(component: Mapping[str, Any]) -> tuple[str, ...]:
    rules, properties = component.get("validate") or {}, component.get("properties") or {}
    texts = [*rules.values(), component.get("valuesExpression")]
    texts += [properties.get(name) for name in EXPRESSIONS]
    return tuple(text for text in map(expression, texts) if text is not None)


def _names(texts: _Conditions) -> frozenset[str]:
    names: set[str] = set()
    for text in texts:
        try:
            read = feel.parse(text)
            names |= read.names() | read.possible_names()
        except feel.FeelError:
            continue  # told by _expression
    return frozenset(names)
