"""States of the shipped processes, saved at each of its steps, go on in every later version.

Each folder under states/ is one version: its bundle, and one state for each place where a case
can rest. They are never rewritten. When a shipped process has got new places to rest,

    python -m tests.bpmn.test_saved_states

adds a folder for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bpmn import shipped
from bpmn.bundle import Bundle
from bpmn.engine import Execution
from bpmn.parser import load
from tests.bpmn.diagrams import Driver

FOLDER = Path(__file__).parent / "states"
GIVEN = {"applicant": "7", "consultation": 41}
ANSWERS: dict[str, dict[str, Any]] = {
    "fill_application": {"urgency": "urgent"},
    "review_director": {"decision": "approve"},
    "review_inviting_affairs": {"decision": "approve"},
    "review_invited_affairs": {
        "decision": "approve",
        "expert_department": "12",
        "experts": ["21", "22"],
    },
    "schedule": {"scheduled_at": "2026-03-05T10:00+08:00", "duration_min": 60},
    "session": {"outcome": "held"},
    "write_opinions": {"track": True},
    "sign_report": {"confirm": True},
    "decide_execution": {"decision": "accept"},
    "follow_up": {"efficacy": "better", "readmission": False},
    # of the other processes
    "answer": {"decision": "approve", "expert_department": "12", "experts": ["21", "22"]},
    "accept": {"decision": "approve", "expert_department": "12", "experts": ["21", "22"]},
    "read_images": {"critical": True},
    "check_material": {"decision": "approve"},
    "admit_patient": {"arrived": "yes"},
}


UNSEEN = {"supply_material"}  # the way back for more slides, which these cases do not take


class Case(Driver):
    """A case of a shipped process whose services are answered as they call."""

    @classmethod
    def of(cls, bundle: Bundle) -> Case:
        return cls(load(bundle), **GIVEN)

    @classmethod
    def at(cls, bundle: Bundle, saved: dict[str, Any]) -> Case:
        """A case that goes on from a saved state."""
        case = cls.__new__(cls)
        case.definition, case.restores = load(bundle), True
        case.now = datetime.fromisoformat(saved["now"])
        case.events, case.statuses = [], []
        case.execution = Execution.resume(case.definition, json.dumps(saved["state"]))
        case._after()
        return case

    def go_on(self) -> None:
        """Do the next thing: a task if one is ready, else wait."""
        if self.snapshot.ready:
            task = self.snapshot.ready[0]
            answers = ANSWERS.get(task.element_id, {})
            self.execution.complete(task.id, answers, self.now)
        else:
            assert self.snapshot.wake_at, "nobody can do anything, and nothing will happen"
            self.now = max(self.now, self.snapshot.wake_at)
            self.execution.tick(self.now)
        self._after()

    def _look(self) -> Any:
        while calls := self.execution.calls():
            outputs = {"session_at": calls[0].inputs.get("scheduled_at")}
            is_arranged = calls[0].operation == "arrange_session"
            self.execution.answer(calls[0].id, outputs if is_arranged else {}, self.now)
        return super()._look()


def places(case: Driver) -> dict[str, list[str]]:
    """Where a case rests."""
    snapshot = case.snapshot
    return {
        "ready": sorted(task.element_id for task in snapshot.ready),
        "messages": sorted(snapshot.messages),
        "wake_at": [snapshot.wake_at.isoformat()] if snapshot.wake_at else [],
    }


def walk(bundle: Bundle) -> Iterator[tuple[str, Case]]:
    """A case at each place on its way to the end, with one return for correction."""
    case = Case.of(bundle)
    (first,) = case.ready()
    yield f"00-{first}", case
    case.complete(first, **ANSWERS[first])
    (second,) = case.ready()
    case.complete(second, decision="return")
    yield "01-returned", case
    for number in range(2, 100):
        case.go_on()
        if case.is_finished:
            yield f"{number:02}-end", case
            return
        name = "+".join(sorted(set(case.ready()))) or "waiting"
        yield f"{number:02}-{name}", case
    raise AssertionError("the case does not come to its end")


SAVED = [path for path in sorted(FOLDER.glob("*/*.json")) if path.name != "bundle.json"]


def bundle_of(folder: Path) -> Bundle:
    return Bundle(**json.loads((folder / "bundle.json").read_text("utf-8")))


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_saved_state_stands_where_it_stood_and_goes_on_to_the_end(path):
    saved = json.loads(path.read_text("utf-8"))
    case = Case.at(bundle_of(path.parent), saved)

    assert places(case) == saved["places"]
    assert case.is_finished == saved["is_finished"]
    for _ in range(100):
        if case.is_finished:
            break
        case.go_on()
    assert case.is_finished


@pytest.mark.parametrize("name", shipped.names())
def test_a_state_is_saved_for_every_task_of_a_shipped_process(name):
    definition = load(shipped.bundle(name))
    tasks = {node.id for node in definition.diagram.nodes.values() if node.kind == "userTask"}
    seen = {
        element
        for path in SAVED
        for element in json.loads(path.read_text("utf-8"))["places"]["ready"]
        if load(bundle_of(path.parent)).diagram.process_id == name
    }

    missing = tasks - seen - UNSEEN
    assert not missing, "run: python -m tests.bpmn.test_saved_states"


def save(bundle: Bundle) -> Path:
    """Keep a version and its states. What is kept already stays as it is."""
    folder = FOLDER / bundle.digest()[:12]
    if folder.exists():
        return folder
    folder.mkdir(parents=True)
    _write(folder / "bundle.json", asdict(bundle))
    for name, case in walk(bundle):
        saved = {
            "now": case.now.isoformat(),
            "places": places(case),
            "is_finished": case.is_finished,
            "state": json.loads(case.snapshot.state),
        }
        _write(folder / f"{name}.json", saved)
    return folder


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    for name in shipped.names():
        print(save(shipped.bundle(name)))
