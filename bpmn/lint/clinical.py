"""What a diagram must not do to a patient, or to the hospital that answers for one (O-5).

Everything is known by the words of the vocabulary, never by the ids of elements: what an operation
means, what a kind of record needs, whose side a lane is on. `client/src/studio/lint` has the same
rules under the same names for whoever is drawing; tests/bpmn/faults holds both to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from bpmn import feel
from bpmn.bundle import Finding, Operation
from bpmn.diagram import Io, Node, formula
from bpmn.lint.case import Case, error, warning
from bpmn.lint.forms import CHOICES, fields
from bpmn.lint.graph import Graph, Place, waits

CONSENT = "consent_given"  # the field of the patient's consent
REASON = "reason"
IDENTITY = "patient_"  # how the keys of fields begin that say who the patient is
Tell = Callable[[Node, str, str, str], Finding]
_REVIEW = frozenset({"decision", REASON})
# Whom an audience of a notice holds, of those who must hear of a refusal (S2-33).
_HEARS: Mapping[str, frozenset[str]] = {
    "applicant": frozenset({"applicant"}),
    "coordinator": frozenset({"coordinator"}),
    "all": frozenset({"applicant", "coordinator"}),
}
_PARTIES = {
    "applicant": ("申请医生", "the applicant"),
    "coordinator": ("会诊协调员", "the coordinator"),
}


def check(case: Case) -> Iterator[Finding]:
    judged = _Judged(case)
    yield from _consent(judged)
    yield from _refusals(judged)
    yield from _last_word(judged)
    yield from _notices(judged)
    for node in case.diagram.nodes.values():
        if node.kind == "userTask":
            yield from _time(case, node)


class _Judged:
    """A case with its graph and what its nodes mean."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.nodes = case.diagram.nodes
        self.graph = Graph(case.diagram)

    def asks_consent(self, node: Node) -> bool:
        """Whether the task cannot be completed without the patient's consent being recorded."""
        needs = self.case.vocabulary.records.get(node.properties.get("record", ""), frozenset())
        return node.kind == "userTask" and CONSENT in needs and self.requires(node, CONSENT)

    def is_session(self, node: Node) -> bool:
        return (
            self._means(node, "session")
            or node.properties.get("session") == "true"
            or node.properties.get("status") == "in_progress"
        )

    def is_review(self, node: Node) -> bool:
        needs = self.case.vocabulary.records.get(node.properties.get("record", ""), frozenset())
        return node.kind == "userTask" and needs >= _REVIEW

    def is_report(self, node: Node) -> bool:
        return self._means(node, "report")

    def is_notice(self, node: Node) -> bool:
        return self._means(node, "notice")

    def tells(self, node: Node, party: str) -> bool:
        if not self.is_notice(node):
            return False
        audience = {one.target: one.source for one in node.inputs}.get("audience", "")
        return party in _HEARS.get(_text(audience), frozenset())

    def tells_or_goes_on(self, party: str, node: Node) -> bool:
        return _goes_on(node) or self.tells(node, party)

    def is_inviting(self, node: Node) -> bool:
        """Whether somebody of the inviting hospital does it."""
        if node.kind != "userTask":
            return False
        people = (node.assignee, node.candidate_groups, node.candidate_users)
        if any(people):
            return node.assignee == "=applicant"
        return node.lane is not None and node.lane.side == "inviting"

    def requires(self, node: Node, key: str) -> bool:
        """Whether the node's form has such a field, and does not let it be left empty."""
        form = self.case.bundle.forms.get(node.form_id or "", {})
        return any(one["key"] == key and _is_required(one) for one in fields(form))

    def operation(self, node: Node) -> Operation | None:
        return self.case.vocabulary.operations.get(node.operation or "")

    def _means(self, node: Node, meaning: str) -> bool:
        operation = self.operation(node)
        return operation is not None and operation.meaning == meaning


def _is_required(field: Mapping[str, Any]) -> bool:
    # A reason is often required of a refusal only.
    return bool(
        _part(field, "validate").get("required")
        or (field["key"] == REASON and _part(field, "properties").get("required_if"))
    )


