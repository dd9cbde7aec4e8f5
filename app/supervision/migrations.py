"""Moving cases from one version of their process to another, trying it first, and undoing it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

import forms
from app.audit import Deed, record
from app.consultations.actions import lock
from app.consultations.models import Consultation, ElementLog, Instance
from app.consultations.steps import Case, CaseMoved, case_of, places
from app.db import db, get_or_404, insert_rows, locked, now, publish, transactional, write
from app.errors import Conflict, Invalid
from app.permissions import Actor, Permission, require
from app.processes import queries as processes
from app.processes.queries import definition
from app.processes.vocabulary import vocabulary
from app.supervision.models import CaseMigration, MigratedCase, Outcome, Stage
from app.tasks import inbox
from app.tasks.models import State, Task
from bpmn.bundle import Finding
from bpmn.engine import Execution, Snapshot
from bpmn.migration import Migration, Move

MOST_CASES = 500  # in one migration; the others take the next
LONGEST_REASON = 500


@dataclass(frozen=True)
class Plan:
    """From which version to which, and how. mapping: old element -> new one."""

    source: str
    target: str
    mapping: Mapping[str, str]
    variables: Mapping[str, Any]

    def way(self) -> Migration:
        """What the engine makes of it. Raises NotFound."""
        return Migration(
            definition(self.source),
            definition(self.target),
            self.mapping,
            self.variables,
            {name: one.outputs for name, one in vocabulary().operations.items()},
        )


@dataclass(frozen=True)
class Verdict:
    """What would become of one case. missing: variables that a value has to be set for."""

    consultation: Consultation
    instance: Instance
    findings: tuple[Finding, ...]
    missing: frozenset[str]

    @property
    def outcome(self) -> str:
        """movable, default: something is done on its behalf, or blocked."""
        return outcome_of(self.findings)


def outcome_of(findings: Iterable[Finding]) -> str:
    """movable, default or blocked, by what was found."""
    severities = {one.severity for one in findings}
    return "blocked" if "error" in severities else "default" if severities else "movable"


def candidates(source: str) -> list[Instance]:
    """The cases that follow a version and are not over, oldest first."""
    statement = (
        select(Instance)
        .where(Instance.digest == source, ~Instance.is_finished)
        .options(joinedload(Instance.consultation))
        .order_by(Instance.consultation_id)
        .limit(MOST_CASES)
    )
    return list(db.session.scalars(statement))


def dry_run(plan: Plan, instances: Sequence[Instance]) -> list[Verdict]:
    """What would become of each case. Nothing is changed."""
    way, drafts = plan.way(), _drafts([one.consultation_id for one in instances])
    found = []
    for one in instances:
        moved, findings = _judge(way, one, drafts.get(one.consultation_id, ()))
        found.append(Verdict(one.consultation, one, findings, moved.missing))
    return found


@transactional
def begin(actor: Actor, key: str, plan: Plan, cases: Iterable[int], reason: str) -> CaseMigration:
    """Choose the cases of a migration; `go_on` then moves them.

    Raises Forbidden, NotFound, Invalid without a reason or cases, or if the mapping is wrong.
    """
    require(actor, Permission.CONSULTATION_SUPERVISE)
    for digest in (plan.source, plan.target):
        processes.version(key, digest)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _("请说明理由，不超过%(n)s字", n=LONGEST_REASON)})
    if plan.source == plan.target:
        raise Invalid({"to": _("请选择另一个版本")})
    wrong = plan.way().problems()
    if wrong:
        raise Invalid({f"map.{one.element_id}": one.zh for one in wrong})
    wanted = set(cases)
    chosen = [one for one in candidates(plan.source) if one.consultation_id in wanted]
    if not chosen:
        raise Invalid({"cases": _("请选择要迁移的会诊")})
    migration = CaseMigration(
        process=processes.process(key),
        source=plan.source,
        target=plan.target,
        mapping=dict(plan.mapping),
        variables=dict(plan.variables),
        reason=reason.strip(),
        made_by_id=actor.actor_id,
        made_at=now(),
    )
    migration.cases = [MigratedCase(consultation_id=one.consultation_id) for one in chosen]
    db.session.add(migration)
    db.session.flush()
    return migration


def go_on(actor: Actor, migration_id: int, limit: int = 20) -> CaseMigration:
    """Move, or take back, the next cases, each in a transaction of its own."""
    require(actor, Permission.CONSULTATION_SUPERVISE)
    migration = get_or_404(CaseMigration, migration_id)
    act, waits = {
        Stage.APPLYING: (_move, Outcome.WAITING),
        Stage.REVERTING: (_take_back, Outcome.REVERTING),
    }.get(Stage(migration.state), (None, None))
    if act is not None:
        for case_id in _next(migration_id, str(waits), limit):
            act(actor, migration_id, case_id)
        _close(migration_id, str(waits))
    db.session.expire_all()
    return get_or_404(CaseMigration, migration_id)


@transactional
def revert(actor: Actor, migration_id: int) -> CaseMigration:
    """Begin to take back all cases of a migration; `go_on` does it."""
    require(actor, Permission.CONSULTATION_SUPERVISE)
    migration = locked(CaseMigration, migration_id)
    if migration.state != Stage.APPLIED:
        raise Conflict(_("只有已完成的迁移可以撤销"))
    migration.state, migration.reverted_by_id = Stage.REVERTING, actor.actor_id
    migration.reverted_at = now()
    db.session.execute(
        update(MigratedCase)
        .where(MigratedCase.migration_id == migration_id, MigratedCase.state == Outcome.MOVED)
        .values(state=Outcome.REVERTING)
    )
    return migration


@transactional
def _move(actor: Actor, migration_id: int, consultation_id: int) -> None:
    """Judge the case once more, now that nobody else can touch it, and move it if it may."""
    instance = lock(consultation_id)
    row = get_or_404(MigratedCase, (migration_id, consultation_id))
    require(actor, Permission.CONSULTATION_SUPERVISE, instance.consultation)
    if row.state != Outcome.WAITING:
        return
    migration = row.migration
    if instance.digest != migration.source or instance.is_finished:
        row.state, row.findings = Outcome.BLOCKED, [asdict(_GONE_ON)]
        return
    plan = Plan(migration.source, migration.target, migration.mapping, migration.variables)
    drafts = _drafts([consultation_id]).get(consultation_id, ())
    moved, findings = _judge(plan.way(), instance, drafts)
    row.findings = [asdict(one) for one in findings]
    if moved.state is None:
        row.state = Outcome.BLOCKED
        return
    case = case_of(instance.consultation, actor)
    row.state_before, row.state_after = instance.state, _hash(moved.state)
    before = {"places": instance.places, "messages": instance.messages}
    snapshot = _keep(case, instance, migration.target, moved.state)
    row.before = {**before, "tasks": inbox.renew(case, snapshot)}
    row.state = Outcome.MOVED
    _log_renamed(case, instance, migration.mapping)
    _tell(case, Deed.CASE_MIGRATED, migration)


@transactional
def _take_back(actor: Actor, migration_id: int, consultation_id: int) -> None:
    instance = lock(consultation_id)
    row = get_or_404(MigratedCase, (migration_id, consultation_id))
    if row.state != Outcome.REVERTING or row.state_before is None or row.before is None:
        return
    migration = row.migration
    if instance.digest != migration.target or _hash(instance.state) != row.state_after:
        row.state, row.findings = Outcome.KEPT, [asdict(_MOVED_SINCE)]
        return
    case = case_of(instance.consultation, actor)
    _keep(case, instance, migration.source, row.state_before)
    write(instance, places=row.before["places"], messages=row.before["messages"])
    _log_renamed(case, instance, {new: old for old, new in migration.mapping.items()})
    inbox.put_back(case, row.before["tasks"])
    row.state = Outcome.REVERTED
    _tell(case, Deed.MIGRATION_REVERTED, migration)


def _keep(case: Case, instance: Instance, digest: str, state: str) -> Snapshot:
    """Let a case stand where a state says, in the version it belongs to."""
    snapshot = Execution.resume(definition(digest), state).snapshot(case.at)
    write(
        instance,
        digest=digest,
        state=state,
        wake_at=None if instance.suspended_at else snapshot.wake_at,
        messages=sorted(snapshot.messages),
        places=places(snapshot, instance.places, case.at),
    )
    return snapshot


def _judge(
    way: Migration, instance: Instance, drafts: Iterable[Task]
) -> tuple[Move, tuple[Finding, ...]]:
    moved = way.move(instance.state, now())
    if moved.state is None:
        return moved, moved.findings
    found = [one for task in drafts for one in _draft_findings(way, task)]
    return moved, (*moved.findings, *found)


def _drafts(cases: Sequence[int]) -> dict[int, list[Task]]:
    """The waiting tasks of these cases on which somebody has begun to write."""
    statement = select(Task).where(
        Task.consultation_id.in_(cases), Task.state == State.READY, Task.draft_at.is_not(None)
    )
    found: dict[int, list[Task]] = {}
    for task in db.session.scalars(statement):
        found.setdefault(task.consultation_id, []).append(task)
    return found


def _draft_findings(way: Migration, task: Task) -> Iterator[Finding]:
    """What a draft lacks in the form of the new version, or holds that it has no field for."""
    node = way.target.diagram.nodes[way.mapping.get(task.element_id, task.element_id)]
    old = way.source.bundle.forms.get(task.form_id or "")
    new = way.target.bundle.forms.get(node.form_id or "")
    if new is None or new == old or not task.draft:
        return
    fields = {one.key: one for one in forms.fields(new) if one.key}
    before = {one.key for one in forms.fields(old or {})}
    for key, field in fields.items():
        if field.is_required and task.draft.get(key) in (None, "") and key not in before:
            yield Finding(
                node.id,
                task.name,
                "draft-lacks",
                f"新版表单的必填项“{field.label or key}”在草稿中没有，由办理人补填",
                f"the draft lacks {field.label or key!r}, which the new form requires; whoever "
                "has the task fills it in",
                "warning",
            )
    for key in sorted(task.draft.keys() & before - fields.keys()):
        yield Finding(
            node.id,
            task.name,
            "draft-left",
            f"草稿中的“{key}”在新版表单中没有，不会提交",
            f"the new form has no {key!r}; what the draft says there is not sent",
            "warning",
        )


def _log_renamed(case: Case, instance: Instance, mapping: Mapping[str, str]) -> None:
    """Tokens at renamed elements leave the old one and come to the new one."""
    nodes = definition(instance.digest).diagram.nodes
    before = {new: old for old, new in mapping.items()}
    rows = [
        {
            "consultation_id": case.consultation.id,
            "element_id": element,
            "name": nodes[one["element"]].name,
            "kind": kind,
            "at": case.at,
            "engine_task_id": one["task"],
            "actor_id": None if case.actor is None else case.actor.actor_id,
        }
        for one in instance.places
        if one["element"] in before
        for element, kind in ((before[one["element"]], "cancelled"), (one["element"], "entered"))
    ]
    if rows:
        insert_rows(ElementLog, rows)


def _tell(case: Case, deed: Deed, migration: CaseMigration) -> None:
    record(case.actor, deed, case.consultation, migration=migration.id)
    publish(CaseMoved(case.consultation.id, case.consultation.status))


def _next(migration_id: int, state: str, limit: int) -> list[int]:
    statement = (
        select(MigratedCase.consultation_id)
        .where(MigratedCase.migration_id == migration_id, MigratedCase.state == state)
        .order_by(MigratedCase.consultation_id)
        .limit(limit)
    )
    found = list(db.session.scalars(statement))
    db.session.rollback()  # nothing is held while the cases are moved one by one
    return found


@transactional
def _close(migration_id: int, state: str) -> None:
    migration = locked(CaseMigration, migration_id)
    if not _next_left(migration_id, state):
        is_applied = migration.state == Stage.APPLYING
        migration.state = Stage.APPLIED if is_applied else Stage.REVERTED


def _next_left(migration_id: int, state: str) -> bool:
    left = select(MigratedCase.consultation_id).filter_by(migration_id=migration_id, state=state)
    return db.session.scalar(left.limit(1)) is not None


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


_GONE_ON = Finding("", "", "gone-on", "会诊已结束，或已不在原来的版本", "the case has gone on")
_MOVED_SINCE = Finding(
    "", "", "moved-since", "迁移之后已继续办理，不能撤回", "the case has gone on since it was moved"
)
