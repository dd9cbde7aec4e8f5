"""Reads a stranger's diagram in a child process, bounded in time and memory.

The child is `python -m bpmn.isolation`: bundle and vocabulary go in as JSON, findings come out.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bpmn.bundle import Bundle, Finding, Operation, Refused, Vocabulary
from bpmn.parser import parse

SECONDS = 10
MEMORY = 1_000_000_000  # bytes of address space

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
    findings = _ask(_message(bundle, vocabulary), seconds)
    if any(one.severity == "error" for one in findings):
        raise Refused(findings)
    return findings


def _ask(message: str, seconds: float) -> tuple[Finding, ...]:
    try:
        child = subprocess.run(
            [sys.executable, "-m", "bpmn.isolation"],
            input=message,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            cwd=Path(__file__).parent.parent,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return (TOO_MUCH,)
    return tuple(Finding(**one) for one in json.loads(child.stdout))


def _message(bundle: Bundle, vocabulary: Vocabulary) -> str:
    words = asdict(vocabulary)
    return json.dumps({"bundle": asdict(bundle), "vocabulary": words}, default=sorted)


def _read(message: dict[str, Any]) -> tuple[Bundle, Vocabulary]:
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
            examples=one["examples"],
        )
        for name, one in words["operations"].items()
    }
    return Bundle(**message["bundle"]), Vocabulary(**words)


def _judge() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    bundle, vocabulary = _read(json.load(sys.stdin))
    try:
        findings = parse(bundle, vocabulary).warnings
    except Refused as refused:
        findings = refused.findings
    json.dump([asdict(one) for one in findings], sys.stdout)


if __name__ == "__main__":
    _judge()
