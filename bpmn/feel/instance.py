"""Is a value of a type? For `instance of` and for the parameters of functions."""

from bpmn.feel.tree import Type
from bpmn.feel.values import Function, Range, Value, kind


def is_a(value: Value, type_: Type) -> bool:
    """Null is of type Null only."""
    if type_.name == "Any":
        return value is not None
    if type_.name == "Null":
        return value is None
    if type_.name == "function":
        return isinstance(value, Function)
    return kind(value) == type_.name and _arguments_fit(value, type_)


def fits(value: Value, type_: Type) -> bool:
    """May a value be given where this type is asked for? Null may, everywhere."""
    return value is None or is_a(value, type_)


def _arguments_fit(value: Value, type_: Type) -> bool:
    if not type_.arguments:
        return True
    if type(value) is list:
        return all(fits(item, type_.arguments[0]) for item in value)
    if type(value) is dict:
        entries = zip(type_.entries, type_.arguments, strict=True)
        return all(name in value and fits(value[name], inner) for name, inner in entries)
    if type(value) is Range:
        return all(fits(end, type_.arguments[0]) for end in (value.low, value.high))
    return True
