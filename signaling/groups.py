"""Names of the groups of sockets that are told things together."""


def person(person_id: int) -> str:
    """Every page a person has open."""
    return f"person:{person_id}"


def hospital(hospital_id: int) -> str:
    """Every page of whoever holds a role at a hospital or one of its departments."""
    return f"hospital:{hospital_id}"


def case(consultation_id: int) -> str:
    """Every page that shows a case."""
    return f"case:{consultation_id}"


def room(room_id: int) -> str:
    """Everybody who sits in a room."""
    return f"room:{room_id}"


ALLIANCE = "alliance"  # whoever holds a role for the whole alliance
