"""Settings: one frozen value read from the environment, refused at start if incomplete."""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bpmn import limits

SIGNING = ("ed25519", "sm2")


class Mode(StrEnum):
    """What this installation is for; only `DEMO` shows the bar that switches people."""

    PRODUCTION = "production"
    DEMO = "demo"
    TESTING = "testing"


class BadSettings(Exception):
    """The environment lacks something the product cannot safely run without."""


@dataclass(frozen=True)
class Twilio:
    """An account that sends SMS. base_url: only set to talk to something other than Twilio."""

    account_sid: str
    auth_token: str
    sender: str
    base_url: str | None = None


@dataclass(frozen=True)
class Smtp:
    """A mail server. is_plain: without TLS, for a relay on the same host."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    is_plain: bool = False


@dataclass(frozen=True)
class Settings:
    """Everything an installation decides. Times in seconds, sizes in bytes."""

    mode: Mode
    secret_key: str
    data_key: bytes  # 32 bytes; seals patient identity, answers and files at rest
    public_url: str
    database: str = "sqlite:///var/huizhen.sqlite3"
    folder: Path = Path("var")
    redis: str | None = None
    async_mode: str = "threading"
    proxies: int = 0  # how many of ours stand before us; their X-Forwarded headers are believed
    time_zone: str = "Asia/Shanghai"
    idle_s: int = 30 * 60
    absolute_s: int = 12 * 60 * 60
    lock_after: int = 5  # failed sign-ins
    lock_s: int = 15 * 60
    upload_bytes: int = 25 * 1024 * 1024
    signing: str = "ed25519"  # the algorithm that signs what is put in force
    twilio: Twilio | None = None
    smtp: Smtp | None = None
    ice_servers: tuple[Mapping[str, Any], ...] = ()  # RTCIceServer each, as browsers take them

    @property
    def is_https(self) -> bool:
        """Whether cookies may be marked secure."""
        return self.public_url.startswith("https:")

    @property
    def is_demo(self) -> bool:
        """Whether the demo people may be switched by one click."""
        return self.mode is Mode.DEMO


def from_environment(env: Mapping[str, str] = os.environ) -> Settings:
    """Read HUIZHEN_* variables. Raises BadSettings naming every one that is missing or wrong."""
    mode = Mode(env.get("HUIZHEN_MODE", Mode.PRODUCTION))
    names = ("HUIZHEN_SECRET_KEY", "HUIZHEN_DATA_KEY", "HUIZHEN_PUBLIC_URL")
    missing = [name for name in names if not env.get(name)]
    _check_limits(env)
    if missing:
        raise BadSettings(f"set {', '.join(missing)} (docs/running.md tells how)")
    if mode is Mode.PRODUCTION and not env["HUIZHEN_PUBLIC_URL"].startswith("https:"):
        raise BadSettings("HUIZHEN_PUBLIC_URL must be https: patient data crosses it")
    return Settings(
        mode=mode,
        secret_key=env["HUIZHEN_SECRET_KEY"],
        data_key=_data_key(env["HUIZHEN_DATA_KEY"]),
        public_url=env["HUIZHEN_PUBLIC_URL"].rstrip("/"),
        database=env.get("HUIZHEN_DATABASE", Settings.database),
        folder=Path(env.get("HUIZHEN_FOLDER", "var")),
        redis=env.get("HUIZHEN_REDIS"),
        async_mode=env.get("HUIZHEN_ASYNC_MODE", Settings.async_mode),
        proxies=int(env.get("HUIZHEN_PROXIES", "0")),
        time_zone=env.get("HUIZHEN_TIME_ZONE", Settings.time_zone),
        twilio=_twilio(env),
        smtp=_smtp(env),
        ice_servers=_ice_servers(env),
        signing=_signing(env),
    )


def _check_limits(env: Mapping[str, str]) -> None:
    """They hold where diagrams are read and run; here a wrong one is refused at start."""
    try:
        limits.read(env)
    except ValueError as error:
        raise BadSettings(str(error)) from error


def _signing(env: Mapping[str, str]) -> str:
    chosen = env.get("HUIZHEN_SIGNING", Settings.signing)
    if chosen not in SIGNING:
        raise BadSettings(f"HUIZHEN_SIGNING must be one of {', '.join(SIGNING)}")
    return chosen


def _ice_servers(env: Mapping[str, str]) -> tuple[Mapping[str, Any], ...]:
    try:
        found = json.loads(env.get("HUIZHEN_ICE_SERVERS") or "[]")
    except ValueError as error:
        raise BadSettings("HUIZHEN_ICE_SERVERS is not JSON") from error
    if not isinstance(found, list) or not all(
        isinstance(one, dict) and "urls" in one for one in found
    ):
        raise BadSettings('HUIZHEN_ICE_SERVERS must be a list such as [{"urls": "stun:host:3478"}]')
    return tuple(found)


def _data_key(text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError) as error:
        raise BadSettings("HUIZHEN_DATA_KEY is not URL-safe base64") from error
    if len(key) != 32:
        raise BadSettings("HUIZHEN_DATA_KEY must hold 32 bytes")
    return key


def _twilio(env: Mapping[str, str]) -> Twilio | None:
    names = ("HUIZHEN_TWILIO_SID", "HUIZHEN_TWILIO_TOKEN", "HUIZHEN_TWILIO_FROM")
    given = [env[name] for name in names if env.get(name)]
    if not given:
        return None
    if len(given) < len(names):
        raise BadSettings(f"SMS needs all of {', '.join(names)}")
    sid, token, sender = given
    return Twilio(sid, token, sender, env.get("HUIZHEN_TWILIO_BASE_URL"))


def _smtp(env: Mapping[str, str]) -> Smtp | None:
    host, sender = env.get("HUIZHEN_SMTP_HOST"), env.get("HUIZHEN_SMTP_FROM")
    if not host:
        return None
    if not sender or "@" not in sender:
        raise BadSettings("e-mail needs HUIZHEN_SMTP_FROM, an address")
    return Smtp(
        host,
        int(env.get("HUIZHEN_SMTP_PORT", "587")),
        sender,
        env.get("HUIZHEN_SMTP_USER"),
        env.get("HUIZHEN_SMTP_PASSWORD"),
        is_plain=env.get("HUIZHEN_SMTP_PLAIN") == "1",
    )
