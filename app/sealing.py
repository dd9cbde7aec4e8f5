"""Sealing at rest: AES-256-GCM for columns and files, a keyed hash for search (S4-11…14)."""

import hmac
import json
import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

VERSION = b"\x01"  # first byte of everything sealed: the way to read it later
NONCE_BYTES = 12


class Unreadable(Exception):
    """Sealed bytes were altered, cut off, or sealed under another key."""


@dataclass(frozen=True)
class Sealer:
    """Seals and opens bytes under one 32-byte master key."""

    master: bytes

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._derive(b"seal"))

    @cached_property
    def _index_key(self) -> bytes:
        return self._derive(b"index")

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key of its own for another purpose (the signing key of reports)."""
        return self._derive(purpose.encode())

    def seal(self, data: bytes) -> bytes:
        """version (1 byte), nonce (12), ciphertext and tag."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._cipher.encrypt(nonce, data, VERSION)

    def open(self, sealed: bytes) -> bytes:
        """The bytes that were sealed. Raises Unreadable."""
        head, nonce, body = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if head != VERSION:
            raise Unreadable("not sealed by this product")
        try:
            return self._cipher.decrypt(nonce, body, VERSION)
        except (InvalidTag, ValueError) as error:
            raise Unreadable("altered or under another key") from error

    def blind_index(self, text: str) -> str:
        """A keyed hash (hex) that finds equal values without telling them."""
        return hmac.new(self._index_key, text.encode(), "sha256").hexdigest()

    def _derive(self, purpose: bytes) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=b"huizhen/" + purpose).derive(self.master)


def sealer() -> Sealer:
    """The sealer of the running application."""
    found: Sealer = current_app.extensions["sealer"]
    return found


class SealedText(TypeDecorator[str]):
    """Text that the database holds as sealed bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else sealer().seal(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else sealer().open(value).decode()


class SealedJSON(TypeDecorator[Any]):
    """A JSON value that the database holds as sealed bytes. Assign anew; do not edit in place."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return sealer().seal(json.dumps(value, ensure_ascii=False).encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(sealer().open(value))
