"""Where uploaded bytes lie: one sealed file each, under a name that tells nothing."""

import os
import uuid
from pathlib import Path

from flask import current_app

from app.config import Settings
from app.sealing import sealer


def keep(data: bytes) -> str:
    """Store bytes for good; the name under which `read` finds them."""
    name = uuid.uuid4().hex
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(sealer().seal(data))
        file.flush()
        os.fsync(file.fileno())
    return name


def read(name: str) -> bytes:
    """The bytes. Raises FileNotFoundError, Unreadable if they were altered."""
    return sealer().open(_path(name).read_bytes())


def _path(name: str) -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.folder / "records" / name[:2] / name
