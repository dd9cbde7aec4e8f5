"""Moves a case from one version of its process to another, or says in words why it cannot.

Whether a case can move depends on where its tokens stand. It may, if each of them finds its place,
if from there every way still comes to an end, and if nothing is read that nobody gave. What is
done on its behalf on the way, a new timer begun, an old one dropped, is said as a default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bpmn import standing, state
from bpmn.bundle import Finding
from bpmn.diagram import Node
from bpmn.environment import enter
from bpmn.parser import Definition
from bpmn.reads import Operations, Reading, Readings
from bpmn.run import Run, Stuck
from bpmn.soundness import Token, always_ends, is_join
from bpmn.specs import UserTask
from bpmn.specs.activities import person_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from bpmn.standing import Place


@dataclass(frozen=True)
class Move:
    """What becomes of one case. state: None if it cannot move.

    findings: errors say why not, warnings what is done on its behalf. missing: the variables for
    which a value would have to be set.
    """

    state: str | None
    findings: tuple[Finding, ...]
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Migration:
    """The way from one definition to another, for any number of cases.

    mapping: element of the source -> element of the target, where they differ; what has the same
    id is the same element. values: what variables are set to where a case has none of that name.
    operations: the outputs of the product's services.
    """

    source: Definition
    target: Definition
    mapping: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    operations: Operations = field(default_factory=dict)

    def problems(self) -> tuple[Finding, ...]:
        """What is wrong with the mapping itself, whichever case it is for."""
        return tuple(self._problems())

    def move(self, state_text: str, now: datetime) -> Move:
        """Try it on a case; nothing of the given state is changed. Raises state.BadState."""
        old = state.load(self.source, state_text)
        old.now = now
        places = standing.places(old)
        findings = [*self.problems(), *self._judge(old, places)]
        if any(one.severity == "error" for one in findings):
            missing = frozenset(one.variable for one in self._unfed(old, places))
            return Move(None, tuple(findings), missing)
        variables = {**self.values, **old.variables}
        new = Run(self.target, variables, now)
        try:
            planter = standing.Planter(new, new)
            for place in standing.read(old):
                planter.keep(place, self._names)
            self._renew(new, places)
        except Stuck as stuck:
            return Move(None, (*findings, _stuck(stuck)))
        state.prune(new)
        return Move(state.dump(new), tuple(findings))

    @cached_property
    def _names(self) -> standing.Names:
        return standing.Names(self.mapping)

    @cached_property
    def _sound(self) -> dict[tuple[Token, ...], bool | None]:
        """Many cases stand at the same places."""
        return {}

    @cached_property
    def _readings(self) -> tuple[Readings, Readings]:
        return Readings(self.source, self.operations), Readings(self.target, self.operations)

    @property
    def _news(self) -> Mapping[str, Node]:
        return self.target.diagram.nodes

    def _here(self, node: Node) -> Node | None:
        """The element of the target that stands for one of the source."""
        return self._news.get(self._names.element(node.id))

    def _problems(self) -> Iterator[Finding]:
        olds, news = self.source.diagram.nodes, self.target.diagram.nodes
        for old_id, new_id in self.mapping.items():
            old, new = olds.get(old_id), news.get(new_id)
            if old is None or new is None:
                yield _blocked(
                    old or Node(old_id, "", old_id, None),
                    "unknown-element",
                    f"对应关系“{old_id} → {new_id}”中的元素不存在",
                    f"the mapping {old_id!r} to {new_id!r} names an element that does not exist",
                )
            elif old.kind != new.kind:
                yield _blocked(
                    old,
                    "other-kind",
                    f"与新版的“{new.name or new.id}”不是同一类元素，不能对应",
                    f"is of another kind than {new.name or new.id!r} of the new version",
                )

    def _judge(self, old: Run, places: list[Place]) -> Iterator[Finding]:
        if not places:
            yield Finding("", "", "over", "流程已经结束", "the case is over")
        seats = list(self._seats(places))
        yield from seats
        if any(one.severity == "error" for one in seats):
            return
        for workflow in standing.levels(old):
            yield from self._ends(standing.read(workflow))
        yield from self._variables(old, places)

    def _seats(self, places: Iterable[Place]) -> Iterator[Finding]:
        """Whether each token finds its element, and what of it is another than before."""
        for place in places:
            old, new = place.node, self._here(place.node)
            if new is None:
                yield _blocked(
                    old,
                    "gone",
                    "新版中没有这一步，请指定它对应新版的哪一步",
                    "the new version has no such step; say which of its steps stands for it",
                )
                continue
            yield from self._same(old, new)
            yield from self._arrivals(place, new)
            yield from self._guards(place, new)
            yield from self._changes(old, new)

    def _same(self, old: Node, new: Node) -> Iterator[Finding]:
        if old.kind != new.kind or _waits_for(old) != _waits_for(new):
            yield _blocked(
                old,
                "other-kind",
                "在新版中是另一类元素，或等待的是另一件事",
                "is another kind of element in the new version, or waits for something else",
            )
        if self._holder(old) != new.parent:
            yield _blocked(
                old,
                "other-scope",
                "在新版中移入或移出了子流程",
                "has moved into or out of a sub-process in the new version",
            )
        if _times(old) != _times(new):
            yield _blocked(
                old,
                "other-instances",
                "在新版中由几个人办理、同时还是依次办理有变化，正在办理的无法对应",
                "is done by one or by many, at once or in turn, otherwise than before",
            )

    def _holder(self, node: Node) -> str | None:
        return None if node.parent is None else self._names.element(node.parent)

    def _arrivals(self, place: Place, new: Node) -> Iterator[Finding]:
        sources = {one.source for one in self.target.diagram.incoming.get(new.id, ())}
        come = {self._names.element(one) for one in place.came_from}
        if not come <= sources or (come and not is_join(self.target.diagram, new.id)):
            yield _blocked(
                place.node,
                "other-join",
                "已有分支到达这个汇合点，新版中这些分支不再在此汇合",
                "branches have arrived at this join that do not meet here in the new version",
            )

    def _guards(self, place: Place, new: Node) -> Iterator[Finding]:
        """Boundary events that come and go; what waits, waits on."""
        boundaries = {one.id: one for one in self.target.diagram.boundaries.get(new.id, ())}
        kept = set()
        for guard in place.guards:
            old = guard.task_spec.node
            here = boundaries.get(self._names.element(old.id))
            if here is None:
                yield _default(
                    old,
                    "boundary-gone",
                    f"“{place.node.name}”上不再有这个边界事件，移入后不再等待",
                    f"no longer stands on {place.node.name!r} and is dropped",
                )
            elif _waits_for(here) != _waits_for(old) or here.is_interrupting != old.is_interrupting:
                yield _blocked(
                    old,
                    "other-kind",
                    "边界事件等待的事情或是否中断有变化，正在等待的无法对应",
                    "the boundary event waits for something else, or interrupts otherwise",
                )
            kept.add(self._names.element(old.id))
        # One that was there and does not wait has fired, and does not repeat.
        kept |= {self._names.element(one.id) for one in self._boundaries(place.node)}
        for name in sorted(boundaries.keys() - kept):
            if boundaries[name].trigger and not place.came_from:
                yield _default(
                    boundaries[name],
                    "boundary-new",
                    f"“{new.name}”上新增的边界事件从移入时起算",
                    f"is new on {new.name!r} and counts from the moment of the move",
                )

    def _boundaries(self, node: Node) -> tuple[Node, ...]:
        return self.source.diagram.boundaries.get(node.id, ())

    def _changes(self, old: Node, new: Node) -> Iterator[Finding]:
        if self._is_renewed(old, new):
            yield _default(
                old,
                "people-changed",
                "办理人、时限或优先级的规则有变化，按新版重新计算",
                "who does it, until when or how urgently is worked out by the new version",
            )
        if old.kind == "userTask" and self._form(self.source, old) != self._form(self.target, new):
            yield _default(
                old,
                "form-changed",
                "表单有变化，办理人将看到新版表单",
                "the form has changed; whoever does it will see the new one",
            )
        if old.inputs != new.inputs and old.kind in ("userTask", "serviceTask", "sendTask"):
            yield _default(
                old,
                "inputs-changed",
                "输入映射有变化，按新版重新计算",
                "its inputs are worked out by the new version",
            )

    @staticmethod
    def _form(definition: Definition, node: Node) -> Any:
        return definition.bundle.forms.get(node.form_id or "")

    @staticmethod
    def _is_renewed(old: Node, new: Node) -> bool:
        return old.kind == "userTask" and _people(old) != _people(new)

    def _ends(self, places: list[Place]) -> Iterator[Finding]:
        """Whether the tokens of one level still come to an end, whatever is decided."""
        is_sound = self._is_sound(self.target, places, self._names)
        if is_sound:
            return
        if is_sound is None or self._is_sound(self.source, places, standing.SAME) is not False:
            yield _blocked(
                places[0].node,
                "no-end",
                "从这里在新版中不一定走得到结束：会在汇合处一直等待不会到来的分支",
                "in the new version the case might never end from here: it would wait at a join "
                "for a branch that does not come",
            )
        else:
            yield _default(
                places[0].node,
                "no-end-before",
                "从这里在旧版和新版中都不一定走得到结束",
                "the case might never end from here, in the new version as in the old",
            )

    def _is_sound(
        self, definition: Definition, places: list[Place], names: standing.Names
    ) -> bool | None:
        found = [token for place in places for token in place.tokens(names)]
        key = (definition.digest, *sorted(found, key=repr))
        if key not in self._sound:
            self._sound[key] = always_ends(definition.diagram, found)
        return self._sound[key]

    def _unfed(self, old: Run, places: list[Place]) -> list[Reading]:
        """What would be read in the target without having been given, and was not in the source."""
        before, after = self._readings
        here = [place.node.id for place in places if place.node.kind != "subProcess"]
        there = [name for one in here if (name := self._names.element(one)) in self._news]
        lacked = {
            (self._names.element(one.element_id), one.variable)
            for one in before.before_given(here, old.variables)
        }
        found = after.before_given(there, {*old.variables, *self.values})
        new = (one for one in found if (one.element_id, one.variable) not in lacked)
        return sorted(new, key=repr)

    def _variables(self, old: Run, places: list[Place]) -> Iterator[Finding]:
        for one in self._unfed(old, places):
            yield _blocked(
                self._news[one.element_id],
                "variable-missing",
                f"要读取变量“{one.variable}”，这个会诊里还没有，之后也不一定给出；可以为它指定一个值",
                f"reads {one.variable!r}, which this case does not have and may not be given; "
                "a value can be set for it",
            )
        for name in sorted(self.values.keys() - old.variables.keys()):
            yield Finding(
                "",
                name,
                "variable-set",
                f"变量“{name}”设为 {_shown(self.values[name])}",
                f"the variable {name!r} is set to {_shown(self.values[name])}",
                "warning",
            )

    def _renew(self, new: Run, places: list[Place]) -> None:
        """Work out by the new version what it says otherwise of tasks that wait. Raises Stuck."""
        moved = {
            task.id: task for workflow in standing.levels(new) for task in workflow.tasks.values()
        }
        for place in places:
            here = self._here(place.node)
            assert here is not None  # noqa: S101 - was judged before
            for old in (place.task, *(one for one in place.task.children if one.triggered)):
                task: Task | None = moved.get(old.id)
                if task is None or not isinstance(task.task_spec, UserTask):
                    continue
                if place.node.inputs != here.inputs:
                    enter(task, here.inputs)
                if self._is_renewed(place.node, here):
                    task.internal_data["person"] = person_of(task, here)


def _waits_for(node: Node) -> tuple[tuple[str, str], ...]:
    if node.kind in ("startEvent", "endEvent"):
        return ()
    return tuple((one.kind, one.name if one.kind != "error" else "") for one in node.triggers)


def _times(node: Node) -> tuple[bool, str | None] | None:
    return (node.many.is_sequential, node.many.element) if node.many else None


def _people(node: Node) -> tuple[object, ...]:
    lane = (node.lane.role, node.lane.side) if node.lane else None
    named = (node.assignee, node.candidate_groups, node.candidate_users)
    return (lane, *named, node.due, node.follow_up, node.priority)


def _shown(value: Any) -> str:
    return f"“{value}”" if isinstance(value, str) else str(value)


def _stuck(stuck: Stuck) -> Finding:
    return Finding(stuck.element_id, stuck.element_name, "stuck", stuck.reason_zh, stuck.reason)


def _blocked(node: Node, rule: str, zh: str, en: str) -> Finding:
    return Finding(node.id, node.name, rule, zh, en)


def _default(node: Node, rule: str, zh: str, en: str) -> Finding:
    return Finding(node.id, node.name, rule, zh, en, "warning")
