"""The installation's own signature. What signs is chosen by a setting; what was signed by another
algorithm before stays provable."""

import base64
import textwrap
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app
from gmalg import SM2

from app.sealing import sealer


class Signer(Protocol):
    """One algorithm with the installation's key for it."""

    def sign(self, message: bytes) -> bytes: ...
    def is_genuine(self, signature: bytes, message: bytes) -> bool: ...
    def public_key(self) -> str:
        """In PEM, to prove signatures without the product."""


class Ed25519:
    """RFC 8032, with a key made of the data key: who has the database alone cannot sign."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def is_genuine(self, signature: bytes, message: bytes) -> bool:
        try:
            self._key.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def public_key(self) -> str:
        key = self._key.public_key()
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class Sm2:
    """GB/T 32918.2 with SM3, for hospitals that must use the national algorithms.

    The same kind of key as above; signatures in DER, the signer's id that GM/T 0009 gives to all.
    """

    _ID = b"1234567812345678"
    _ORDER = 0xFFFFFFFE_FFFFFFFF_FFFFFFFF_FFFFFFFF_7203DF6B_21C6052B_53BBF409_39D54123
    # SubjectPublicKeyInfo of id-ecPublicKey on sm2p256v1, up to the point itself.
    _HEAD = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")

    def __init__(self, seed: bytes) -> None:
        secret = int.from_bytes(seed, "big") % (self._ORDER - 2) + 1
        self._key = SM2(secret.to_bytes(32, "big"), self._ID)
        self._point = self._key.generate_pk(secret.to_bytes(32, "big"))

    def sign(self, message: bytes) -> bytes:
        pair = (int.from_bytes(part, "big") for part in self._key.sign(message))
        return encode_dss_signature(*pair)

    def is_genuine(self, signature: bytes, message: bytes) -> bool:
        try:
            pair = decode_dss_signature(signature)
            r, s = (number.to_bytes(32, "big") for number in pair)
        except (ValueError, OverflowError):
            return False
        return bool(self._key.verify(message, r, s))

    def public_key(self) -> str:
        text = base64.encodebytes(self._HEAD + self._point).decode().replace("\n", "")
        lines = "\n".join(textwrap.wrap(text, 64))
        return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n"


SIGNERS: Mapping[str, Callable[[bytes], Signer]] = {"ed25519": Ed25519, "sm2": Sm2}


def chosen() -> str:
    """The algorithm that signs from now on."""
    return str(current_app.config["SETTINGS"].signing)


def signer(algorithm: str, purpose: str) -> Signer:
    """The installation's signer for a purpose. Raises KeyError for an unknown algorithm."""
    return _made(algorithm, sealer().derive(f"{purpose} {algorithm}"))


@lru_cache(maxsize=8)  # a key of SM2 takes its time
def _made(algorithm: str, seed: bytes) -> Signer:
    return SIGNERS[algorithm](seed)
