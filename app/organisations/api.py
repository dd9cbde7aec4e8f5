"""The organisation tree as JSON, for whoever is approved."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from app.organisations import queries
from app.organisations.schemas import (
    dump_alliance,
    dump_campus,
    dump_department,
    dump_hospital,
)
from app.permissions import Permission, require
from app.web import actor

bp = Blueprint("organisations_api", __name__, url_prefix="/api")


@bp.before_request
def _approved_only() -> None:
    require(actor(), Permission.ORGANISATION_BROWSE)


@bp.get("/alliances")
def alliances() -> ResponseReturnValue:
    """All alliances."""
    return jsonify([dump_alliance(alliance) for alliance in queries.alliances()])


@bp.get("/hospitals")
def hospitals() -> ResponseReturnValue:
    """Hospitals; ?q= text, ?level=, ?alliance= narrow them down."""
    found = queries.find_hospitals(
        request.args.get("q", ""),
        request.args.get("level", ""),
        request.args.get("alliance", type=int),
    )
    return jsonify([dump_hospital(hospital) for hospital in found])


@bp.get("/hospitals/<int:hospital_id>")
def hospital(hospital_id: int) -> ResponseReturnValue:
    """A hospital with its campuses and departments."""
    found = queries.hospital_page(hospital_id)
    return jsonify(
        dump_hospital(found)
        | {
            "campuses": [dump_campus(campus) for campus in found.campuses],
            "departments": [dump_department(department) for department in found.departments],
        }
    )


@bp.get("/departments")
def departments() -> ResponseReturnValue:
    """Departments; ?q= text and ?hospital= narrow them down."""
    found = queries.find_departments(
        request.args.get("q", ""), request.args.get("hospital", type=int)
    )
    return jsonify([dump_department(department) for department in found])


@bp.get("/campuses")
def campuses() -> ResponseReturnValue:
    """Campuses; ?hospital= narrows them down."""
    found = queries.find_campuses(request.args.get("hospital", type=int))
    return jsonify([dump_campus(campus) for campus in found])
