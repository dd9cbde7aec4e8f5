"""What would have happened: past cases of a process run along its draft (O-2).

Whoever asks learns numbers, never a case: a process manager has no right to read cases. Of the
answers only what steers the process goes into the child that runs the draft.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Row, select

from app.accounts.words import ROLES
from app.audit import Deed, record
from app.consultations.models import Consultation, ElementLog, Instance
from app.db import db, end_reading, transactional
from app.permissions import Actor, Permission, Role, require
from app.processes import queries as processes
from app.processes.models import Process, ProcessVersion
from app.studio import content
from app.studio.content import Content
from app.studio.estimates import change
from app.studio.trials import ask_child
from app.tasks.models import State, Task
from app.web import language
from bpmn import feel
from bpmn.diagram import formula

MOST = 500  # cases
CHUNK = 25
SECONDS = 60  # for a chunk
MOST_TOLD = 20  # groups of cases that differ alike

JSON = dict[str, Any]


def run(key: str, actor: Actor, given: Mapping[str, Any], count: int) -> Iterator[JSON]:
    """Run the newest finished cases along a content: {done, of} again and again, then {report}.

    Raises NotFound, Forbidden, and Invalid with findings if the content cannot be played.
    """
    require(actor, Permission.PROCESS_DRAFT)
    process = processes.process(key)
    draft = content.read(given)
    cases = _finished(process, max(1, min(count, MOST)))
    _note(process, actor, len(cases))
    return _run(process, draft, cases)


def report(process: Process, draft: Content, count: int) -> JSON:
    """The same without its progress, for what is proposed; must not be called in a transaction."""
    cases = _finished(process, count)
    _note(process, None, len(cases))
    *_progress, last = _run(process, draft, cases)
    found: JSON = last["report"]
    return found


@transactional
def _note(process: Process, actor: Actor | None, count: int) -> None:
    record(actor, Deed.HISTORY_REPLAYED, process, cases=count)


def _run(process: Process, draft: Content, cases: Sequence[Row[Any]]) -> Iterator[JSON]:
    if process.in_force is None:  # what was never published has no past
        yield {"report": Report().json()}
        return
    in_force = process.in_force.digest
    seconds = _typical([case.consultation_id for case in cases])
    report, done = Report(), 0
    yield {"done": done, "of": len(cases)}
    # Without any case the child still says whether the draft can be played.
    for start in range(0, max(1, len(cases)), CHUNK):
        batch = cases[start : start + CHUNK]
        digests = {case.digest for case in batch} | {in_force}
        question = {
            "versions": {one: asdict(processes.definition(one).bundle) for one in digests},
            "in_force": in_force,
            "seconds": seconds,
            "cases": _documents(batch),
            "language": language(),
        }
        end_reading()
        said = ask_child("forms.history", draft, question, SECONDS)
        report.add(said["courses"], said["names"])
        done += len(batch)
        yield {"done": done, "of": len(cases)}
    yield {"report": report.json()}


def _finished(process: Process, count: int) -> list[Row[Any]]:
    statement = (
        select(Instance.consultation_id, Instance.digest, Consultation.applicant_id)
        .join(Consultation, Consultation.id == Instance.consultation_id)
        .join(ProcessVersion, ProcessVersion.digest == Instance.digest)
        .where(ProcessVersion.process_id == process.id, Instance.is_finished)
        .order_by(Instance.consultation_id.desc())
        .limit(count)
    )
    return list(db.session.execute(statement))


def _typical(case_ids: Sequence[int]) -> dict[str, float]:
    """The median seconds a task waited, by role and, under "", of all."""
    statement = select(Task.role, Task.created_at, Task.ended_at).where(
        Task.consultation_id.in_(case_ids), Task.state == State.COMPLETED
    )
    waited: defaultdict[str, list[float]] = defaultdict(list)
    for role, began_at, ended_at in db.session.execute(statement):
        for key in {role or "", ""}:
            if ended_at is not None:  # every completed task has ended
                waited[key].append((ended_at - began_at).total_seconds())
    return {role: median(found) for role, found in waited.items()}


def _documents(batch: Sequence[Row[Any]]) -> list[JSON]:
    """Cases as bpmn.history reads them."""
    ids = [case.consultation_id for case in batch]
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    logs: defaultdict[int, list[Any]] = defaultdict(list)
    columns = (ElementLog.element_id, ElementLog.kind, ElementLog.at, ElementLog.engine_task_id)
    logged = select(ElementLog.consultation_id, *columns).where(ElementLog.consultation_id.in_(ids))
    for case_id, element, kind, at, task in db.session.execute(logged.order_by(ElementLog.id)):
        logs[case_id].append((element, kind, at.astimezone(zone).isoformat(), task))
    visits = _visits(ids, {case.consultation_id: case.digest for case in batch}, zone)
    return [
        {
            "digest": case.digest,
            "began_at": logs[case.consultation_id][0][2],
            "variables": {
                "applicant": str(case.applicant_id),
                "consultation": case.consultation_id,
            },
            "visits": visits[case.consultation_id],
            "log": logs[case.consultation_id],
        }
        for case in batch
    ]


def _visits(ids: Sequence[int], digests: Mapping[int, str], zone: ZoneInfo) -> Mapping[int, Any]:
    found: defaultdict[int, list[JSON]] = defaultdict(list)
    tasks = select(
        Task.consultation_id,
        Task.engine_id,
        Task.element_id,
        Task.form_id,
        Task.item,
        Task.created_at,
        Task.ended_at,
        Task.state,
        Task.answers,
    ).where(Task.consultation_id.in_(ids), Task.ended_at.is_not(None))
    for one in db.session.execute(tasks.order_by(Task.id)):
        is_done = one.state == State.COMPLETED
        found[one.consultation_id].append(
            {
                "task_id": one.engine_id,
                "element_id": one.element_id,
                "item": one.item,
                "began_at": one.created_at.astimezone(zone).isoformat(),
                "ended_at": one.ended_at.astimezone(zone).isoformat(),
                "answers": _steering(digests[one.consultation_id], one) if is_done else None,
            }
        )
    return found


def _steering(digest: str, task: Row[Any]) -> JSON:
    """Of a task's answers, those that reach the process: no free text but what a mapping names."""
    definition = processes.definition(digest)
    wanted = set(definition.choices.get(task.form_id, ()))
    node = definition.diagram.nodes.get(task.element_id)
    for one in node.outputs if node else ():
        if one.source.startswith("="):
            wanted |= feel.parse(formula(one.source)).names()
    return {name: value for name, value in (task.answers or {}).items() if name in wanted}


