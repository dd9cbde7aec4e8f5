"""Reads of the organisation tree."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.errors import NotFound
from app.organisations.models import Alliance, Campus, Department, Hospital


def alliances() -> list[Alliance]:
    """All alliances with their hospitals, by name."""
    statement = select(Alliance).options(selectinload(Alliance.hospitals)).order_by(Alliance.name)
    return list(db.session.scalars(statement))


def find_hospitals(
    text: str = "", level: str = "", alliance_id: int | None = None
) -> list[Hospital]:
    """Hospitals whose name or address holds the text, by name."""
    statement = select(Hospital).options(
        joinedload(Hospital.alliance), selectinload(Hospital.departments)
    )
    if text:
        statement = statement.where(
            Hospital.name.icontains(text, autoescape=True)
            | Hospital.address.icontains(text, autoescape=True)
        )
    if level:
        statement = statement.where(Hospital.level == level)
    if alliance_id:
        statement = statement.where(Hospital.alliance_id == alliance_id)
    return list(db.session.scalars(statement.order_by(Hospital.name)))


def find_departments(text: str = "", hospital_id: int | None = None) -> list[Department]:
    """Departments whose name holds the text, by hospital and name."""
    statement = (
        select(Department)
        .join(Department.hospital)
        .options(joinedload(Department.hospital), joinedload(Department.campus))
    )
    if text:
        statement = statement.where(Department.name.icontains(text, autoescape=True))
    if hospital_id:
        statement = statement.where(Department.hospital_id == hospital_id)
    return list(db.session.scalars(statement.order_by(Hospital.name, Department.name)))


def find_campuses(hospital_id: int | None = None) -> list[Campus]:
    """Campuses, by hospital and name."""
    statement = select(Campus).join(Campus.hospital).options(joinedload(Campus.hospital))
    if hospital_id:
        statement = statement.where(Campus.hospital_id == hospital_id)
    return list(db.session.scalars(statement.order_by(Hospital.name, Campus.name)))


def hospital_page(hospital_id: int) -> Hospital:
    """A hospital with everything its page shows. Raises NotFound."""
    statement = (
        select(Hospital)
        .where(Hospital.id == hospital_id)
        .options(
            joinedload(Hospital.alliance),
            selectinload(Hospital.campuses),
            selectinload(Hospital.departments).joinedload(Department.campus),
        )
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound
    return found


def is_named(
    model: type[Hospital | Alliance | Campus | Department], name: str, **within: int
) -> int | None:
    """The id of the row that has this name already."""
    statement = select(model.id).where(func.lower(model.name) == name.lower()).filter_by(**within)
    return db.session.scalar(statement)
