"""Which deeds an auditor asked for, and what the ids in them stand for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import ColumnElement, Select, String, cast, or_, select

from app.accounts.models import Person
from app.audit import AuditEntry, broken_links
from app.consultations.models import Consultation
from app.db import db
from app.rooms.models import Room

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What to search for; an empty field narrows nothing. Days are the installation's."""

    person: str = ""  # login, or part of a name
    deed: str = ""
    number: str = ""  # of a case
    chain: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Wanted":
        """From the address of a page. What is no day is as good as empty."""
        texts = {
            name: asked.get(name, "").replace("\0", "").strip()[:64]
            for name in ("person", "deed", "number", "chain")
        }
        return cls(**texts, since=_day(asked.get("since")), until=_day(asked.get("until")))


@dataclass(frozen=True)
class Chain:
    """One chain as it stands in the database, from its first entry to its last."""

    name: str
    length: int
    broken: tuple[int, ...]  # places


def entries(wanted: Wanted) -> Select[AuditEntry]:
    """The deeds asked for, latest first."""
    statement = select(AuditEntry).order_by(AuditEntry.id.desc())
    if wanted.person:
        statement = statement.where(AuditEntry.actor_id.in_(select(Person.id).where(_is(wanted))))
    if wanted.deed:
        statement = statement.where(AuditEntry.deed == wanted.deed)
    if wanted.number or wanted.chain:
        statement = statement.where(AuditEntry.chain.in_(chain_names(wanted)))
    if wanted.since:
        statement = statement.where(AuditEntry.at >= _midnight(wanted.since))
    if wanted.until:
        statement = statement.where(AuditEntry.at < _midnight(wanted.until + timedelta(days=1)))
    return statement


def people(wanted: Wanted) -> list[int]:
    """Whom the search for a person found, by number."""
    return list(db.session.scalars(select(Person.id).where(_is(wanted)).order_by(Person.id)))


def chain_names(wanted: Wanted) -> list[str]:
    """The chains a search is about: a case has its own and that of its room."""
    names = [wanted.chain] if wanted.chain else []
    if wanted.number:
        case = select(Consultation.id).where(Consultation.number == wanted.number.upper())
        names += [f"consultation:{key}" for key in db.session.scalars(case)]
        room = select(Room.id).where(Room.consultation_id.in_(case))
        names += [f"room:{key}" for key in db.session.scalars(room)]
    return names


def chains(wanted: Wanted) -> list[Chain]:
    """The chains a search is about, each read from end to end and checked."""
    return [_chain(name) for name in chain_names(wanted)]


def names_of(found: Iterable[AuditEntry]) -> dict[str, str]:
    """What to call people and subjects, by `person:3` and the like; never a patient."""
    wanted: dict[str, set[int]] = {"consultation": set(), "room": set(), "person": set()}
    for entry in found:
        for subject in (entry.subject, f"person:{entry.actor_id}"):
            kind, _colon, key = subject.partition(":")
            if kind in wanted and key.isdecimal():
                wanted[kind].add(int(key))
    numbers = select(Consultation.id, Consultation.number)
    rooms = select(Room.id, Consultation.number).join(
        Consultation, Consultation.id == Room.consultation_id
    )
    sources: tuple[tuple[str, Any, Any], ...] = (
        ("consultation", numbers, Consultation.id),
        ("room", rooms, Room.id),
        ("person", select(Person.id, Person.name), Person.id),
    )
    return {
        f"{kind}:{key}": name
        for kind, statement, column in sources
        if wanted[kind]
        for key, name in db.session.execute(statement.where(column.in_(wanted[kind])))
    }


def _is(wanted: Wanted) -> ColumnElement[bool]:
    return or_(
        Person.login == wanted.person.lower(),
        Person.name.icontains(wanted.person, autoescape=True),
        cast(Person.id, String) == wanted.person,
    )


def _chain(name: str) -> Chain:
    statement = select(AuditEntry).where(AuditEntry.chain == name).order_by(AuditEntry.place)
    links = db.session.scalars(statement).all()
    return Chain(name, len(links), tuple(broken_links(links)))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    zone = ZoneInfo(current_app.config["SETTINGS"].time_zone)
    return datetime(day.year, day.month, day.day, tzinfo=zone)
