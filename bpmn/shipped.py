"""The processes that ship with the product, read from bpmn/processes, decisions, notices and forms.

A bundle holds what its diagram names and no more, so that a change to another process's form
makes no new version of this one.
"""

from __future__ import annotations

import json
from pathlib import Path

from bpmn import diagram
from bpmn.bundle import Bundle

ROOT = Path(__file__).resolve().parent.parent
PROCESSES, DECISIONS, FORMS = ROOT / "bpmn/processes", ROOT / "bpmn/decisions", ROOT / "forms"
NOTICES = ROOT / "bpmn/notices"  # the words of a process's own, under its name


def names() -> tuple[str, ...]:
    """The processes there are, by name."""
    return tuple(sorted(path.stem for path in PROCESSES.glob("*.bpmn")))


def bundle(name: str) -> Bundle:
    """A shipped process with its forms, decisions and notices. Raises KeyError for an unknown name.

    A form or decision that is named but missing is left out: the linter says so, by element.
    """
    if name not in names():
        raise KeyError(name)
    process = (PROCESSES / f"{name}.bpmn").read_text("utf-8")
    nodes = diagram.read(diagram.read_xml(process)).nodes.values()
    forms = {node.form_id for node in nodes if node.form_id}
    decisions = {node.decision for node in nodes if node.decision}
    words = _texts(NOTICES, "json", {name})
    return Bundle(
        process,
        {key: json.loads(text) for key, text in _texts(FORMS, "form", forms).items()},
        _texts(DECISIONS, "dmn", decisions),
        {key: value for text in words.values() for key, value in json.loads(text).items()},
    )


def _texts(folder: Path, ending: str, wanted: set[str]) -> dict[str, str]:
    found = {path.stem: path for path in sorted(folder.glob(f"*.{ending}"))}
    return {name: found[name].read_text("utf-8") for name in sorted(wanted & found.keys())}
