"""Steps that failed: noted in a transaction of their own, told to the process managers, and
resolved once the case has gone on from there."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select

from app.accounts.addressees import holders
from app.audit import Deed, record
from app.consultations.models import Incident, Instance
from app.db import db, now, write
from app.notices.actions import queue
from app.permissions import Actor, Role

PAUSE, LONGEST_PAUSE = timedelta(minutes=10), timedelta(hours=6)


def note(instance: Instance, details: Mapping[str, Any], **completion: Any) -> Incident:
    """Keep that a step failed. details: of Stranded; completion: what Incident says of one."""
    element = str(details.get("element") or "")
    incident = _open(instance, completion.get("engine_task_id"))
    if incident is None:
        incident = Incident(consultation_id=instance.consultation_id, at=now(), **completion)
        incident.attempts = 0
        db.session.add(incident)
        _tell(instance, details)
        record(None, Deed.INCIDENT_RAISED, instance.consultation, element=element)
    incident.element_id, incident.element_name = element, str(details.get("name") or "")
    incident.reason = str(details.get("reason") or "")
    incident.reason_en = str(details.get("reason_en") or incident.reason)
    incident.last_at, incident.attempts = now(), incident.attempts + 1
    instance.incident = incident.reason
    return incident


def pause(incident: Incident) -> timedelta:
    """How long a failed timer waits before it is tried again."""
    doubled: int = 2 ** min(incident.attempts - 1, 10)
    return min(PAUSE * doubled, LONGEST_PAUSE)


def review(instance: Instance, actor: Actor | None) -> None:
    """Resolve what the case has got over: the token of the step is gone, or time moved it on."""
    standing = {one["task"] for one in instance.places}
    left = None
    for incident in db.session.scalars(_unresolved(instance)):
        waits = actor is not None if incident.engine_task_id is None else False
        if waits or incident.engine_task_id in standing:
            left = incident.reason
            continue
        incident.resolved_at = now()
        incident.resolved_by_id = None if actor is None else actor.actor_id
        record(actor, Deed.INCIDENT_RESOLVED, instance.consultation, incident=incident.id)
    write(instance, incident=left)


def _open(instance: Instance, engine_task_id: str | None) -> Incident | None:
    same = _unresolved(instance).where(Incident.engine_task_id.is_not_distinct_from(engine_task_id))
    return db.session.scalar(same)


def _unresolved(instance: Instance) -> Select[Incident]:
    return select(Incident).where(
        Incident.consultation_id == instance.consultation_id, Incident.resolved_at.is_(None)
    )


def _tell(instance: Instance, details: Mapping[str, Any]) -> None:
    queue(
        holders(Role.PROCESS_MANAGER),
        "incident",
        instance.consultation_id,
        number=instance.consultation.number,
        task=details.get("name") or None,
    )
