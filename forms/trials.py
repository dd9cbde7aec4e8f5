"""Plays a draft's scenarios with its own forms. Run as a child process: `python -m forms.trials`.

In: bundle and vocabulary (bpmn.isolation.message), `language`, `transitions` of a case's status,
kinds of record `remembered`, `options` by list, `variables` the product gives each case, and one
`scenario` or several `scenarios`. Out: {findings} that keep the draft from being played, {bad} if
the scenario is none, else {trial}, or {verdicts, coverage}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import forms
from bpmn import scenario, verdicts
from bpmn.bundle import Refused
from bpmn.child import answer
from bpmn.engine import ElementEvent, Wait
from bpmn.isolation import read
from bpmn.parser import Definition, parse
from bpmn.scenario import BadScenario, Scenario
from bpmn.trial import Answered, AnswersRefused, Open, Problem, Setting, Trial, play
from bpmn.verdicts import Coverage, Verdict

JSON = dict[str, Any]


def said(message: Mapping[str, Any]) -> JSON:
    """What the child has to say. Expects forms that `forms.check` has passed."""
    bundle, vocabulary = read(dict(message))
    try:
        definition = parse(bundle, vocabulary)
    except Refused as refused:
        return {"findings": [vars(one) for one in refused.findings]}
    options, language = message["options"], message["language"]

    def load(
        form: str, answers: Mapping[str, Any], before: Mapping[str, Any], now: datetime
    ) -> Any:
        opened_with = {**before, **_options(bundle.forms[form], options)}
        try:
            return forms.load(bundle.forms[form], answers, opened_with, language=language, now=now)
        except forms.Invalid as invalid:
            raise AnswersRefused(invalid.errors) from invalid

    setting = Setting(
        vocabulary.operations,
        {status: frozenset(following) for status, following in message["transitions"].items()},
        frozenset(message["remembered"]),
        load,
    )
    told = _Told(definition, options, language)

    def read_one(document: object) -> Scenario:
        found = scenario.read(document)
        return replace(found, variables={**message["variables"], **found.variables})

    if "scenario" in message:
        try:
            return {"trial": told.trial(play(definition, read_one(message["scenario"]), setting))}
        except BadScenario as bad:
            return {"bad": told.bad(bad)}
    return _judged(definition, message["scenarios"], read_one, setting, told)


def _judged(
    definition: Definition,
    documents: Sequence[Any],
    read_one: Callable[[object], Scenario],
    setting: Setting,
    told: _Told,
) -> JSON:
    """A verdict for each scenario in turn; one that cannot be read has failed too."""
    sound: list[Scenario] = []
    bad: dict[int, JSON] = {}
    for place, document in enumerate(documents):
        try:
            sound.append(read_one(document))
        except BadScenario as fault:
            bad[place] = told.unread(document, fault)
    found, coverage = verdicts.judge(definition, sound, setting)
    rest = iter(found)
    said = [
        bad[place] if place in bad else told.verdict(next(rest)) for place in range(len(documents))
    ]
    return {"verdicts": said, "coverage": told.coverage(coverage)}


def _options(form: Mapping[str, Any], options: Mapping[str, Any]) -> JSON:
    wanted = {field.values_key for field in forms.fields(form) if field.values_key}
    return {name: options[name] for name in wanted & options.keys()}


class _Told:
    """What is told of trials, in one language."""

    def __init__(self, definition: Definition, options: Mapping[str, Any], language: str) -> None:
        self._definition, self._options, self._language = definition, options, language
        self._labels = {one["value"]: one["label"] for all_ in options.values() for one in all_}

    def trial(self, trial: Trial) -> JSON:
        return {
            "at": trial.at.isoformat(),
            "status": trial.status,
            "is_finished": trial.is_finished,
            "ready": [self._ready(one) for one in trial.ready],
            "waits": [self._wait(one) for one in trial.waits],
            "standing": list(trial.standing),
            "variables": dict(trial.variables),
            "path": [self._event(one) for one in trial.path if one.kind != "completed"],
            "entered": list(trial.entered),
            "flows": sorted(trial.flows),
            "calls": [self._call(one) for one in trial.calls],
            "problem": self._problem(trial.problem),
        }

    def verdict(self, verdict: Verdict) -> JSON:
        found, trial = verdict.difference, verdict.trial
        return {
            "name": verdict.scenario.name,
            "is_passed": verdict.is_passed,
            "is_finished": trial.is_finished,
            "entered": list(trial.entered),
            "problem": self._problem(trial.problem),
            "difference": found
            and {
                "place": found.place,
                "expected": self._named(found.expected),
                "entered": self._named(found.entered),
            },
        }

    def unread(self, document: Any, fault: BadScenario) -> JSON:
        problem = Problem("scenario", -1, "", fault.zh, fault.en)
        return {
            "name": str(document.get("name", "")),
            "is_passed": False,
            "is_finished": False,
            "entered": [],
            "problem": self._problem(problem),
            "difference": None,
        }

    def bad(self, fault: BadScenario) -> str:
        return fault.en if self._language == "en" else fault.zh

    def coverage(self, coverage: Coverage) -> JSON:
        return {
            "percent": coverage.percent,
            "elements": sorted(coverage.elements),
            "flows": sorted(coverage.flows),
            "elements_left": [self._named(one) for one in coverage.elements_left],
            "flows_left": [self._flow(one) for one in coverage.flows_left],
        }

    def _ready(self, waiting: Open) -> JSON:
        task = waiting.task
        return {
            **self._at(task.element_id),
            "roles": list(task.roles),
            "side": task.side,
            "item": task.item,
            "item_label": self._labels.get(str(task.item), task.item),
            "inputs": dict(task.inputs),
            "due_at": task.due_at and task.due_at.isoformat(),
            "form": task.form_id and self._form(task.form_id, waiting),
        }

    def _form(self, form_id: str, waiting: Open) -> JSON:
        form = self._definition.bundle.forms[form_id]
        return {
            "id": form_id,
            "schema": forms.localised(form, self._language),
            "data": {**waiting.before, **_options(form, self._options)},
        }

    def _wait(self, wait: Wait) -> JSON:
        due = wait.due_at and wait.due_at.isoformat()
        return {**self._at(wait.element_id), "due_at": due, "message": wait.message}

    def _event(self, event: ElementEvent) -> JSON:
        return {**self._at(event.element_id), "kind": event.kind, "at": event.at.isoformat()}

    def _call(self, call: Answered) -> JSON:
        return {
            **self._at(call.element_id),
            "step": call.step,
            "operation": call.operation,
            "inputs": dict(call.inputs),
            "outputs": dict(call.outputs),
            "is_scripted": call.is_scripted,
            "error": call.error,
        }

    def _problem(self, problem: Problem | None) -> JSON | None:
        if problem is None:
            return None
        return {
            **self._at(problem.element_id),
            "kind": problem.kind,
            "step": problem.step,
            "text": problem.en if self._language == "en" else problem.zh,
            "errors": dict(problem.errors),
        }

    def _named(self, element: str | None) -> JSON | None:
        return None if element is None else self._at(element)

    def _at(self, element: str) -> JSON:
        node = self._definition.diagram.nodes.get(element)
        name = "" if node is None else (self._language == "en" and node.name_en) or node.name
        return {"element": element, "name": name or element}

    def _flow(self, flow_id: str) -> JSON:
        flow = next(one for one in self._definition.diagram.flows if one.id == flow_id)
        source, target = self._at(flow.source)["name"], self._at(flow.target)["name"]
        return {"element": flow_id, "name": flow.name, "source": source, "target": target}


if __name__ == "__main__":
    answer(said)
