"""Runs the scenarios of a version: which pass, where one differs, and what they leave untried."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from bpmn.parser import Definition
from bpmn.scenario import Scenario
from bpmn.trial import Setting, Trial, play


@dataclass(frozen=True)
class Difference:
    """Where a way leaves the expected one; None: the one or the other has ended there."""

    place: int
    expected: str | None
    entered: str | None


@dataclass(frozen=True)
class Verdict:
    """What became of a scenario."""

    scenario: Scenario
    trial: Trial
    difference: Difference | None

    @property
    def is_passed(self) -> bool:
        return self.trial.problem is None and self.difference is None


@dataclass(frozen=True)
class Coverage:
    """The elements and sequence flows a token came by in some scenario, of all there are."""

    elements: frozenset[str]
    flows: frozenset[str]
    elements_left: tuple[str, ...]
    flows_left: tuple[str, ...]

    @property
    def percent(self) -> int:
        """Of elements and flows together; only what is whole is 100."""
        tried = len(self.elements) + len(self.flows)
        return 100 * tried // max(1, tried + len(self.elements_left) + len(self.flows_left))


def judge(
    definition: Definition, scenarios: Iterable[Scenario], setting: Setting
) -> tuple[tuple[Verdict, ...], Coverage]:
    """Play every scenario."""
    verdicts = tuple(_verdict(definition, one, setting) for one in scenarios)
    return verdicts, _coverage(definition, [one.trial for one in verdicts])


def difference(expected: Iterable[str], entered: Iterable[str]) -> Difference | None:
    """The first place at which two ways differ."""
    for place, (one, other) in enumerate(zip_longest(expected, entered)):
        if one != other:
            return Difference(place, one, other)
    return None


def _verdict(definition: Definition, scenario: Scenario, setting: Setting) -> Verdict:
    trial = play(definition, scenario, setting)
    found = difference(scenario.expected, trial.entered) if scenario.expected else None
    return Verdict(scenario, trial, found)


def _coverage(definition: Definition, trials: Iterable[Trial]) -> Coverage:
    elements: set[str] = set()
    flows: set[str] = set()
    for trial in trials:
        elements.update(trial.entered)
        flows.update(trial.flows)
    diagram = definition.diagram
    return Coverage(
        frozenset(elements),
        frozenset(flows),
        tuple(one for one in diagram.nodes if one not in elements),
        tuple(one.id for one in diagram.flows if one.id not in flows),
    )
