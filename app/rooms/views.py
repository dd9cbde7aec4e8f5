"""The room's page: what a person sees before any socket is open."""

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from app.config import Settings
from app.consultations import panels
from app.consultations.models import Consultation
from app.db import get_or_404
from app.errors import NotFound
from app.patients.masking import masked_name
from app.permissions import Actor, Permission, allows, require
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
            "back": url_for("consultations.show", consultation_id=consultation.id),
            "finish": url_for("tasks.first", consultation_id=consultation.id),
            "iceServers": list(_settings().ice_servers),
        },
    )


def _is_open(consultation_id: int) -> bool:
    try:
        queries.open_room_of(consultation_id)
    except NotFound:
        return False
    return True


@panels.panel("rooms/_door.html", column="head", place=5)
def door(consultation: Consultation, who: Actor) -> dict[str, object] | None:
    """The way in, on the case's page, while the room is open."""
    if not allows(who, Permission.ROOM_JOIN, consultation) or not _is_open(consultation.id):
        return None
    return {"url": url_for("rooms.show", consultation_id=consultation.id)}


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
