"""Where the running cases of a process stand, how long they have waited, and what went wrong."""

from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import joinedload

from app.audit import Deed
from app.consultations.models import Incident, Instance, Intervention
from app.db import db, now
from app.permissions import Actor, Permission, allows
from app.processes.models import Process, ProcessVersion

MOST_LISTED = 200  # cases at one element


@dataclass(frozen=True)
class Waiting:
    """What waits at one element. count, overdue, suspended: cases, however many tokens of each.

    median_s, p90_s: of the present waits, nearest rank.
    """

    id: str
    count: int
    overdue: int
    median_s: int
    p90_s: int
    suspended: int


@dataclass(frozen=True)
class Seat:
    """A case at an element, as far as whoever supervises the process may know."""

    consultation_id: int
    number: str
    element: str
    waited_s: int
    is_overdue: bool
    is_suspended: bool
    has_incident: bool


def waiting(process_id: int) -> list[Waiting]:
    """Each element where tokens of running cases stand; one statement."""
    if _dialect() == "postgresql":
        # It expects a hundred tokens a case, and would compile the query for longer than it runs.
        db.session.execute(text("SET LOCAL jit = off"))
    rows = db.session.execute(_MAP[_dialect()], {"process": process_id, "now": _now()})
    return [Waiting(*row) for row in rows]


def seats(process_id: int, element: str) -> list[Seat]:
    """The cases at an element, those that have waited longest first."""
    values = {"process": process_id, "now": _now(), "element": element, "limit": MOST_LISTED}
    return [Seat(*row) for row in db.session.execute(_SEATS[_dialect()], values)]


def skipped(process_id: int) -> dict[str, int]:
    """Element -> how many running cases had it skipped by a supervisor."""
    statement = (
        select(Intervention.element_id, func.count())
        .join(Instance, Instance.consultation_id == Intervention.consultation_id)
        .join(ProcessVersion, ProcessVersion.digest == Instance.digest)
        .where(
            ProcessVersion.process_id == process_id,
            ~Instance.is_finished,
            Intervention.deed == Deed.STEP_SKIPPED,
        )
        .group_by(Intervention.element_id)
    )
    return {str(element): count for element, count in db.session.execute(statement)}


def failing(process_id: int) -> dict[str, int]:
    """Element -> how many incidents there wait to be resolved."""
    statement = (
        select(Incident.element_id, func.count().label("number"))
        .join(Instance, Instance.consultation_id == Incident.consultation_id)
        .join(ProcessVersion, ProcessVersion.digest == Instance.digest)
        .where(ProcessVersion.process_id == process_id, Incident.resolved_at.is_(None))
        .group_by(Incident.element_id)
    )
    return {row.element_id: row.number for row in db.session.execute(statement)}


def incidents(*, is_resolved: bool, limit: int = 200) -> list[Incident]:
    """The incidents that wait, oldest first; or those that were resolved, latest first."""
    wanted = Incident.resolved_at.is_not(None) if is_resolved else Incident.resolved_at.is_(None)
    order = Incident.resolved_at.desc() if is_resolved else Incident.at
    statement = (
        select(Incident)
        .where(wanted)
        .options(joinedload(Incident.consultation))
        .order_by(order, Incident.id)
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def open_incidents(actor: Actor) -> int:
    """How many incidents wait for a supervisor, for the menu."""
    if not allows(actor, Permission.CONSULTATION_SUPERVISE):
        return 0
    unresolved = select(func.count()).select_from(Incident).where(Incident.resolved_at.is_(None))
    return db.session.scalar(unresolved) or 0


def running() -> dict[int, int]:
    """Process -> how many of its cases are under way."""
    statement = (
        select(ProcessVersion.process_id, func.count().label("number"))
        .join(Instance, Instance.digest == ProcessVersion.digest)
        .where(~Instance.is_finished)
        .group_by(ProcessVersion.process_id)
    )
    return {row.process_id: row.number for row in db.session.execute(statement)}


def in_use(process: Process) -> list[tuple[ProcessVersion, int]]:
    """The versions of a process that running cases follow, newest first, and how many do."""
    statement = (
        select(Instance.digest, func.count().label("number"))
        .where(~Instance.is_finished)
        .group_by(Instance.digest)
    )
    counts = {row.digest: row.number for row in db.session.execute(statement)}
    versions = {one.digest: one.version for one in process.publications}
    found = [(version, counts[key]) for key, version in versions.items() if key in counts]
    return sorted(found, key=lambda one: -one[0].number)


def _dialect() -> str:
    return db.engine.dialect.name


def _now() -> int:
    return int(now().timestamp())


# The tokens of the running cases of a process, one a row.
_STANDING = {
    "postgresql": """
        SELECT i.consultation_id, one.element, one.since, one.due,
          i.suspended_at IS NOT NULL AS is_suspended, i.incident IS NOT NULL AS has_incident
        FROM instances AS i
        JOIN process_versions AS v ON v.digest = i.digest
        CROSS JOIN LATERAL json_to_recordset(i.places)
          AS one(element text, since bigint, due bigint)
        WHERE NOT i.is_finished AND v.process_id = :process
    """,
    "sqlite": """
        SELECT i.consultation_id, one.value ->> 'element' AS element,
          one.value ->> 'since' AS since, one.value ->> 'due' AS due,
          i.suspended_at IS NOT NULL AS is_suspended, i.incident IS NOT NULL AS has_incident
        FROM instances AS i
        JOIN process_versions AS v ON v.digest = i.digest
        JOIN json_each(i.places) AS one
        WHERE NOT i.is_finished AND v.process_id = :process
    """,
}
_MAP = {
    "postgresql": text(f"""
        SELECT element, count(DISTINCT consultation_id),
          count(DISTINCT consultation_id) FILTER (WHERE due < :now),
          :now - percentile_disc(0.5) WITHIN GROUP (ORDER BY since DESC),
          :now - percentile_disc(0.9) WITHIN GROUP (ORDER BY since DESC),
          count(DISTINCT consultation_id) FILTER (WHERE is_suspended)
        FROM ({_STANDING["postgresql"]}) AS standing GROUP BY element ORDER BY element
    """),  # noqa: S608 - put together from the text above only
    "sqlite": text(f"""
        WITH ranked AS (
          SELECT element, consultation_id, :now - since AS age, due, is_suspended,
            row_number() OVER (PARTITION BY element ORDER BY since DESC) AS place,
            count(*) OVER (PARTITION BY element) AS total
          FROM ({_STANDING["sqlite"]}) AS standing
        )
        SELECT element, count(DISTINCT consultation_id),
          count(DISTINCT consultation_id) FILTER (WHERE due < :now),
          min(CASE WHEN place * 2 >= total THEN age END),
          min(CASE WHEN place * 10 >= total * 9 THEN age END),
          count(DISTINCT consultation_id) FILTER (WHERE is_suspended)
        FROM ranked GROUP BY element ORDER BY element
    """),  # noqa: S608 - put together from the text above only
}
_SEATS = {
    dialect: text(f"""
        SELECT standing.consultation_id, number, element, :now - since,
          coalesce(due < :now, false), is_suspended, has_incident
        FROM ({standing}) AS standing
        JOIN consultations ON consultations.id = standing.consultation_id
        WHERE element = :element ORDER BY since, standing.consultation_id LIMIT :limit
    """)  # noqa: S608 - put together from the texts above only
    for dialect, standing in _STANDING.items()
}
