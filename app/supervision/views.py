"""Pages of supervisors: the map, incidents, one case, moving many. No patient is named on them."""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.consultations.models import Consultation
from app.consultations.timeline import timeline
from app.db import db, get_or_404
from app.errors import DomainError, Invalid, NotFound
from app.permissions import Permission, allows, require
from app.processes import queries as processes
from app.processes.models import Process, ProcessVersion
from app.processes.vocabulary import VARIABLES
from app.supervision import deeds, migrations, queries
from app.supervision.migrations import Plan
from app.supervision.models import CaseMigration, Outcome, Stage
from app.tasks.models import State, Task
from app.web import actor, flash_refusal, language

bp = Blueprint("supervision", __name__)


@bp.before_request
def _supervisors_only() -> None:
    require(actor(), Permission.CONSULTATION_SUPERVISE)


@bp.get("/supervision")
def index() -> ResponseReturnValue:
    found = processes.processes()
    return render_template(
        "supervision/index.html",
        processes=found,
        running=queries.running(),
        waiting={one.id: queries.waiting(one.id) for one in found},
        failing={one.id: sum(queries.failing(one.id).values()) for one in found},
    )


# --- The map -------------------------------------------------------------------------------------


@bp.get("/supervision/maps/<key>")
def map_of(key: str) -> ResponseReturnValue:
    process = processes.process(key)
    return render_template(
        "supervision/map.html",
        process=process,
        elements=_elements(process),
        in_use=queries.in_use(process),
    )


@bp.get("/api/supervision/maps/<key>")
def map_data(key: str) -> ResponseReturnValue:
    """What waits at the elements, for map.ts; with `diagram` also the one in force."""
    process = processes.process(key)
    told: dict[str, Any] = {"elements": _elements(process)}
    return told | {"xml": processes.in_force(key).diagram} if "diagram" in request.args else told


@bp.get("/supervision/maps/<key>/elements/<element>")
def element(key: str, element: str) -> ResponseReturnValue:
    process = processes.process(key)
    found = queries.seats(process.id, element)
    cases = {
        one.consultation_id: db.session.get(Consultation, one.consultation_id) for one in found
    }
    readable = {
        id_
        for id_, case in cases.items()
        if case is not None and allows(actor(), Permission.CONSULTATION_READ, case)
    }
    return render_template(
        "supervision/element.html",
        process=process,
        title=_names(process).get(element, element),
        seats=found,
        readable=readable,
        most=queries.MOST_LISTED,
    )


def _elements(process: Process) -> list[dict[str, Any]]:
    waiting = {one.id: one for one in queries.waiting(process.id)}
    skipped, failing = queries.skipped(process.id), queries.failing(process.id)
    names = _names(process)
    return [
        {
            "id": key,
            "name": names.get(key, key),
            "count": one.count if (one := waiting.get(key)) else 0,
            "overdue": one.overdue if one else 0,
            "median_s": one.median_s if one else 0,
            "p90_s": one.p90_s if one else 0,
            "suspended": one.suspended if one else 0,
            "skipped": skipped.get(key, 0),
            "failing": failing.get(key, 0),
            "url": url_for(".element", key=process.key, element=key),
        }
        for key in dict.fromkeys([*waiting, *skipped, *failing])
        if key
    ]


def _names(process: Process) -> dict[str, str]:
    """What the elements of the versions in use are called, the newest version's word last."""
    found: dict[str, str] = {}
    for version, _count in reversed(queries.in_use(process)):
        found |= _titles(version.digest)
    return found


def _titles(digest: str) -> dict[str, str]:
    """What the elements of a version are called in the asker's language."""
    nodes = processes.definition(digest).diagram.nodes.values()
    return {one.id: (language() == "en" and one.name_en) or one.name or one.id for one in nodes}


# --- Incidents -----------------------------------------------------------------------------------


@bp.get("/supervision/incidents")
def incidents() -> ResponseReturnValue:
    return render_template(
        "supervision/incidents.html",
        waiting=queries.incidents(is_resolved=False),
        resolved=queries.incidents(is_resolved=True, limit=20),
        english=language() == "en",
    )


@bp.post("/supervision/incidents/<int:incident_id>/retry")
def retry(incident_id: int) -> ResponseReturnValue:
    try:
        if deeds.retry(incident_id, actor()):
            flash(_("已重试，会诊继续进行"), "success")
        else:
            flash(_("重试没有成功，原因已更新"), "error")
    except DomainError as error:
        flash_refusal(error)
    return redirect(url_for(".incidents"))


