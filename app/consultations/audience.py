"""Who is meant when a diagram says "tell the coordinator", and what they may be told."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select

from app.accounts.addressees import Addressee, holders
from app.accounts.models import Person
from app.consultations.models import Capacity, Consultation, Participant
from app.db import db
from app.notices import texts
from app.notices.actions import queue
from app.permissions import Role
from app.processes.queries import notices

# Filled by the inbox, which alone knows to whom tasks are open.
assignees: list[Callable[[Consultation], Sequence[Addressee]]] = []


def people_of(consultation: Consultation, audience: str) -> list[Addressee]:
    """The people a notice's audience names, each once. Raises KeyError for an unknown one."""
    found = _AUDIENCES[audience](consultation)
    return list({person.id: person for person in found}.values())


def tell(
    people: Iterable[Addressee], consultation: Consultation, template: str, **facts: object
) -> None:
    """Queue a notice about a case, in the words of its version: nothing of patient or disease.

    facts: what the template declares beside the case's number and time. Raises BadParameters.
    """
    digest = consultation.instance.digest
    declared = texts.template(template, digest)
    known = {"number": consultation.number, "at": consultation.scheduled_at}
    of_case = {key: known[key] for key in known if key in declared.needs | declared.may}
    queue(people, template, consultation.id, digest, **of_case, **facts)


def experts_of(consultation: Consultation) -> list[Person]:
    """The experts named for a case now, the leading one first."""
    statement = (
        select(Person)
        .join(Participant, Participant.person_id == Person.id)
        .where(
            Participant.consultation_id == consultation.id,
            Participant.capacity == Capacity.EXPERT,
            Participant.ended_at.is_(None),
        )
        .order_by(Participant.place, Participant.id)
    )
    return list(db.session.scalars(statement))


def _applicant(consultation: Consultation) -> Sequence[Addressee]:
    return [consultation.applicant]


def _coordinators(_consultation: Consultation) -> list[Addressee]:
    return holders(Role.TRIAGE_COORDINATOR)


def _medical_affairs(hospital_id: int | None) -> list[Addressee]:
    return holders(Role.MEDICAL_AFFAIRS, hospital_id=hospital_id)


def _everybody(consultation: Consultation) -> list[Addressee]:
    return [consultation.applicant, *experts_of(consultation), *_coordinators(consultation)]


def _assignees(consultation: Consultation) -> list[Addressee]:
    return [person for find in assignees for person in find(consultation)]


_AUDIENCES: dict[str, Callable[[Consultation], Sequence[Addressee]]] = {
    "applicant": _applicant,
    "coordinator": _coordinators,
    "experts": experts_of,
    "all": _everybody,
    "assignees": _assignees,
    "inviting_medical_affairs": lambda one: _medical_affairs(one.inviting_hospital_id),
    "invited_medical_affairs": lambda one: _medical_affairs(one.invited_hospital_id),
}
AUDIENCES = frozenset(_AUDIENCES)

texts.brought.append(notices)
