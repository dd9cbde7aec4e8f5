"""Reads a stranger's diagram in a child process, bounded in time and memory."""

from __future__ import annotations

from bpmn.bundle import Bundle, Finding, Vocabulary


def parse_isolated(bundle: Bundle, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Judge an upload. Returns its warnings; raises Refused if it may not be published."""
    raise NotImplementedError
