"""The signature under a report: Ed25519 by the installation's key, over all that it says (E-4)."""

import json
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.reports.models import Report
from app.sealing import sealer


def sign(report: Report) -> bytes:
    """The signature over the report as it stands, signer and time included."""
    return _key().sign(message(report))


def is_genuine(report: Report) -> bool:
    """Whether a signed report still says what was signed."""
    if report.signature is None:
        return False
    try:
        _key().public_key().verify(report.signature, message(report))
    except InvalidSignature:
        return False
    return True


def message(report: Report) -> bytes:
    """What is signed, as canonical JSON."""
    said = {
        "consultation": report.consultation_id,
        "number": report.number,
        "content": report.content,
        "author": report.author_id,
        "written_at": _instant(report.written_at),
        "signed_by": report.signed_by_id,
        "signed_at": _instant(report.signed_at),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _instant(moment: datetime | None) -> str | None:
    """One way to write a moment, whatever zone it was read or made in."""
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sealer().derive("report signatures"))
