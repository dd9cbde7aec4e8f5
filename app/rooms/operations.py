"""What a diagram may ask of a room; the diagram decides when (S0-26)."""

from app.consultations.steps import Case
from app.processes.vocabulary import operation
from app.rooms import actions


@operation("open_room", meaning="session")
def open_room(case: Case) -> None:
    """The session begins: the case's people can come in."""
    actions.open_room(case)


@operation("close_room")
def close_room(case: Case) -> None:
    """The session is over: everybody is out, and nobody can come in."""
    actions.close_room(case)
