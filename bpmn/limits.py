"""What one process may demand of the machine. Each bound is a setting with a default.

Read from the environment once, so that the child processes, which inherit it, hold to the same.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

PREFIX = "HUIZHEN_LIMIT_"


@dataclass(frozen=True)
class Limits:
    """Bounds; `elements` is set by HUIZHEN_LIMIT_ELEMENTS, and so on."""

    diagram_bytes: int = 2_000_000
    decision_bytes: int = 1_000_000
    elements: int = 400  # of a diagram
    expressions: int = 2_000  # of a diagram
    expression_length: int = 10_000  # characters
    expression_steps: int = 100_000  # iterations, calls and items looked at in one evaluation
    loop_steps: int = 2_000  # elements run before a case waits for somebody
    service_rounds: int = 100  # rounds of service calls before a case waits for somebody
    tokens: int = 1_000  # places at which one case waits at the same time
    check_seconds: int = 10  # for reading a stranger's diagram
    check_bytes: int = 1_000_000_000  # of memory for the same


def read(env: Mapping[str, str]) -> Limits:
    """The limits of an environment. Raises ValueError naming the one that is no such number."""
    given = {}
    for one in fields(Limits):
        name = f"{PREFIX}{one.name.upper()}"
        text = env.get(name, "").strip()
        if text and (not text.isascii() or not text.isdigit() or int(text) == 0):
            raise ValueError(f"{name} must be a whole number above 0")
        if text:
            given[one.name] = int(text)
    return Limits(**given)


LIMITS = read(os.environ)
