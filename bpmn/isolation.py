"""Reads a stranger's diagram in a child process, bounded in time and memory.

The child runs this module: bundle and vocabulary go in as JSON, findings come out.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bpmn.bundle import Bundle, Finding, Operation, Refused, Vocabulary
from bpmn.child import SECONDS, TooMuch, answer, ask
from bpmn.parser import parse

TOO_MUCH = Finding(
    "",
    "",
    "too-much",
    "读取这个流程图超出了时间或内存限制",
    "reading this diagram took too much time or memory",
)


def parse_isolated(
    bundle: Bundle, vocabulary: Vocabulary, seconds: float = SECONDS
) -> tuple[Finding, ...]:
    """Judge an upload. Returns its warnings; raises Refused if it may not be published."""
    try:
        told = ask("bpmn.isolation", message(bundle, vocabulary), seconds)
        findings = tuple(Finding(**one) for one in told)
    except TooMuch:
        findings = (TOO_MUCH,)
    if any(one.severity == "error" for one in findings):
        raise Refused(findings)
    return findings


def message(bundle: Bundle, vocabulary: Vocabulary) -> dict[str, Any]:
    """A bundle and the words it may use, for a child to `read`."""
    return {"bundle": asdict(bundle), "vocabulary": asdict(vocabulary)}


def read(message: dict[str, Any]) -> tuple[Bundle, Vocabulary]:
    """What `message` made."""
    words: dict[str, Any] = {
        name: frozenset(value) if isinstance(value, list) else value
        for name, value in message["vocabulary"].items()
    }
    words["records"] = {kind: frozenset(keys) for kind, keys in words["records"].items()}
    words["operations"] = {
        name: Operation(
            name,
            inputs=frozenset(one["inputs"]),
            optional=frozenset(one["optional"]),
            outputs=frozenset(one["outputs"]),
            choices={key: frozenset(texts) for key, texts in one["choices"].items()},
            notices=frozenset(one["notices"]),
            examples=one["examples"],
            meaning=one["meaning"],
        )
        for name, one in words["operations"].items()
    }
    return Bundle(**message["bundle"]), Vocabulary(**words)


def _judge(message: dict[str, Any]) -> list[dict[str, Any]]:
    bundle, vocabulary = read(message)
    try:
        findings = parse(bundle, vocabulary).warnings
    except Refused as refused:
        findings = refused.findings
    return [asdict(one) for one in findings]


if __name__ == "__main__":
    answer(_judge)
