"""Which words a notice has: those of the process version it was told under, else what ships."""

from collections.abc import Callable

import notifications
from notifications import Template, Texts

# digest of a process version -> the texts it brings. Filled by cases, which alone follow versions.
brought: list[Callable[[str], Texts]] = []


def of(digest: str | None) -> Texts:
    """The texts a version brings; none without a version."""
    if digest is None:
        return {}
    return {name: own for find in brought for name, own in find(digest).items()}


def template(name: str, digest: str | None) -> Template:
    """What a notice may say and where it goes. Raises notifications.BadParameters."""
    return notifications.template(name, of(digest))