# --- One case ------------------------------------------------------------------------------------


@bp.get("/supervision/cases/<int:consultation_id>")
def case(consultation_id: int) -> ResponseReturnValue:
    consultation = get_or_404(Consultation, consultation_id)
    require(actor(), Permission.CONSULTATION_SUPERVISE, consultation)
    instance = consultation.instance
    version = processes.definition(instance.digest)
    tasks = db.session.query(Task).filter_by(consultation_id=consultation_id, state=State.READY)
    return render_template(
        "supervision/case.html",
        consultation=consultation,
        instance=instance,
        process=get_or_404(ProcessVersion, instance.digest).process,
        nodes=version.diagram.nodes,
        tasks=[(task, deeds.able(task)) for task in tasks.order_by(Task.id)],
        visited=deeds.visited(instance),
        variables={
            name: value
            for name, value in sorted(deeds.variables(instance).items())
            if name not in VARIABLES
        },
        timeline=timeline(consultation, language()),
        incidents=[
            one
            for one in queries.incidents(is_resolved=False)
            if one.consultation_id == consultation_id
        ],
        may_read=allows(actor(), Permission.CONSULTATION_READ, consultation),
        json=lambda value: json.dumps(value, ensure_ascii=False),
        english=language() == "en",
    )


@bp.post("/supervision/cases/<int:consultation_id>/suspension")
def suspend(consultation_id: int) -> ResponseReturnValue:
    return _done(consultation_id, lambda why: deeds.suspend(consultation_id, actor(), why))


@bp.post("/supervision/cases/<int:consultation_id>/resumption")
def resume(consultation_id: int) -> ResponseReturnValue:
    return _done(consultation_id, lambda why: deeds.resume(consultation_id, actor(), why))


@bp.post("/supervision/cases/<int:consultation_id>/return")
def send_back(consultation_id: int) -> ResponseReturnValue:
    where = request.form.get("element", "")
    return _done(consultation_id, lambda why: deeds.send_back(consultation_id, actor(), where, why))


@bp.post("/supervision/cases/<int:consultation_id>/correction")
def correct(consultation_id: int) -> ResponseReturnValue:
    name, value = request.form.get("name", ""), request.form.get("value", "")
    return _done(
        consultation_id, lambda why: deeds.correct(consultation_id, actor(), name, value, why)
    )


@bp.post("/supervision/cases/<int:consultation_id>/end")
def end(consultation_id: int) -> ResponseReturnValue:
    return _done(consultation_id, lambda why: deeds.end(consultation_id, actor(), why))


@bp.post("/supervision/tasks/<int:task_id>/skip")
def skip(task_id: int) -> ResponseReturnValue:
    task = get_or_404(Task, task_id)
    return _done(task.consultation_id, lambda why: deeds.skip(task_id, actor(), why))


@bp.post("/supervision/tasks/<int:task_id>/assignee")
def reassign(task_id: int) -> ResponseReturnValue:
    task, person = get_or_404(Task, task_id), request.form.get("person", 0, type=int)
    return _done(task.consultation_id, lambda why: deeds.reassign(task_id, actor(), person, why))


def _done(consultation_id: int, deed: Callable[[str], None]) -> ResponseReturnValue:
    """Do it with the reason given, say how it went, and go back to the case."""
    try:
        deed(request.form.get("reason", ""))
        flash(_("已办理，并记入操作日志和时间线"), "success")
    except DomainError as error:
        flash_refusal(error)
    return redirect(url_for(".case", consultation_id=consultation_id))


# --- Moving many ---------------------------------------------------------------------------------


@bp.get("/supervision/migrations")
def all_migrations() -> ResponseReturnValue:
    found = db.session.query(CaseMigration).order_by(CaseMigration.id.desc()).limit(50)
    return render_template(
        "supervision/migrations.html", migrations=list(found), processes=processes.processes()
    )


@bp.get("/supervision/processes/<key>/migrations/new")
def new_migration(key: str) -> ResponseReturnValue:
    """Choose, map and try; the address holds it all, and nothing is changed."""
    return _form(processes.process(key), request.args)


