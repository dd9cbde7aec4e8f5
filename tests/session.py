"""A case whose session is under way, for tests about its room."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from app.accounts.models import Person
from app.consultations.models import Capacity, Consultation, Participant, Status
from app.consultations.steps import CaseMoved, case_of
from app.db import db, now, publish, transactional
from app.patients.models import Patient, Sex
from app.permissions import Role
from app.rooms import actions
from tests.makers import make_department, make_hospital, make_person

_numbers = count(1)


@dataclass(frozen=True)
class Session:
    """A case with an open room: li asks, wang and zhao are its experts; chen is of another case."""

    consultation: Consultation
    room_id: int
    li: Person
    wang: Person
    zhao: Person

    def close(self) -> None:
        """What the process does when the session's task is completed."""

        @transactional
        def run() -> None:
            case = db.session.get(Consultation, self.consultation.id)
            assert case is not None
            actions.close_room(case_of(case, self.li))
            publish(CaseMoved(case.id, case.status))

        run()

    def remove(self, person: Person) -> None:
        """What the process does when another expert is named instead."""

        @transactional
        def run() -> None:
            part = db.session.query(Participant).filter_by(
                consultation_id=self.consultation.id, person_id=person.id
            )
            part.one().ended_at = now()
            publish(CaseMoved(self.consultation.id, Status.IN_PROGRESS))

        run()


def make_session(li: Person | None = None) -> Session:
    """A case in session with its room open."""
    department = make_department()
    invited = make_hospital(can_be_invited=True)
    li = li or make_person(Role.APPLICANT, department=department, name="李示例")
    wang = make_person(Role.EXPERT, hospital=invited, name="王示例")
    zhao = make_person(Role.EXPERT, hospital=invited, name="赵示例")
    case = Consultation(
        number=f"HZ20260302-{next(_numbers):04d}",
        status=Status.IN_PROGRESS,
        applicant_id=li.id,
        patient=_patient(department.hospital_id),
        inviting_hospital_id=department.hospital_id,
        inviting_department_id=department.id,
        invited_hospital_id=invited.id,
        reached_invited_at=now(),
        created_at=now(),
    )
    people = ((li, Capacity.APPLICANT), (wang, Capacity.EXPERT), (zhao, Capacity.EXPERT))
    for person, capacity in people:
        case.participants.append(
            Participant(person_id=person.id, capacity=capacity, added_at=now())
        )
    db.session.add(case)
    db.session.commit()
    return Session(case, _open(case, li), li, wang, zhao)


@transactional
def _open(case: Consultation, actor: Person) -> int:
    return actions.open_room(case_of(case, actor)).id


def _patient(hospital_id: int) -> Patient:
    return Patient(
        hospital_id=hospital_id,
        name="张测试",
        name_index="",
        sex=Sex.FEMALE,
        birth_on=date(1950, 1, 1),
    )
