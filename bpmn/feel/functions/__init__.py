"""The library of 10.3.4: one page for each family. Importing it fills the table of names."""

from bpmn.feel.functions import (
    booleans,
    contexts,
    conversion,
    lists,
    numbers,
    ranges,
    strings,
    temporals,
)
from bpmn.feel.functions.signature import BUILTINS

NAMES = frozenset(BUILTINS)

__all__ = [
    "BUILTINS",
    "NAMES",
    "booleans",
    "contexts",
    "conversion",
    "lists",
    "numbers",
    "ranges",
    "strings",
    "temporals",
]
