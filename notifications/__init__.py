"""Channels that carry a notice to a person. Pure: knows nothing of consultations.

The face: `TEMPLATES` (what may be told), `render` (its words), `check` (why the words a process
version brings are refused), `Channel` (what carries them).
"""

from notifications.catalogue import OF_CASE, TEMPLATES, BadParameters, Template, template
from notifications.channel import Channel, Failure, Message, Way
from notifications.checking import Problem, check
from notifications.texts import Texts, Words, render

__all__ = [
    "OF_CASE",
    "TEMPLATES",
    "BadParameters",
    "Channel",
    "Failure",
    "Message",
    "Problem",
    "Template",
    "Texts",
    "Way",
    "Words",
    "check",
    "render",
    "template",
]
