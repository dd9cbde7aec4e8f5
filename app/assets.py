"""Addresses of the built browser code, from the manifest that `npm run build` leaves behind."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, url_for

DIST = Path(__file__).parent / "static" / "dist"


class NotBuilt(RuntimeError):
    """The browser code is missing or older than the page that asks for it."""


@dataclass(frozen=True)
class Entry:
    """What a page needs for one entry module; paths are relative to the folder of built files."""

    script: str | None
    styles: tuple[str, ...]


class Manifest:
    """Vite's manifest, read again when a build has replaced it."""

    def __init__(self, dist: Path = DIST) -> None:
        self._path = dist / "manifest.json"
        self._read_at = -1
        self._chunks: dict[str, dict[str, Any]] = {}

    def entry(self, source: str) -> Entry:
        """Files of the entry module `source`, e.g. "src/main.ts". Raises NotBuilt."""
        self._refresh()
        if not self._chunks.get(source, {}).get("isEntry"):
            raise NotBuilt(f"{source} is not an entry of {self._path}; run `npm run build` again")
        chunk = self._chunks[source]
        return Entry(chunk["file"], tuple(self._styles(source, set())))

    def _refresh(self) -> None:
        try:
            written_at = self._path.stat().st_mtime_ns
        except FileNotFoundError as error:
            hint = "run `npm ci && npm run build` in app/client"
            raise NotBuilt(f"the browser code is not built ({self._path}): {hint}") from error
        if written_at != self._read_at:
            self._chunks = json.loads(self._path.read_text("utf-8"))
            self._read_at = written_at

    def _styles(self, source: str, seen: set[str]) -> list[str]:
        """Style sheets of a chunk and of what it imports, the imported ones first."""
        if source in seen:
            return []
        seen.add(source)
        chunk = self._chunks[source]
        imported = [
            style for name in chunk.get("imports", ()) for style in self._styles(name, seen)
        ]
        return imported + list(chunk.get("css", ()))


def init_assets(app: Flask, manifest: Manifest | None = None) -> None:
    """Give templates `asset("src/main.ts")`, an Entry of addresses.

    In tests, which need no browser code to look at a page's words, a missing build gives an
    empty Entry instead of NotBuilt.
    """
    read = manifest or Manifest()

    def asset(source: str) -> Entry:
        try:
            entry = read.entry(source)
        except NotBuilt:
            if app.testing:
                return Entry(None, ())
            raise
        return Entry(_address(entry.script), tuple(_address(style) for style in entry.styles))

    app.jinja_env.globals["asset"] = asset


def _address(file: str | None) -> str:
    return url_for("static", filename=f"dist/{file}")
