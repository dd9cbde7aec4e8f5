"""Which fields a person sees for given answers, and what FEEL in the form can read.

Follows form-js: a condition sees every variable the form was opened with and the answers of fields
that are not hidden; a hidden field counts with the value it was opened with. form-js reads a hide
condition as a unary test of null, so null hides as well as true.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import ValidationError

from bpmn import feel
from bpmn.feel.tree import Call, Name, Node
from forms.schema import Placed, placed_fields
from forms.schema import expression as expression_in
from forms.values import JSON, empty_value, field_of


@dataclass(frozen=True)
class Scope:
    """One state of a form, all conditions decided."""

    opened: Mapping[str, Any]
    """What the form was opened with: the context, and a value for each field."""
    data: Mapping[str, Any]
    """The same with the answers over it, of hidden fields too."""
    variables: Mapping[str, Any]
    """What FEEL reads: without the answers of hidden fields."""
    visible: tuple[Placed, ...]
    now: datetime
    """What `now()` and `today()` in FEEL mean, and what is past."""

    def resolved(self, value: Any) -> Any:
        """The value, or what its FEEL gives if it is an expression."""
        text = expression_in(value)
        if text is None:
            return value
        try:
            return feel.to_json(feel.evaluate(text, self.variables, now=self.now))
        except TypeError:  # a range or a function
            return None


def look(
    form: Mapping[str, Any], answers: Mapping[str, JSON], context: Mapping[str, Any], now: datetime
) -> Scope:
    """Decide what is visible; answers: typed, any subset of the form's fields; now: aware."""
    placed = placed_fields(form)
    opened = opened_with(placed, context)
    data = {**opened, **answers}
    hidden = {field.key for field in placed if is_hidden(field.conditions, data, now)}
    shown = {key: value for key, value in data.items() if key not in hidden}
    variables = {**opened, **shown}
    visible = tuple(field for field in placed if not is_hidden(field.conditions, variables, now))
    return Scope(opened, data, variables, visible, now)


def opened_with(placed: Iterable[Placed], context: Mapping[str, Any]) -> dict[str, Any]:
    """The context and for each field its value there, else its default, else the empty value."""
    return dict(context) | {field.key: _first_value(field, context) for field in placed}


def is_hidden(conditions: Iterable[str], variables: Mapping[str, Any], now: datetime) -> bool:
    return any(_hides(condition, variables, now) for condition in conditions)


def _hides(condition: str, variables: Mapping[str, Any], now: datetime) -> bool:
    expression = feel.parse(condition)
    result = expression.evaluate(variables, now=now)
    if result is None:
        # As a unary test, `not(…)` turns the verdict, not the value.
        return not _is_negation(expression.tree)
    return result is True


def _is_negation(tree: Node) -> bool:
    return isinstance(tree, Call) and tree.function == Name("not")


def _first_value(field: Placed, context: Mapping[str, Any]) -> JSON:
    component = field.component
    empty = empty_value(component)
    if field.key not in context:
        return component.get("defaultValue", empty)  # type: ignore[no-any-return]  # JSON
    try:
        value = field_of(component).deserialize(context[field.key])
    except ValidationError:
        return empty
    return empty if value is None else value
