"""Channels that carry a notice to a person. Pure: knows nothing of consultations.

The face: `TEMPLATES` (what may be told), `render` (its words), `Channel` (what carries them).
"""

from notifications.catalogue import TEMPLATES, BadParameters, Template, template
from notifications.channel import Channel, Failure, Message, Way
from notifications.texts import Words, render

__all__ = [
    "TEMPLATES",
    "BadParameters",
    "Channel",
    "Failure",
    "Message",
    "Template",
    "Way",
    "Words",
    "render",
    "template",
]
