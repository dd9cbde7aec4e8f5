"""Pages of alliances, hospitals, campuses and departments: browse, add, edit, delete."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.db import get_or_404
from app.organisations import actions, queries, words
from app.organisations.models import Alliance, Campus, Department, Hospital
from app.organisations.schemas import (
    AllianceInput,
    CampusInput,
    DepartmentInput,
    HospitalInput,
    dump_alliance,
    dump_campus,
    dump_department,
    dump_hospital,
)
from app.permissions import Permission, require
from app.web import actor
from app.web.inputs import form_page

bp = Blueprint("organisations", __name__)
FORM = ["GET", "POST"]


@bp.before_request
def _approved_only() -> None:
    require(actor(), Permission.ORGANISATION_BROWSE)


@bp.get("/hospitals")
def hospitals() -> ResponseReturnValue:
    """All hospitals, narrowed down by text, level and alliance."""
    text, level = request.args.get("q", "").strip(), request.args.get("level", "")
    alliance_id = request.args.get("alliance", type=int)
    return render_template(
        "organisations/hospitals.html",
        hospitals=queries.find_hospitals(text, level, alliance_id),
        alliances=queries.alliances(),
        levels=words.LEVELS,
        asked={"q": text, "level": level, "alliance": alliance_id},
    )


@bp.route("/hospitals/new", methods=FORM)
def new_hospital() -> ResponseReturnValue:
    """Admit a hospital."""
    require(actor(), Permission.ALLIANCE_MANAGE)

    def submit() -> ResponseReturnValue:
        added = actions.add_hospital(actor(), HospitalInput().read_form())
        return _done(_("已添加"), "organisations.hospital", hospital_id=added.id)

    return _hospital_form(None, submit)


@bp.get("/hospitals/<int:hospital_id>")
def hospital(hospital_id: int) -> ResponseReturnValue:
    """A hospital with its campuses and departments."""
    found = queries.hospital_page(hospital_id)
    return render_template("organisations/hospital.html", hospital=found, levels=words.LEVELS)


@bp.route("/hospitals/<int:hospital_id>/edit", methods=FORM)
def edit_hospital(hospital_id: int) -> ResponseReturnValue:
    """Change a hospital's data."""
    found = get_or_404(Hospital, hospital_id)
    require(actor(), Permission.HOSPITAL_MANAGE, found)

    def submit() -> ResponseReturnValue:
        actions.change_hospital(actor(), found, HospitalInput().read_form())
        return _done(_("已保存"), "organisations.hospital", hospital_id=hospital_id)

    return _hospital_form(found, submit)


@bp.post("/hospitals/<int:hospital_id>/delete")
def delete_hospital(hospital_id: int) -> ResponseReturnValue:
    """Delete a hospital that nothing refers to."""
    actions.delete_hospital(actor(), get_or_404(Hospital, hospital_id))
    return _done(_("已删除"), "organisations.hospitals")


@bp.route("/hospitals/<int:hospital_id>/campuses/new", methods=FORM)
def new_campus(hospital_id: int) -> ResponseReturnValue:
    """Add a campus to a hospital."""
    home = get_or_404(Hospital, hospital_id)
    require(actor(), Permission.HOSPITAL_MANAGE, home)

    def submit() -> ResponseReturnValue:
        actions.add_campus(actor(), home, CampusInput().read_form())
        return _done(_("已添加"), "organisations.hospital", hospital_id=hospital_id)

    return form_page("organisations/campus_form.html", submit, campus=None, hospital=home)


@bp.route("/campuses/<int:campus_id>/edit", methods=FORM)
def edit_campus(campus_id: int) -> ResponseReturnValue:
    """Change a campus."""
    campus = get_or_404(Campus, campus_id)
    require(actor(), Permission.HOSPITAL_MANAGE, campus)

    def submit() -> ResponseReturnValue:
        actions.change_campus(actor(), campus, CampusInput().read_form())
        return _done(_("已保存"), "organisations.hospital", hospital_id=campus.hospital_id)

    return form_page(
        "organisations/campus_form.html",
        submit,
        dump_campus(campus),
        campus=campus,
        hospital=campus.hospital,
    )


@bp.post("/campuses/<int:campus_id>/delete")
def delete_campus(campus_id: int) -> ResponseReturnValue:
    """Delete a campus that nothing refers to."""
    campus = get_or_404(Campus, campus_id)
    hospital_id = campus.hospital_id
    actions.delete_campus(actor(), campus)
    return _done(_("已删除"), "organisations.hospital", hospital_id=hospital_id)


