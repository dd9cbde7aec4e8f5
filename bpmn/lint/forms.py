"""What the linter and the engine must know of a form-js schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Of these the answer is a scalar, or a list of scalars, that the form's author foresaw.
CHOICES = frozenset("select radio checkbox checklist taglist number datetime".split())


def choices(form: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the fields that reach the process by themselves."""
    return frozenset(str(one["key"]) for one in fields(form) if one.get("type") in CHOICES)


def moments(form: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the fields for a date, a time or both."""
    return frozenset(str(one["key"]) for one in fields(form) if one.get("type") == "datetime")


def keys(form: Mapping[str, Any]) -> frozenset[str]:
    """The keys of all fields."""
    return frozenset(str(one["key"]) for one in fields(form))


def fields(form: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The fields that have a key, those in groups included, those in repeated lists not."""
    for component in form.get("components") or ():
        if isinstance(component, Mapping):
            if component.get("key"):
                yield component
            if component.get("type") == "group":
                yield from fields(component)
