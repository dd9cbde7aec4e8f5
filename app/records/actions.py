"""Adding, reading and removing the papers of a case."""

import hashlib
import json
import subprocess
import sys
from typing import Any

from flask_babel import lazy_gettext as _

from app.audit import Deed, record
from app.consultations.models import Consultation, Status
from app.consultations.steps import CaseMoved
from app.db import db, end_reading, get_or_404, now, publish, transactional
from app.errors import Conflict, Invalid, NotFound
from app.permissions import Actor, Permission, require
from app.records import inspection, store
from app.records.models import Category, Record

WAIT_S = 30
REASONS: dict[str, Any] = {
    "kind": _("只接受 JPEG、PNG 图片和 PDF 文件"),
    "damaged": _("文件已损坏，请重新拍照、扫描或导出"),
    "pixels": _("图片太大，请缩小到 8000 万像素以内"),
    "pages": _("PDF 必须有 1 到 300 页"),
    "encrypted": _("PDF 有密码保护，请去掉密码后再上传"),
    "slow": _("文件过于复杂，无法检查，请重新导出"),
}


def add_record(
    consultation_id: int, actor: Actor, data: bytes, title: str, category: str
) -> Record:
    """Check, clean and keep an upload (S2-9, S2-29).

    Raises Forbidden, Conflict once the case is closed, Invalid with what would help.
    """
    _may_add(consultation_id, actor)
    if category not in set(Category):
        raise Invalid({"category": _("请选择资料类别")})
    end_reading()  # the database is not held while the file is looked at
    found, cleaned = _inspected(data)
    return _keep(consultation_id, actor, found, cleaned, title[:120] or "-", category)


def _may_add(consultation_id: int, actor: Actor) -> Consultation:
    consultation = get_or_404(Consultation, consultation_id)
    require(actor, Permission.RECORD_ADD, consultation)
    if consultation.is_closed:
        raise Conflict(_("会诊已经结束，不能再补充资料"))
    return consultation


@transactional
def _keep(
    consultation_id: int,
    actor: Actor,
    found: inspection.Found,
    data: bytes,
    title: str,
    category: str,
) -> Record:
    consultation = _may_add(consultation_id, actor)
    kept = Record(
        consultation_id=consultation.id,
        category=category,
        title=title,
        media_type=found.media_type,
        size=len(data),
        width=found.width,
        height=found.height,
        pages=found.pages,
        sha256=hashlib.sha256(data).hexdigest(),
        stored_as=store.keep(data),
        added_by_id=actor.actor_id,
        added_at=now(),
    )
    db.session.add(kept)
    db.session.flush()
    record(actor, Deed.RECORD_ADDED, consultation, record=kept.id, sha256=kept.sha256)
    publish(CaseMoved(consultation.id, consultation.status))
    return kept


def _inspected(data: bytes) -> tuple[inspection.Found, bytes]:
    """What a child process makes of a file. Raises Invalid."""
    try:
        child = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, inspection.__file__],
            input=data,
            capture_output=True,
            timeout=WAIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid({"file": REASONS["slow"]}) from error
    if child.returncode != 0:
        code = child.stdout.decode(errors="replace")
        raise Invalid({"file": REASONS.get(code, REASONS["slow"])})
    head, cleaned = child.stdout.split(b"\n", 1)
    return inspection.Found(**json.loads(head)), cleaned


@transactional
def read_record(record_id: int, actor: Actor) -> tuple[Record, bytes]:
    """A paper and its bytes; that it was seen is noted (S4-13). Raises NotFound, Forbidden."""
    found = get_or_404(Record, record_id)
    require(actor, Permission.RECORD_READ, found)
    if found.removed_at is not None:
        raise NotFound
    record(actor, Deed.RECORD_READ, found.consultation, record=found.id)
    return found, store.read(found.stored_as)


@transactional
def remove_record(record_id: int, actor: Actor) -> Record:
    """Take a paper out of a draft; what reviewers have seen stays (E-2)."""
    found = get_or_404(Record, record_id)
    require(actor, Permission.RECORD_ADD, found)
    if found.consultation.status != Status.DRAFT:
        raise Conflict(_("申请已提交，资料不能再移除"))
    if found.removed_at is None:
        found.removed_at = now()
        record(actor, Deed.RECORD_REMOVED, found.consultation, record=found.id)
    return found


def records_of(consultation_id: int) -> list[Record]:
    """The papers of a case, in the order they came."""
    query = db.session.query(Record).filter_by(consultation_id=consultation_id, removed_at=None)
    return query.order_by(Record.id).all()