def _part(field: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = field.get(name)
    return part if isinstance(part, Mapping) else {}


# --- consent ------------------------------------------------------------------------------------


def _consent(judged: _Judged) -> Iterator[Finding]:
    """No way to the session that does not pass the patient's consent (L-4)."""
    reached = judged.graph.reached_without(
        judged.graph.starts(), lambda node: judged.asks_consent(node) or judged.is_session(node)
    )
    for node in judged.nodes.values():
        if judged.is_session(node) and Place(node.id, False) in reached:
            yield error(
                node,
                "session-without-consent",
                "有一条路径未经患者知情同意就到达会诊：之前须完成带必填知情同意的申请",
                "a way leads to the session without the patient's consent: a task whose form "
                "requires the consent must be done before",
            )


# --- refusals -----------------------------------------------------------------------------------


def _refusals(judged: _Judged) -> Iterator[Finding]:
    """A refusal gives its reason and is told to two parties (S2-32, S2-33, L-6).

    A review refuses where it leads to an end without anybody or anything else being waited for.
    Of a task that keeps no review it is likely, where such an end cancels the case.
    """
    ends = [one for one in judged.graph.ends() if one.properties.get("status") != "completed"]
    cancelling = [one for one in ends if one.properties.get("status") == "cancelled"]
    tasks = [one for one in judged.nodes.values() if one.kind == "userTask"]
    reviews = [one for one in tasks if judged.is_review(one)]
    others = [one for one in tasks if not judged.is_review(one)]
    yield from _refusals_of(judged, reviews, ends, error)
    yield from _refusals_of(judged, others, cancelling, warning)


def _refusals_of(
    judged: _Judged, tasks: list[Node], ends: list[Node], tell: Tell
) -> Iterator[Finding]:
    graph, done = judged.graph, [Place(one.id, True) for one in ends]
    refusing = graph.ends_without(done, _goes_on)
    tasks = [node for node in tasks if _leads_into(graph, node, refusing)]
    for node in tasks:
        if not judged.requires(node, REASON):
            yield tell(
                node,
                "refusal-without-reason",
                f"这一步可以拒绝，表单却没有必填的理由({REASON})",
                f"this step can refuse, but its form does not require a reason ({REASON!r})",
            )
    firsts = [place for node in tasks for place in graph.moves[Place(node.id, True)]]
    for party, (zh, en) in _PARTIES.items():
        untold = graph.ends_without(done, partial(judged.tells_or_goes_on, party))
        passed = graph.reached_among(firsts, untold)
        for end in ends:
            if Place(end.id, True) in passed:
                yield tell(
                    end,
                    "refusal-untold",
                    f"拒绝后到这里结束，却没有通知{zh}",
                    f"a refusal ends here without {en} being told",
                )


def _goes_on(node: Node) -> bool:
    """Whether the case is not being ended by a refusal, if it comes by here."""
    return waits(node) or node.properties.get("status") == "completed"


def _leads_into(graph: Graph, node: Node, places: set[Place]) -> bool:
    return any(one in places for one in graph.moves[Place(node.id, True)])


# --- the last word ------------------------------------------------------------------------------


def _last_word(judged: _Judged) -> Iterator[Finding]:
    """After the report the inviting hospital decides what is done (S2-35, L-1)."""
    graph = judged.graph
    ends = [
        Place(one.id, True) for one in graph.ends() if one.properties.get("status") != "cancelled"
    ]
    unheard = graph.ends_without(ends, judged.is_inviting)
    for node in judged.nodes.values():
        if judged.is_report(node) and _leads_into(graph, node, unheard):
            yield error(
                node,
                "inviting-not-last",
                "报告发布后，有一条路径不经邀请方的任务就结束：诊疗须由邀请方最后决定",
                "after the report a way leads to the end without a task of the inviting side, "
                "which must decide on the treatment",
            )


# --- notices ------------------------------------------------------------------------------------


def _notices(judged: _Judged) -> Iterator[Finding]:
    """A notice may become an SMS: nothing of the patient or the disease goes into it (P-7)."""
    private = _private(judged.case)
    for node in judged.nodes.values():
        if not judged.is_notice(node):
            continue
        for io in node.inputs:
            for name in sorted(_read(io.source) & private):
                yield error(
                    node,
                    "patient-data-in-notice",
                    f"通知的输入“{io.target}”读取了可能含患者信息的“{name}”",
                    f"the notice's input {io.target!r} reads {name!r}, which may hold data "
                    "of the patient",
                )


def _private(case: Case) -> frozenset[str]:
    """The names of answers in free words or about the patient, and of all computed from them."""
    found = {
        str(one["key"])
        for form in case.bundle.forms.values()
        for one in fields(form)
        if one.get("type") not in CHOICES or str(one["key"]).startswith(IDENTITY)
    }
    sources: dict[str, set[str]] = {}
    for node in case.diagram.nodes.values():
        for io in _computed(node):
            for name in _read(io.source):
                sources.setdefault(name, set()).add(io.target)
    waiting = list(found)
    while waiting:
        new = sources.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return frozenset(found)


def _computed(node: Node) -> Iterator[Io]:
    yield from node.outputs
    yield from node.inputs
    if node.script and node.result:
        yield Io(node.script, node.result)
    if node.many:
        yield Io(node.many.collection, node.many.element or "")
        yield Io(node.many.output_element or "", node.many.output_collection or "")


# --- time ---------------------------------------------------------------------------------------


def _time(case: Case, node: Node) -> Iterator[Finding]:
    """A task that nobody misses is a patient who waits."""
    if not node.due:
        yield warning(
            node,
            "no-due-time",
            "任务没有时限，逾期不会被发现",
            "the task has no due time, so nobody will see that it is late",
        )
    around: Node | None = node
    while around is not None:
        for event in case.diagram.boundaries.get(around.id, ()):
            if any(one.kind in ("date", "duration", "cycle") for one in event.triggers):
                return
        around = case.diagram.nodes.get(around.parent or "")
    yield warning(
        node,
        "no-escalation",
        "没有超时处理：请加定时边界事件，催办或转交他人",
        "nothing happens when it is late: add a timer boundary event that reminds or hands over",
    )


# --- FEEL ---------------------------------------------------------------------------------------


def _text(source: str) -> str:
    """The text a mapping always gives; empty if it has to be computed."""
    if not source.startswith("="):
        return source
    inside = formula(source).strip()
    is_text = len(inside) > 1 and inside[0] == inside[-1] == '"' and inside.count('"') == 2
    return inside[1:-1] if is_text else ""


def _read(source: str) -> frozenset[str]:
    """The names a mapping reads; none if it cannot be read, which is told elsewhere."""
    if not source.startswith("="):
        return frozenset()
    try:
        return frozenset(feel.parse(formula(source)).names())
    except feel.FeelError:
        return frozenset()
