"""What a manager publishes, the words it may use, and the reasons for which it is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

# Names no process variable may have. SpiffWorkflow's own serializer stumbles over `typename` for
# ever; the others are the engine's.
RESERVED = frozenset({"typename", "data_objects", "loopCounter"})


@dataclass(frozen=True)
class Bundle:
    """One version of a process: the diagram with its forms, decisions and words of notices.

    process: BPMN 2.0 XML with exactly one process.
    forms: form id -> form-js schema.
    decisions: decision id -> DMN XML that holds it.
    notices: template -> {"zh": texts, "en": texts}, where they differ from what ships.
    """

    process: str
    forms: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    decisions: Mapping[str, str] = field(default_factory=dict)
    notices: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def digest(self) -> str:
        """SHA-256 in hex of the canonical JSON of the content: the version's identity."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        content: dict[str, Any] = {
            "process": self.process,
            "forms": dict(self.forms),
            "decisions": dict(self.decisions),
        }
        if self.notices:  # what was published without any keeps its digest
            content["notices"] = dict(self.notices)
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# An operation that begins the session, tells people something, or releases the report.
Meaning = Literal["", "session", "notice", "report"]


@dataclass(frozen=True)
class Operation:
    """A service the product offers to diagrams under a name.

    choices: input -> the texts it takes. A text that a diagram computes is known only when it runs.
    notices: the inputs that name a notice, which may be one that the bundle brings.
    examples: output -> what a trial is given for it; FEEL over the inputs if it begins with `=`.
    meaning: what the clinical rules of the linter must know of it.
    """

    name: str
    inputs: frozenset[str] = frozenset()  # required
    optional: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    notices: frozenset[str] = frozenset()
    examples: Mapping[str, str] = field(default_factory=dict)
    meaning: Meaning = ""


@dataclass(frozen=True)
class Vocabulary:
    """The words of the product that a diagram may use.

    records: kind of clinical record -> form keys it needs.
    variables: what the product itself gives every process at its start; no form may write them.
    """

    roles: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()
    operations: Mapping[str, Operation] = field(default_factory=dict)
    records: Mapping[str, frozenset[str]] = field(default_factory=dict)
    statuses: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Finding:
    """One thing a linter has to say about an element, in Chinese and in English.

    An error refuses the diagram; a warning is shown to whoever publishes it.
    """

    element_id: str
    element_name: str
    rule: str
    zh: str
    en: str
    severity: Literal["error", "warning"] = "error"


class Refused(Exception):
    """A bundle that may not be published. Says all that is wrong with it at once."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{one.element_id}: {one.en}" for one in findings))
        self.findings = findings