@dataclass
class Report:
    """What became of the cases, in numbers."""

    outcomes: Counter[str] = field(default_factory=Counter)
    partings: Counter[tuple[str, str]] = field(default_factory=Counter)
    troubles: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    assumed: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[JSON, JSON]] = field(default_factory=list)

    def add(self, courses: Iterable[JSON | None], names: Mapping[str, str]) -> None:
        """Count further cases."""
        self.names.update(names)
        for one in courses:
            self._count(one)

    def _count(self, courses: JSON | None) -> None:
        if courses is None or courses["present"]["outcome"] != "finished":
            self.outcomes["unlike"] += 1
            return
        present, draft = courses["present"], courses["draft"]
        self.assumed.update(draft["assumed"])
        if draft["outcome"] != "finished":
            self.outcomes[draft["outcome"]] += 1
            self.troubles[draft["outcome"], draft["element_id"], draft["zh"], draft["en"]] += 1
            return
        self.pairs.append((present, draft))
        parting = _parting(present["entered"], draft["entered"])
        self.outcomes["same" if parting is None else "other"] += 1
        if parting is not None:
            self.partings[parting] += 1

    def json(self) -> JSON:
        """As the history panel shows it and a proposal keeps it."""
        counted = ("same", "other", "stuck", "unknown", "unlike")
        return {
            "cases": self.outcomes.total(),
            **{name: self.outcomes[name] for name in counted},
            "roles": list(self._roles()),
            "total": _changed(self.pairs, lambda course: course["total_s"]),
            "partings": [
                {"expected": self._named(one), "entered": self._named(other), "count": count}
                for (one, other), count in self.partings.most_common(MOST_TOLD)
            ],
            "troubles": [
                {
                    **self._named(element),
                    "outcome": outcome,
                    "text": en if language() == "en" else zh,
                    "count": count,
                }
                for (outcome, element, zh, en), count in self.troubles.most_common(MOST_TOLD)
            ],
            "assumed": [
                {**self._named(element), "count": count}
                for element, count in self.assumed.most_common(MOST_TOLD)
            ],
        }

    def _roles(self) -> Iterator[JSON]:
        met = {role for pair in self.pairs for course in pair for role in course["waited"]}
        order = [*ROLES, ""]
        for role in sorted(met, key=order.index):
            if found := _changed(self.pairs, _waited(role)):
                label = str(ROLES[Role(role)]) if role else ""
                yield {"role": role, "label": label, **found}

    def _named(self, element: str) -> JSON:
        return {"element": element, "name": self.names.get(element, element)}


def _waited(role: str) -> Callable[[JSON], float]:
    return lambda course: float(course["waited"].get(role, 0))


def _changed(pairs: Sequence[tuple[JSON, JSON]], value: Callable[[JSON], float]) -> JSON | None:
    found = change([value(one) for one, _ in pairs], [value(other) for _, other in pairs])
    return None if found is None else asdict(found)


def _parting(present: Sequence[str], draft: Sequence[str]) -> tuple[str, str] | None:
    """Where two ways part: the element on either, "" after an end; None if they never do."""
    for one, other in zip_longest(present, draft, fillvalue=""):
        if one != other:
            return one, other
    return None
