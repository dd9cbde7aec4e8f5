"""Checks of every text the engine evaluates, and of the names that are read and written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bpmn import feel, timers
from bpmn.bundle import RESERVED, Finding
from bpmn.diagram import Node, formula
from bpmn.feel import tree
from bpmn.limits import LIMITS
from bpmn.lint.case import Case, Named, error, warning
from bpmn.lint.forms import choices, keys
from bpmn.lint.words import given_by_product

_NAME = re.compile(r"[^\W\d]\w*")
_SOME_DAY = datetime(2024, 2, 29, tzinfo=UTC)


@dataclass(frozen=True)
class _Text:
    """A text to evaluate. literal: what may stand there that is no FEEL; None: nothing may."""

    owner: Named
    zh: str
    en: str
    text: str
    literal: Callable[[str], object] | None = None


def check(case: Case) -> Iterator[Finding]:
    if (count := _count(case)) > LIMITS.expressions:
        zh = f"流程含 {count} 个表达式，上限 {LIMITS.expressions} 个"
        en = f"the process has {count} expressions, at most {LIMITS.expressions} are allowed"
        yield Finding("", "", "too-many-expressions", zh, en)
        return
    known = _written(case)
    for flow in case.diagram.flows:
        if flow.condition:
            yield from _text(_Text(flow, "条件", "the condition", flow.condition), known)
    for node in case.diagram.nodes.values():
        more = known | _local(case, node)
        for text in _texts(node):
            yield from _text(text, more)
        for name in _targets(node):
            yield from _target(node, name)


def _count(case: Case) -> int:
    conditions = sum(1 for flow in case.diagram.flows if flow.condition)
    nodes = case.diagram.nodes.values()
    return conditions + sum(one.text.startswith("=") for node in nodes for one in _texts(node))


def _texts(node: Node) -> Iterator[_Text]:
    yield _Text(node, "受理人", "the assignee", node.assignee, str)
    yield _Text(node, "候选组", "the candidate groups", node.candidate_groups, str)
    yield _Text(node, "候选人", "the candidate users", node.candidate_users, str)
    yield _Text(node, "到期时间", "the due date", node.due, _moment)
    yield _Text(node, "跟进时间", "the follow-up date", node.follow_up, _moment)
    yield _Text(node, "优先级", "the priority", node.priority, _priority)
    yield _Text(node, "脚本", "the script", node.script or "")
    for io in node.inputs:
        yield _Text(node, f"输入“{io.target}”", f"the input {io.target!r}", io.source, str)
    for io in node.outputs:
        yield _Text(node, f"输出“{io.target}”", f"the output {io.target!r}", io.source, str)
    if node.many:
        yield _Text(node, "集合", "the collection", node.many.collection or "=")
        yield _Text(node, "输出元素", "the output element", node.many.output_element or "")
        yield _Text(node, "完成条件", "the completion condition", node.many.until)
    for trigger in node.triggers:
        if trigger.kind in ("date", "duration", "cycle"):
            literal = _cycle if trigger.kind == "cycle" else _moment
            yield _Text(node, "定时器", "the timer", trigger.text or "=", literal)
        yield _Text(node, "关联键", "the correlation key", trigger.key)


def _text(one: _Text, known: frozenset[str]) -> Iterator[Finding]:
    if not one.text:
        return
    if one.text.startswith("="):
        yield from _feel(one, known)
    elif one.literal is None:
        yield error(
            one.owner,
            "not-feel",
            f"{one.zh}不是 FEEL 表达式：须以 = 开头",
            f"{one.en} is no FEEL expression: it must begin with =",
        )
    else:
        try:
            one.literal(one.text)
        except ValueError:
            yield error(
                one.owner,
                "bad-literal",
                f"{one.zh}“{one.text}”无法识别",
                f"{one.en} {one.text!r} is not understood",
            )


def _feel(one: _Text, known: frozenset[str]) -> Iterator[Finding]:
    try:
        expression = feel.parse(formula(one.text))
    except feel.FeelError as fault:
        column = fault.column + (fault.line == 1)  # the equals sign stands before it
        yield error(
            one.owner,
            "bad-feel",
            f"{one.zh}不是有效的 FEEL，第 {fault.line} 行第 {column} 列：{fault.zh}",
            f"{one.en} is not FEEL, line {fault.line}, column {column}: {fault.en}",
        )
        return
    for name in sorted(_called(expression.tree) - known - feel.FUNCTIONS):
        yield error(
            one.owner,
            "unknown-function",
            f"{one.zh}调用了不存在的函数“{name}”",
            f"{one.en} calls a function that does not exist: {name!r}",
        )
    for name in sorted(expression.names() - known - _called(expression.tree)):
        yield warning(
            one.owner,
            "unknown-name",
            f"{one.zh}读取了无处写入的变量“{name}”",
            f"{one.en} reads {name!r}, which nothing writes",
        )


def _called(node: tree.Node) -> frozenset[str]:
    """The names that stand where a function is called."""
    found = set[str]()
    waiting: list[tree.Node] = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, tree.Call) and isinstance(here.function, tree.Name):
            found.add(here.function.name)
        waiting.extend(here.children())
    return frozenset(found)


def _plain(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def _written(case: Case) -> frozenset[str]:
    """All names that anything in the diagram writes, wherever."""
    names = set(given_by_product(case))
    for node in case.diagram.nodes.values():
        names.update(io.target for io in (*node.inputs, *node.outputs))
        if node.form_id and not node.outputs:
            names.update(choices(case.bundle.forms.get(node.form_id, {})))
        if node.many:
            names.update({node.many.element or "", node.many.output_collection or ""})
            names.add("loopCounter")
    return frozenset(names - {""})


def _local(case: Case, node: Node) -> frozenset[str]:
    """Names that only this node's own expressions see."""
    names = set[str]()
    if node.form_id:
        names |= keys(case.bundle.forms.get(node.form_id, {}))
    operation = case.vocabulary.operations.get(node.operation or "")
    if operation:
        names |= operation.outputs
    if node.result:
        names.add(node.result)
    if node.many:
        names |= {"numberOfInstances", "numberOfCompletedInstances"}
    return frozenset(names)


def _targets(node: Node) -> Iterator[str]:
    yield from (io.target for io in (*node.inputs, *node.outputs))
    if node.result is not None:
        yield node.result
    if node.many:
        yield from filter(None, (node.many.element, node.many.output_collection))


def _target(node: Node, name: str) -> Iterator[Finding]:
    if name in RESERVED:
        yield error(
            node, "reserved-name", f"变量名“{name}”为保留名", f"the name {name!r} is reserved"
        )
    elif not _plain(name):
        yield error(
            node,
            "bad-name",
            f"“{name}”不能作变量名：只用文字、数字和下划线",
            f"{name!r} is no name for a variable: use letters, digits and underscores",
        )


def _moment(text: str) -> object:
    return timers.moment(text, _SOME_DAY)


def _cycle(text: str) -> object:
    return timers.cycle(text, _SOME_DAY)


def _priority(text: str) -> int:
    if not 0 <= int(text) <= 100:
        raise ValueError(text)
    return int(text)
