"""Message catalogues: compiled when the application starts and a .po file is newer."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent.parent / "translations"


def compile_stale(folder: Path = FOLDER) -> list[Path]:
    """Write the .mo beside every .po that is newer; the files written."""
    return [
        _compile(source)
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po"))
        if _is_stale(source)
    ]


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


def _compile(source: Path) -> Path:
    target = source.with_suffix(".mo")
    half = target.with_suffix(f".{os.getpid()}")  # several workers may start at once
    with source.open("rb") as text, half.open("wb") as compiled:
        write_mo(compiled, read_po(text, locale=source.parent.parent.name))
    return half.replace(target)
