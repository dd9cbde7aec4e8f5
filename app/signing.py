"""The installation's own signature. What signs is chosen by a setting; what was signed by another
algorithm before stays provable."""

from collections.abc import Callable, Mapping
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app

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


SIGNERS: Mapping[str, Callable[[bytes], Signer]] = {"ed25519": Ed25519}


def chosen() -> str:
    """The algorithm that signs from now on."""
    return str(current_app.config["SETTINGS"].signing)


def signer(algorithm: str, purpose: str) -> Signer:
    """The installation's signer for a purpose. Raises KeyError for an unknown algorithm."""
    return SIGNERS[algorithm](sealer().derive(f"{purpose} {algorithm}"))
