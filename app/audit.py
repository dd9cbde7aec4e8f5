"""The audit trail: who did what to whom, append-only, each chain proving its own order (S4-13)."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, Protocol, cast

from flask import has_request_context, request
from sqlalchemy import (
    BigInteger,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    event,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db import Model, db, insert_rows, now
from app.permissions import Actor

GENESIS = "0" * 64
WAITING = "audit entries"  # key in session.info: rows


class Deed(StrEnum):
    """What was done, as `subject:verb`."""

    SIGNED_IN = "person:signed-in"
    SIGN_IN_FAILED = "person:sign-in-failed"
    SIGNED_OUT = "person:signed-out"
    LOCKED_OUT = "person:locked-out"
    SESSIONS_ENDED = "person:sessions-ended"
    REGISTERED = "person:registered"
    PASSWORD_CHANGED = "person:password-changed"  # noqa: S105 - the name of a deed
    PROFILE_PROPOSED = "profile:proposed"
    PROFILE_APPROVED = "profile:approved"
    PROFILE_REFUSED = "profile:refused"
    ROLE_GRANTED = "role:granted"
    ROLE_REVOKED = "role:revoked"
    ROLE_DEFINED = "role:defined"
    ROLE_RETIRED = "role:retired"
    ROLE_REVIVED = "role:revived"
    PERSON_SUSPENDED = "person:suspended"
    PERSON_REACTIVATED = "person:reactivated"
    PERSON_CHANGED = "person:changed"
    ALLIANCE_ADDED = "alliance:added"
    ALLIANCE_CHANGED = "alliance:changed"
    ALLIANCE_DELETED = "alliance:deleted"
    HOSPITAL_ADDED = "hospital:added"
    HOSPITAL_CHANGED = "hospital:changed"
    HOSPITAL_DELETED = "hospital:deleted"
    CAMPUS_ADDED = "campus:added"
    CAMPUS_CHANGED = "campus:changed"
    CAMPUS_DELETED = "campus:deleted"
    DEPARTMENT_ADDED = "department:added"
    DEPARTMENT_CHANGED = "department:changed"
    DEPARTMENT_DELETED = "department:deleted"
    PROCESS_ADDED = "process:added"
    PROCESS_CHANGED = "process:changed"
    PROCESS_PROPOSED = "process:proposed"
    PROCESS_REFUSED = "process:refused"
    PROCESS_WITHDRAWN = "process:withdrawn"
    PROCESS_PUBLISHED = "process:published"
    PROCESS_SIGNED = "process:signed"
    PROCESS_TAMPERED = "process:tampered"
    HISTORY_REPLAYED = "process:history-replayed"
    CONSULTATION_STARTED = "consultation:started"
    CONSULTATION_READ = "consultation:read"
    CONSULTATION_COMMENTED = "consultation:commented"
    CONSULTATION_WITHDRAWN = "consultation:withdrawn"
    CONSULTATION_CANCELLED = "consultation:cancelled"
    CONSULTATION_RESCHEDULED = "consultation:rescheduled"
    CONSULTATION_URGED = "consultation:urged"
    CONSULTATION_REFUSED = "consultation:refused"
    EXPERTS_ASSIGNED = "consultation:experts-assigned"
    SESSION_ARRANGED = "consultation:session-arranged"
    FOLLOW_UP_PLANNED = "consultation:follow-up-planned"
    STATUS_CHANGED = "consultation:status-changed"
    TIMER_FIRED = "consultation:timer-fired"
    CASE_SUSPENDED = "consultation:suspended"
    CASE_RESUMED = "consultation:resumed"
    CASE_SENT_BACK = "consultation:sent-back"
    STEP_SKIPPED = "consultation:step-skipped"
    TASK_REASSIGNED = "task:reassigned"
    VARIABLE_CORRECTED = "consultation:variable-corrected"
    CASE_ENDED = "consultation:ended"
    CASE_MIGRATED = "consultation:migrated"
    MIGRATION_REVERTED = "consultation:migration-reverted"
    INCIDENT_RAISED = "consultation:incident-raised"
    INCIDENT_RETRIED = "consultation:incident-retried"
    INCIDENT_RESOLVED = "consultation:incident-resolved"
    CONSENT_GIVEN = "consent:given"
    TASK_CLAIMED = "task:claimed"
    TASK_RELEASED = "task:released"
    TASK_COMPLETED = "task:completed"
    TASK_DELEGATED = "task:delegated"
    SIGNER_ADDED = "task:signer-added"
    SIGNER_ANSWERED = "task:signer-answered"
    RECORD_ADDED = "record:added"
    RECORD_READ = "record:read"
    RECORD_REMOVED = "record:removed"
    ROOM_OPENED = "room:opened"
    ROOM_CLOSED = "room:closed"
    ROOM_JOINED = "room:joined"
    ROOM_LEFT = "room:left"
    OPINION_SUBMITTED = "opinion:submitted"
    REPORT_WRITTEN = "report:written"
    REPORT_SIGNED = "report:signed"
    REPORT_PUBLISHED = "report:published"
    REPORT_READ = "report:read"
    AUDIT_READ = "audit:read"


class AuditEntry(Model):
    """One deed. `chain` orders the deeds on one subject; `hash` covers the one before."""

    __tablename__ = "audit_entries"
    __table_args__ = (UniqueConstraint("chain", "place"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    chain: Mapped[str] = mapped_column(String(64))
    place: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    deed: Mapped[str] = mapped_column(String(40), index=True)
    subject: Mapped[str] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(45))
    details: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(String(64))

    def digest(self, previous: str) -> str:
        """What `hash` must be if this entry follows the one with hash `previous`."""
        return _digest({name: getattr(self, name) for name in _COVERED}, previous)


# What a hash covers, beside the hash before it; a row to be written holds these and `hash`.
_COVERED = ("chain", "place", "at", "actor_id", "deed", "subject", "address", "details")


def _digest(row: Mapping[str, Any], previous: str) -> str:
    content = [previous, *(row[name] for name in _COVERED)]
    content[3] = row["at"].isoformat()
    text_ = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text_.encode()).hexdigest()


class Chained(Protocol):
    """Anything deeds are done to. `audit_chain` names what its deeds are ordered with."""

    @property
    def audit_chain(self) -> str: ...
    @property
    def audit_subject(self) -> str: ...


def record(actor: Actor | None, deed: Deed, subject: Chained, **details: Any) -> None:
    """Note a deed; it is written with the transaction. `details`: ids and codes, never names."""
    row = {
        "chain": subject.audit_chain,
        "at": now(),
        "actor_id": None if actor is None else actor.actor_id,
        "deed": str(deed),
        "subject": subject.audit_subject,
        "address": request.remote_addr if has_request_context() else None,
        "details": details,
    }
    db.session.info.setdefault(WAITING, []).append(row)


def broken_links(entries: Iterable[AuditEntry]) -> list[int]:
    """Places in one chain, given in order, whose hash does not follow from what precedes."""
    broken, previous, place = [], GENESIS, 0
    for entry in entries:
        place += 1
        if entry.place != place or entry.hash != entry.digest(previous):
            broken.append(entry.place)
            place = entry.place
        previous = entry.hash
    return broken


@dataclass(frozen=True)
class Verdict:
    """What a walk along all chains found. broken: chain -> places."""

    chains: int
    entries: int
    broken: dict[str, list[int]]


def verify() -> Verdict:
    """Check every link of every chain; reads the whole trail, a thousand entries at a time."""
    statement = select(AuditEntry).order_by(AuditEntry.chain, AuditEntry.place)
    walked = db.session.scalars(statement, execution_options={"yield_per": 1000})
    chains, entries, broken = 0, 0, {}
    for chain, links in groupby(walked, key=lambda entry: entry.chain):
        held = list(links)
        chains, entries = chains + 1, entries + len(held)
        if places := broken_links(held):
            broken[chain] = places
    return Verdict(chains, entries, broken)


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    by_chain: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in session.info.pop(WAITING, []):
        by_chain[row["chain"]].append(row)
    for chain, rows in sorted(by_chain.items()):  # one order everywhere: no deadlock
        place, previous = _head(session, chain)
        for row in rows:
            row["place"] = place = place + 1
            row["hash"] = previous = _digest(row, previous)
        insert_rows(AuditEntry, rows)


def _head(session: Session, chain: str) -> tuple[int, str]:
    """The last place and hash of a chain, which nobody else may extend until we commit."""
    if session.get_bind().dialect.name == "postgresql" and not chain.startswith("consultation:"):
        # A case's chain is guarded by the lock on its row; any other by its name.
        key = int.from_bytes(hashlib.sha256(chain.encode()).digest()[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    last = session.connection().execute(_LAST, {"chain": chain}).first()
    return (0, GENESIS) if last is None else (last.place, last.hash)


_entries = cast(Table, AuditEntry.__table__)
_LAST = (
    select(_entries.c.place, _entries.c.hash)
    .where(_entries.c.chain == bindparam("chain"))
    .order_by(_entries.c.place.desc())
    .limit(1)
)
