"""Which channels an installation has, by its settings."""

from dataclasses import asdict

from app.config import Settings
from notifications import Channel, Way
from notifications.console import Console
from notifications.email import Email
from notifications.sms import Sms


def channels(settings: Settings) -> dict[Way, Channel]:
    """The ways that lead out of the product; what has no channel is not queued for it.

    The demo shows on its console what a hospital's people would get on their phones.
    """
    found: dict[Way, Channel] = {Way.SMS: Console("短信 SMS")} if settings.is_demo else {}
    if settings.twilio:
        found[Way.SMS] = Sms(**asdict(settings.twilio))
    if settings.smtp:
        found[Way.EMAIL] = Email(**asdict(settings.smtp))
    return found
