"""Keeping a patient's identity and consent, as an application states them."""

from datetime import date

from app.audit import Chained, Deed, record
from app.db import db, now
from app.patients.models import Consent, Patient, Purpose
from app.permissions import Actor
from app.sealing import sealer


def keep_patient(
    known: Patient | None,
    *,
    hospital_id: int,
    name: str,
    sex: str,
    birth_on: date,
    id_number: str | None,
    phone: str | None,
) -> Patient:
    """The patient as now stated: the one already on the case, else one of that identity number
    at the hospital, else a new one. Part of the caller's transaction."""
    index = sealer().blind_index(id_number) if id_number else None
    patient = known or _find(hospital_id, index) or Patient(hospital_id=hospital_id)
    patient.name, patient.name_index = name, sealer().blind_index(name)
    patient.id_number, patient.id_index = id_number, index
    patient.sex, patient.birth_on, patient.phone = sex, birth_on, phone
    db.session.add(patient)
    db.session.flush()
    return patient


def record_consent(
    actor: Actor,
    case: Chained,
    *,
    consultation_id: int,
    patient: Patient,
    given_by: str,
    given_on: date,
) -> None:
    """Note the consent to this consultation once; stated again, it is brought up to date."""
    known = db.session.query(Consent).filter_by(
        consultation_id=consultation_id, purpose=Purpose.CONSULTATION, withdrawn_at=None
    )
    consent = known.one_or_none() or Consent(
        consultation_id=consultation_id, purpose=Purpose.CONSULTATION
    )
    consent.patient, consent.given_by, consent.given_on = patient, given_by, given_on
    consent.recorded_by_id, consent.recorded_at = actor.actor_id, now()
    db.session.add(consent)
    record(actor, Deed.CONSENT_GIVEN, case, purpose=str(Purpose.CONSULTATION), given_by=given_by)


def _find(hospital_id: int, index: str | None) -> Patient | None:
    if index is None:
        return None
    return db.session.query(Patient).filter_by(hospital_id=hospital_id, id_index=index).first()
