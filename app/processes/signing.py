"""The installation's signature under a publication: that this content, under this number, was put
in force by these two people (O-4)."""

import base64
import binascii
import json
from datetime import UTC

from app import signing
from app.processes.models import Publication

PURPOSE = "publication signatures"


def sign(publication: Publication) -> None:
    """Sign a publication as it stands, by the algorithm of the settings."""
    algorithm = signing.chosen()
    made = signing.signer(algorithm, PURPOSE).sign(statement(publication))
    publication.signature = {"algorithm": algorithm, "value": base64.b64encode(made).decode()}


def is_genuine(publication: Publication) -> bool:
    """Whether publication and content still are, byte for byte, what was signed."""
    if publication.version.bundle().digest() != publication.digest:
        return False
    try:
        value = base64.b64decode(publication.signature["value"], validate=True)
        signer = signing.signer(publication.signature["algorithm"], PURPOSE)
    except (KeyError, TypeError, binascii.Error):
        return False  # unsigned, or no signature of ours
    return signer.is_genuine(value, statement(publication))


def statement(publication: Publication) -> bytes:
    """What is signed, as canonical JSON; the digest stands for the content."""
    said = {
        "process": publication.process.key,
        "number": publication.number,
        "digest": publication.digest,
        "scenarios": publication.scenarios,
        "note": publication.note,
        "proposed_by": publication.proposed_by_id,
        "published_by": publication.published_by_id,
        "published_at": publication.published_at.astimezone(UTC).isoformat(),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def public_key() -> str:
    """The key that proves the signatures of the present algorithm, in PEM."""
    return signing.signer(signing.chosen(), PURPOSE).public_key()
