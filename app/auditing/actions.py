"""Reading the audit, which is itself a deed."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_sqlalchemy.pagination import Pagination

from app.audit import AuditEntry, Deed, record
from app.auditing import queries
from app.auditing.queries import Wanted
from app.db import db, transactional
from app.errors import Invalid
from app.permissions import Actor, Permission, require

MOST_EXPORTED = 50_000


@dataclass(frozen=True)
class Trail:
    """What is read: the trail as a whole."""

    audit_chain: str = "audit"
    audit_subject: str = "audit"


@transactional
def search(actor: Actor, wanted: Wanted, page: int = 1) -> Pagination:
    """One page of the deeds asked for. Raises Forbidden."""
    require(actor, Permission.AUDIT_READ)
    found = db.paginate(queries.entries(wanted), page=page, per_page=queries.PAGE, error_out=False)
    _note(actor, wanted, page=found.page)
    return found


@transactional
def export(actor: Actor, wanted: Wanted) -> Sequence[AuditEntry]:
    """All deeds asked for. Raises Forbidden, Invalid if they are more than one file should hold."""
    require(actor, Permission.AUDIT_READ)
    found = db.session.scalars(queries.entries(wanted).limit(MOST_EXPORTED + 1)).all()
    if len(found) > MOST_EXPORTED:
        raise Invalid(message=_("超过 %(most)s 条，请缩小时间范围后导出", most=MOST_EXPORTED))
    _note(actor, wanted, exported=len(found))
    return found


def _note(actor: Actor, wanted: Wanted, **details: int) -> None:
    """What was looked for, without the name that may have been typed."""
    asked = {
        "deed": wanted.deed,
        "number": wanted.number,
        "chain": wanted.chain,
        "since": wanted.since and wanted.since.isoformat(),
        "until": wanted.until and wanted.until.isoformat(),
        "people": queries.people(wanted)[:20] if wanted.person else None,
    }
    kept = {name: value for name, value in asked.items() if value not in (None, "")}
    record(actor, Deed.AUDIT_READ, Trail(), wanted=kept, **details)
