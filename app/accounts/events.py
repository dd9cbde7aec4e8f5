"""What is told after a commit about people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccessChanged:
    """A person's roles, standing or sessions changed: what is open for them is to be asked anew."""

    person_id: int