@bp.post("/supervision/processes/<key>/migrations/new")
def begin_migration(key: str) -> ResponseReturnValue:
    process = processes.process(key)
    try:
        plan = _plan(process, request.form)
        if plan is None:
            raise Invalid({"to": _("请选择两个版本")})
        cases = [int(one) for one in request.form.getlist("case") if one.isdecimal()]
        reason = request.form.get("reason", "")
        migration = migrations.begin(actor(), process.key, plan, cases, reason)
    except Invalid as error:
        return _form(process, request.form, error), error.status
    return redirect(url_for(".migration", migration_id=migration.id))


@bp.get("/supervision/migrations/<int:migration_id>")
def migration(migration_id: int) -> ResponseReturnValue:
    found = get_or_404(CaseMigration, migration_id)
    return render_template(
        "supervision/migration.html",
        migration=found,
        progress=_progress(found),
        outcome_of=migrations.outcome_of,
        english=language() == "en",
    )


@bp.post("/api/supervision/migrations/<int:migration_id>/steps")
def go_on(migration_id: int) -> ResponseReturnValue:
    """Move, or take back, the next cases, and say how far it has come."""
    return _progress(migrations.go_on(actor(), migration_id))


@bp.post("/supervision/migrations/<int:migration_id>/steps")
def go_on_by_hand(migration_id: int) -> ResponseReturnValue:
    """The same for a browser without scripts."""
    migrations.go_on(actor(), migration_id, migrations.MOST_CASES)
    return redirect(url_for(".migration", migration_id=migration_id))


@bp.post("/supervision/migrations/<int:migration_id>/reversal")
def revert(migration_id: int) -> ResponseReturnValue:
    try:
        migrations.revert(actor(), migration_id)
    except DomainError as error:
        flash_refusal(error)
    return redirect(url_for(".migration", migration_id=migration_id))


def _progress(found: CaseMigration) -> dict[str, Any]:
    counts = {str(outcome): 0 for outcome in Outcome}
    for one in found.cases:
        counts[one.state] += 1
    left = counts[Outcome.WAITING] + counts[Outcome.REVERTING]
    is_over = found.state in (Stage.APPLIED, Stage.REVERTED)
    total = len(found.cases)
    return {"total": total, "done": total - left, "is_over": is_over, "counts": counts}


def _plan(process: Process, given: Any) -> Plan | None:
    """What was chosen; None until both versions are. Raises Invalid, NotFound."""
    source, target = given.get("from", ""), given.get("to", "")
    if not source or not target:
        return None
    for digest in (source, target):
        processes.version(process.key, digest)
    mapping = {
        key.removeprefix("map."): value
        for key, value in given.items()
        if key.startswith("map.") and value
    }
    return Plan(source, target, mapping, _values(given))


def _values(given: Any) -> dict[str, Any]:
    found, wrong = {}, {}
    for key, value in given.items():
        if key.startswith("value.") and value.strip():
            try:
                found[key.removeprefix("value.")] = deeds.read_value(value)
            except Invalid as error:
                wrong[key] = error.errors["value"]
    if wrong:
        raise Invalid(wrong)
    return found


def _form(process: Process, given: Any, refused: Invalid | None = None) -> str:
    try:
        plan = _plan(process, given)
    except Invalid as error:
        plan, refused = None, error
    except NotFound:
        plan = None
    shown = _Trial(plan) if plan else None
    return render_template(
        "supervision/new_migration.html",
        process=process,
        given=given,
        chosen={int(one) for one in given.getlist("case") if one.isdecimal()},
        publications=process.publications,
        in_use=queries.in_use(process),
        plan=plan,
        trial=shown,
        refused=refused,
        outcome_of=migrations.outcome_of,
        english=language() == "en",
    )


class _Trial:
    """What the page shows of a plan: verdicts, and what there is to map and to set."""

    def __init__(self, plan: Plan) -> None:
        self.verdicts = migrations.dry_run(plan, migrations.candidates(plan.source))
        self.names = _titles(plan.source)
        olds = processes.definition(plan.source).diagram.nodes
        news = processes.definition(plan.target).diagram.nodes
        gone = [node for node in olds.values() if node.id not in news and node.name]
        fresh = [node for node in news.values() if node.id not in olds]
        self.mappable = [(node, [one for one in fresh if one.kind == node.kind]) for node in gone]
        self.missing = sorted({*plan.variables, *(n for one in self.verdicts for n in one.missing)})

    @property
    def counts(self) -> dict[str, int]:
        found = {"movable": 0, "default": 0, "blocked": 0}
        for one in self.verdicts:
            found[one.outcome] += 1
        return found
