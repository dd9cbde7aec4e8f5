"""What a supervisor may do to one case, and the rules that none of it may break.

Each deed is a function for Execution.change; each `against_…` gives the findings for which it
would have to be refused, in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpmn import environment, soundness, specs, standing
from bpmn.bundle import Finding, Vocabulary
from bpmn.diagram import ACTIVITIES, Node
from bpmn.lint.forms import keys
from bpmn.parser import Definition
from bpmn.reads import Readings

if TYPE_CHECKING:
    from bpmn.run import Run

Deed = Callable[["Run"], None]
CONSENT = "consent_given"  # the form key of the patient's consent
LAST_WORD = "acceptance"  # the kind of record in which the inviting hospital decides
SESSION = "open_room"  # the operation that begins the session


class NoSuchTask(Exception):
    """The task is not waiting, or the element is not in the diagram."""


def skip(task_id: str) -> Deed:
    """Let the token of a user task go on although nobody answered."""

    def deed(run: Run) -> None:
        task = _waiting(run, task_id)
        environment.leave(task, (), {})
        task.run()

    return deed


def send_back(element: str) -> Deed:
    """Take all tokens from the process and let one enter an element."""

    def deed(run: Run) -> None:
        if element not in run.definition.diagram.nodes:
            raise NoSuchTask(element)
        _emptied(run).enter(element)

    return deed


def set_variable(name: str, value: Any) -> Deed:
    """Give a variable of the process another value."""

    def deed(run: Run) -> None:
        run.variables.update(environment.variables({name: value}))

    return deed


def stop(run: Run) -> None:
    """Take all tokens from the process: it is over."""
    _emptied(run)


def _emptied(run: Run) -> standing.Planter:
    run.subprocesses.clear()
    run.event_manager.tasks.clear()
    return standing.Planter(run, run)


def against_skipping(
    definition: Definition, vocabulary: Vocabulary, element: str
) -> tuple[Finding, ...]:
    """Why a step may not be skipped: consent, the last word, or what later steps read of it."""
    return tuple(_against_skipping(definition, vocabulary, definition.diagram.nodes[element]))


def against_sending_back(
    definition: Definition, vocabulary: Vocabulary, element: str, has_consent: bool
) -> tuple[Finding, ...]:
    """Why a case may not go on from an element alone."""
    node = definition.diagram.nodes[element]
    return tuple(_against_sending_back(definition, vocabulary, node, has_consent))


def _against_skipping(
    definition: Definition, vocabulary: Vocabulary, node: Node
) -> Iterator[Finding]:
    if asks_consent(definition, node):
        yield _refused(
            node,
            "skips-consent",
            "登记患者知情同意的步骤不能跳过",
            "the step in which the patient's consent is recorded cannot be skipped",
        )
    if node.properties.get("record") == LAST_WORD:
        yield _refused(
            node,
            "skips-last-word",
            "由邀请方作出决定的步骤不能跳过",
            "the step in which the inviting hospital decides cannot be skipped",
        )
    outputs = {name: one.outputs for name, one in vocabulary.operations.items()}
    readings = Readings(definition, outputs)
    for one in sorted(readings.after(node.id, readings.gives(node)), key=repr):
        reader = definition.diagram.nodes[one.element_id]
        yield _refused(
            node,
            "skips-output",
            f"之后的“{reader.name or reader.id}”要用到这一步给出的“{one.variable}”",
            f"{reader.name or reader.id!r} later reads {one.variable!r}, which this step gives",
        )


def _against_sending_back(
    definition: Definition, vocabulary: Vocabulary, node: Node, has_consent: bool
) -> Iterator[Finding]:
    if node.parent is not None or node.kind not in ACTIVITIES:
        yield _refused(
            node,
            "not-a-step",
            "只能退回到流程主干上的任务或子流程",
            "a case can be sent back to a task or sub-process of the process itself only",
        )
    elif not soundness.always_ends(definition.diagram, [node.id]):
        yield _refused(
            node,
            "no-end",
            "这一步属于同时进行的几个分支之一，单独从这里继续会一直等待其他分支",
            "the step is one of several branches; from here alone the case would wait for ever",
        )
    if not has_consent and _meets_session_first(definition, node):
        yield _refused(
            node,
            "session-without-consent",
            "从这里会不经知情同意就到达会诊",
            "from here the case would come to the session without consent",
        )


def asks_consent(definition: Definition, node: Node) -> bool:
    """Whether a task's form records the patient's consent."""
    return CONSENT in keys(definition.bundle.forms.get(node.form_id or "", {}))


def _meets_session_first(definition: Definition, node: Node) -> bool:
    """Whether a way leads from an element to the session without a task that asks consent."""
    diagram = definition.diagram
    found, waiting = {node.id}, [node.id]
    while waiting:
        here = diagram.nodes[waiting.pop()]
        if here.operation == SESSION or here.properties.get("session") == "true":
            return True
        # Whoever interrupts the asking has no consent yet.
        sources = [one.id for one in diagram.boundaries.get(here.id, ())]
        if not asks_consent(definition, here):
            sources.append(here.id)
        onward = [flow.target for one in sources for flow in diagram.outgoing.get(one, ())]
        onward += [one.id for one in diagram.inside(here.id)] if here.kind == "subProcess" else []
        new = [one for one in onward if one not in found]
        found.update(new)
        waiting.extend(new)
    return False


def _waiting(run: Run, task_id: str) -> Task:
    for workflow in standing.levels(run):
        for task in workflow.tasks.values():
            is_ready = task.state == TaskState.READY and isinstance(task.task_spec, specs.UserTask)
            if is_ready and task.id == task_id:
                return task
    raise NoSuchTask(task_id)


def _refused(node: Node, rule: str, zh: str, en: str) -> Finding:
    return Finding(node.id, node.name, rule, zh, en)
