"""What may be said of organisations, and how they look as JSON."""

import re
from typing import Any

from flask_babel import lazy_gettext as _

from app.organisations.models import Alliance, Campus, Department, Hospital, Level
from app.web.inputs import Choice, Input, Key, Phone, Text, Tick

# GB/T 2260: province, prefecture and county, two digits each; no province is below 11.
REGION = re.compile(r"[1-9][1-9][0-9]{4}")


class AllianceInput(Input):
    """An alliance's form."""

    name = Text(100, required=True)


class HospitalInput(Input):
    """A hospital's form (S0-2)."""

    alliance_id = Key(required=True)
    name = Text(100, required=True)
    level = Choice(Level)
    description = Text(2000)
    address = Text(200)
    phone = Phone()
    region_code = Text(6, pattern=REGION, message=_("请填写 6 位行政区划代码，例如 530111"))
    can_be_invited = Tick()


class CampusInput(Input):
    """A campus's form (S1-7)."""

    name = Text(100, required=True)
    address = Text(200)
    phone = Phone()


class DepartmentInput(Input):
    """A department's form (S0-4)."""

    name = Text(100, required=True)
    campus_id = Key()
    description = Text(2000)
    phone = Phone()


def dump_alliance(alliance: Alliance) -> dict[str, Any]:
    """An alliance as JSON."""
    return {"id": alliance.id, "name": alliance.name}


def dump_hospital(hospital: Hospital) -> dict[str, Any]:
    """A hospital as JSON."""
    names = ("id", *HospitalInput._declared_fields)
    return {name: getattr(hospital, name) for name in names}


def dump_campus(campus: Campus) -> dict[str, Any]:
    """A campus as JSON."""
    names = ("id", "hospital_id", *CampusInput._declared_fields)
    return {name: getattr(campus, name) for name in names}


def dump_department(department: Department) -> dict[str, Any]:
    """A department as JSON."""
    names = ("id", "hospital_id", *DepartmentInput._declared_fields)
    return {name: getattr(department, name) for name in names}
