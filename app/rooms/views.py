"""The room's page: what a person sees before any socket is open."""

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.consultations.models import Consultation
from app.db import get_or_404
from app.errors import NotFound
from app.patients.masking import masked_name
from app.permissions import Permission, require
from app.rooms import queries
from app.web import actor

bp = Blueprint("rooms", __name__)


@bp.get("/consultations/<int:consultation_id>/room")
def show(consultation_id: int) -> ResponseReturnValue:
    """The room of a case, or that it is not open; only for the case's people."""
    consultation = get_or_404(Consultation, consultation_id)
    require(actor(), Permission.ROOM_JOIN, consultation)
    patient = consultation.patient
    return render_template(
        "rooms/room.html",
        consultation=consultation,
        patient_name=masked_name(patient.name) if patient else None,
        is_open=_is_open(consultation_id),
        config={
            "consultation": consultation.id,
            "me": actor().actor_id,
            "records": f"/api/consultations/{consultation.id}/records",
            "back": f"/consultations/{consultation.id}",
            "iceServers": list(_settings().ice_servers),
        },
    )


def _is_open(consultation_id: int) -> bool:
    try:
        queries.open_room_of(consultation_id)
    except NotFound:
        return False
    return True


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
