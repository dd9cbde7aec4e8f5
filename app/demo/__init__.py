"""What a visitor of demo mode finds: an invented alliance, its people and their cases."""

from app.accounts.models import Person
from app.demo import cases, people
from app.demo.people import PASSWORD, PEOPLE, sign_ins

__all__ = ["PASSWORD", "PEOPLE", "create", "sign_ins"]


def create() -> list[Person]:
    """Make what is missing; the demo people in the order of PEOPLE.

    Cases are made once, and only where the consultation process has been published.
    """
    found = people.create()
    cases.create()
    return found
