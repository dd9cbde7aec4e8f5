"""What a bundle must satisfy before it may be published. Finds all faults at once."""

from __future__ import annotations

from bpmn import diagram
from bpmn.bundle import Bundle, Finding, Refused, Vocabulary
from bpmn.lint import clinical, document, expressions, structure, words
from bpmn.lint.case import Case
from bpmn.lint.forms import choices, moments

__all__ = ["choices", "judge", "moments"]


def judge(bundle: Bundle, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """All errors and warnings, in the order of the checks and of the document."""
    try:
        root = diagram.read_xml(bundle.process)
        case = Case(bundle, vocabulary, root, diagram.read(root))
    except Refused as refused:
        return refused.findings
    found = list(document.check(case))
    # Without ids of their own, an element may seem to stand inside itself.
    if not any(one.rule in ("duplicate-id", "no-id") for one in found):
        checks = (structure.check, words.check, expressions.check, clinical.check)
        found += [finding for check in checks for finding in check(case)]
    # A fault that is seen from two sides, or in each of two flows, is one finding.
    return tuple(dict.fromkeys(found))
