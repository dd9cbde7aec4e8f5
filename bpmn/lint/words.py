"""Checks of what a diagram names against what exists: roles, forms, decisions, operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from bpmn import dmn, feel
from bpmn.bundle import RESERVED, Finding, Operation
from bpmn.diagram import Lane, Node, formula
from bpmn.feel import tree
from bpmn.lint.case import Case, error
from bpmn.lint.forms import fields, keys

_SOME_DAY = datetime(2024, 2, 29, tzinfo=UTC)


def check(case: Case) -> Iterator[Finding]:
    nodes = case.diagram.nodes.values()
    for lane in dict.fromkeys(node.lane for node in nodes if node.lane):
        yield from _lane(case, lane)
    given = given_by_product(case)
    for node in nodes:
        yield from _status(case, node)
        if node.kind == "userTask":
            yield from _people(case, node)
            yield from _form(case, node, given)
            yield from _record(case, node)
        elif node.kind in ("serviceTask", "sendTask"):
            yield from _operation(case, node)
        elif node.kind == "businessRuleTask":
            yield from _decision(case, node)
        elif node.kind == "scriptTask":
            yield from _script(node)
    yield from _idle_decisions(case)
    yield from _idle_notices(case)


def given_by_product(case: Case) -> frozenset[str]:
    """The variables that route a case: the product and its decisions write them, no form may."""
    names = set(case.vocabulary.variables)
    for node in case.diagram.nodes.values():
        if node.kind in ("serviceTask", "sendTask"):
            operation = case.vocabulary.operations.get(node.operation or "")
            offered = operation.outputs if operation else frozenset[str]()
            names.update({io.target for io in node.outputs} or offered)
        elif node.kind in ("businessRuleTask", "scriptTask"):
            own = {node.result} if node.result else set[str]()
            names.update({io.target for io in node.outputs} or own)
    return frozenset(names)


def _lane(case: Case, lane: Lane) -> Iterator[Finding]:
    if lane.role is not None and lane.role not in case.vocabulary.roles:
        yield error(
            lane,
            "unknown-role",
            f"泳道的角色“{lane.role}”不存在{_of(case.vocabulary.roles)}",
            f"the lane's role {lane.role!r} does not exist{_or(case.vocabulary.roles)}",
        )
    if lane.side is not None and lane.side not in case.vocabulary.sides:
        yield error(
            lane,
            "unknown-side",
            f"泳道的一方“{lane.side}”不存在{_of(case.vocabulary.sides)}",
            f"the lane's side {lane.side!r} does not exist{_or(case.vocabulary.sides)}",
        )


def _people(case: Case, node: Node) -> Iterator[Finding]:
    if not (node.assignee or node.candidate_groups or node.candidate_users):
        if node.lane is None or not node.lane.role:
            yield error(
                node,
                "nobody",
                "没有人负责：任务不在带角色的泳道中，也没有指定人员",
                "nobody is in charge: the task is in no lane with a role and names nobody",
            )
        elif not node.lane.side:
            yield error(
                node.lane,
                "no-side",
                "泳道没有说明属于哪一方(side)",
                "the lane does not say whose side it is on",
            )
    if not node.candidate_groups.startswith("="):
        for group in filter(None, map(str.strip, node.candidate_groups.split(","))):
            if group not in case.vocabulary.roles:
                yield error(
                    node,
                    "unknown-role",
                    f"候选组“{group}”不是角色{_of(case.vocabulary.roles)}",
                    f"the candidate group {group!r} is no role{_or(case.vocabulary.roles)}",
                )


def _form(case: Case, node: Node, given: frozenset[str]) -> Iterator[Finding]:
    for io in node.outputs:
        if io.target in given:
            yield error(
                node,
                "form-routes",
                f"任务的输出“{io.target}”会改写由系统给出的变量",
                f"the task's output {io.target!r} would overwrite a variable that the system gives",
            )
    if node.form_id is None:
        return
    form = case.bundle.forms.get(node.form_id)
    if form is None:
        yield error(
            node,
            "unknown-form",
            f"表单“{node.form_id}”不存在{_of(case.bundle.forms)}",
            f"the form {node.form_id!r} does not exist{_or(case.bundle.forms)}",
        )
        return
    for field in fields(form):
        key = str(field["key"])
        if key in RESERVED:
            yield error(
                node,
                "reserved-name",
                f"表单“{node.form_id}”的字段名“{key}”为保留名",
                f"field {key!r} of form {node.form_id!r} has a reserved name",
            )
        elif key in given:
            yield error(
                node,
                "form-routes",
                f"表单“{node.form_id}”的字段“{key}”与由系统给出的变量同名",
                f"field {key!r} of form {node.form_id!r} is named like a variable "
                "that the system gives",
            )


def _record(case: Case, node: Node) -> Iterator[Finding]:
    kind = node.properties.get("record")
    if kind is None:
        return
    needs = case.vocabulary.records.get(kind)
    if needs is None:
        yield error(
            node,
            "unknown-record",
            f"病历类型“{kind}”不存在{_of(case.vocabulary.records)}",
            f"the record kind {kind!r} does not exist{_or(case.vocabulary.records)}",
        )
        return
    form = case.bundle.forms.get(node.form_id or "", {})
    for key in sorted(needs - keys(form)):
        yield error(
            node,
            "record-key",
            f"病历类型“{kind}”需要字段“{key}”，表单中没有",
            f"record kind {kind!r} needs the field {key!r}, which the form lacks",
        )


def _operation(case: Case, node: Node) -> Iterator[Finding]:
    if not node.operation:
        yield error(
            node, "no-operation", "服务任务没有指定操作", "the service task names no operation"
        )
        return
    operation = case.vocabulary.operations.get(node.operation)
    if operation is None:
        yield error(
            node,
            "unknown-operation",
            f"操作“{node.operation}”不存在{_of(case.vocabulary.operations)}",
            f"the operation {node.operation!r} does not exist{_or(case.vocabulary.operations)}",
        )
        return
    inputs = {io.target for io in node.inputs}
    for name in sorted(operation.inputs - inputs):
        yield error(
            node,
            "input-missing",
            f"操作“{node.operation}”缺少输入“{name}”",
            f"the operation {node.operation!r} lacks its input {name!r}",
        )
    for name in sorted(inputs - operation.inputs - operation.optional):
        yield error(
            node,
            "input-unknown",
            f"操作“{node.operation}”没有输入“{name}”",
            f"the operation {node.operation!r} has no input {name!r}",
        )
    yield from _choices(case, node, operation)


def _choices(case: Case, node: Node, operation: Operation) -> Iterator[Finding]:
    for io in node.inputs:
        allowed, text = operation.choices.get(io.target), _constant(io.source)
        if allowed is not None and io.target in operation.notices:
            allowed |= case.bundle.notices.keys()
        if allowed is not None and text is not None and text not in allowed:
            yield error(
                node,
                "input-choice",
                f"操作“{operation.name}”的输入“{io.target}”不能是“{text}”{_of(allowed)}",
                f"the input {io.target!r} of the operation {operation.name!r} cannot be "
                f"{text!r}{_or(allowed)}",
            )


def _constant(source: str) -> str | None:
    """The text a mapping always gives; None if it has to be computed, or cannot be read."""
    if not source.startswith("="):
        return source
    try:
        read = feel.parse(formula(source)).tree
    except feel.FeelError:  # told among the expressions
        return None
    return read.value if isinstance(read, tree.Literal) and isinstance(read.value, str) else None


def _decision(case: Case, node: Node) -> Iterator[Finding]:
    if not node.decision or not node.result:
        yield error(
            node,
            "no-decision",
            "业务规则任务须用 zeebe:calledDecision 指定决策和结果变量",
            "a business rule task names its decision and result variable in zeebe:calledDecision",
        )
    if not node.decision:
        return
    xml = case.bundle.decisions.get(node.decision)
    if xml is None:
        yield error(
            node,
            "unknown-decision",
            f"决策“{node.decision}”不存在{_of(case.bundle.decisions)}",
            f"the decision {node.decision!r} does not exist{_or(case.bundle.decisions)}",
        )
        return
    problems = dmn.check(xml)
    if not problems:
        try:
            dmn.evaluate(xml, node.decision, {}, now=_SOME_DAY)
        except dmn.DmnError as fault:  # the file holds others, but not this one
            problems = [dmn.Problem("", None, fault.zh, fault.en)]
    for problem in problems:
        yield error(
            node,
            "bad-decision",
            f"决策“{node.decision}”有误：{problem.zh}",
            f"the decision {node.decision!r} is faulty: {problem.en}",
        )


def _idle_decisions(case: Case) -> Iterator[Finding]:
    """What is wrong with decisions that came along although no task calls them."""
    called = {node.decision for node in case.diagram.nodes.values()}
    for name, xml in case.bundle.decisions.items():
        for problem in dmn.check(xml) if name not in called else ():
            yield Finding(
                "",
                name,
                "bad-decision",
                f"决策“{name}”有误：{problem.zh}",
                f"the decision {name!r} is faulty: {problem.en}",
            )


def _idle_notices(case: Case) -> Iterator[Finding]:
    """Notices of the bundle's own that nothing sends, unless a diagram computes what it sends."""
    known, sent = set[str](), set[str | None]()
    for operation in case.vocabulary.operations.values():
        known.update(*(operation.choices.get(name, ()) for name in operation.notices))
    for node in case.diagram.nodes.values():
        if called := case.vocabulary.operations.get(node.operation or ""):
            sent |= {_constant(io.source) for io in node.inputs if io.target in called.notices}
    if None not in sent:
        for name in case.bundle.notices.keys() - known - sent:
            yield Finding(
                "",
                f"{name}.notice",
                "idle-notice",
                f"没有任务发送通知“{name}”",
                f"no task sends the notice {name!r}",
                "warning",
            )


def _script(node: Node) -> Iterator[Finding]:
    if not node.script or not node.result:
        yield error(
            node,
            "no-script",
            "脚本任务须用 zeebe:script 给出 FEEL 表达式和结果变量",
            "a script task gives a FEEL expression and a result variable in zeebe:script",
        )


def _status(case: Case, node: Node) -> Iterator[Finding]:
    status = node.properties.get("status")
    if status is not None and status not in case.vocabulary.statuses:
        yield error(
            node,
            "unknown-status",
            f"状态“{status}”不存在{_of(case.vocabulary.statuses)}",
            f"the status {status!r} does not exist{_or(case.vocabulary.statuses)}",
        )


def _of(names: Iterable[str]) -> str:
    known = sorted(names)
    return f"，可用：{'、'.join(known)}" if known else ""


def _or(names: Iterable[str]) -> str:
    known = sorted(names)
    return f"; there are {', '.join(known)}" if known else ""