@bp.get("/departments")
def departments() -> ResponseReturnValue:
    """The departments of all hospitals, narrowed down by text and hospital."""
    text, hospital_id = request.args.get("q", "").strip(), request.args.get("hospital", type=int)
    return render_template(
        "organisations/departments.html",
        departments=queries.find_departments(text, hospital_id),
        hospitals=queries.find_hospitals(),
        asked={"q": text, "hospital": hospital_id},
    )


@bp.route("/hospitals/<int:hospital_id>/departments/new", methods=FORM)
def new_department(hospital_id: int) -> ResponseReturnValue:
    """Add a department to a hospital."""
    home = get_or_404(Hospital, hospital_id)
    require(actor(), Permission.HOSPITAL_MANAGE, home)

    def submit() -> ResponseReturnValue:
        actions.add_department(actor(), home, DepartmentInput().read_form())
        return _done(_("已添加"), "organisations.hospital", hospital_id=hospital_id)

    return _department_form(home, None, submit)


@bp.get("/departments/<int:department_id>")
def department(department_id: int) -> ResponseReturnValue:
    """One department."""
    found = get_or_404(Department, department_id)
    return render_template("organisations/department.html", department=found)


@bp.route("/departments/<int:department_id>/edit", methods=FORM)
def edit_department(department_id: int) -> ResponseReturnValue:
    """Change a department."""
    found = get_or_404(Department, department_id)
    require(actor(), Permission.HOSPITAL_MANAGE, found)

    def submit() -> ResponseReturnValue:
        actions.change_department(actor(), found, DepartmentInput().read_form())
        return _done(_("已保存"), "organisations.department", department_id=department_id)

    return _department_form(found.hospital, found, submit)


@bp.post("/departments/<int:department_id>/delete")
def delete_department(department_id: int) -> ResponseReturnValue:
    """Delete a department that nothing refers to."""
    found = get_or_404(Department, department_id)
    hospital_id = found.hospital_id
    actions.delete_department(actor(), found)
    return _done(_("已删除"), "organisations.hospital", hospital_id=hospital_id)


@bp.get("/alliances")
def alliances() -> ResponseReturnValue:
    """All alliances and how many hospitals each has."""
    return render_template("organisations/alliances.html", alliances=queries.alliances())


@bp.route("/alliances/new", methods=FORM)
def new_alliance() -> ResponseReturnValue:
    """Found an alliance."""
    require(actor(), Permission.ALLIANCE_MANAGE)

    def submit() -> ResponseReturnValue:
        actions.add_alliance(actor(), AllianceInput().read_form())
        return _done(_("已添加"), "organisations.alliances")

    return form_page("organisations/alliance_form.html", submit, alliance=None)


@bp.route("/alliances/<int:alliance_id>/edit", methods=FORM)
def edit_alliance(alliance_id: int) -> ResponseReturnValue:
    """Rename an alliance."""
    require(actor(), Permission.ALLIANCE_MANAGE)
    alliance = get_or_404(Alliance, alliance_id)

    def submit() -> ResponseReturnValue:
        actions.change_alliance(actor(), alliance, AllianceInput().read_form())
        return _done(_("已保存"), "organisations.alliances")

    template = "organisations/alliance_form.html"
    return form_page(template, submit, dump_alliance(alliance), alliance=alliance)


@bp.post("/alliances/<int:alliance_id>/delete")
def delete_alliance(alliance_id: int) -> ResponseReturnValue:
    """Delete an alliance without hospitals."""
    require(actor(), Permission.ALLIANCE_MANAGE)
    actions.delete_alliance(actor(), get_or_404(Alliance, alliance_id))
    return _done(_("已删除"), "organisations.alliances")


def _hospital_form(
    found: Hospital | None, submit: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue:
    return form_page(
        "organisations/hospital_form.html",
        submit,
        dump_hospital(found) if found else {},
        hospital=found,
        alliance_options=[(alliance.id, alliance.name) for alliance in queries.alliances()],
        levels=words.LEVELS,
    )


def _department_form(
    home: Hospital, found: Department | None, submit: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue:
    return form_page(
        "organisations/department_form.html",
        submit,
        dump_department(found) if found else {},
        department=found,
        hospital=home,
        campus_options=[(campus.id, campus.name) for campus in home.campuses],
    )


def _done(message: object, endpoint: str, **where: Any) -> ResponseReturnValue:
    flash(str(message), "success")
    return redirect(url_for(endpoint, **where))
