"""The permission table: the default is no."""

from dataclasses import dataclass, field

import pytest

from app.errors import Forbidden
from app.permissions import GRANTS, Grant, Permission, Role, Stakes, allows, require


@dataclass
class Somebody:
    actor_id: int = 1
    grants: tuple[Grant, ...] = ()


@dataclass
class Something:
    given: Stakes = field(default_factory=Stakes)

    def stakes(self) -> Stakes:
        return self.given


def test_every_permission_has_its_row():
    assert set(GRANTS) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_nobody_in_particular_may_nothing(permission):
    assert not allows(Somebody(), permission, Something())
    with pytest.raises(Forbidden):
        require(Somebody(), permission, Something())


def test_a_director_reaches_the_own_department_only():
    director = Somebody(grants=(Grant(Role.DEPARTMENT_DIRECTOR, 7, 70),))
    ours = Something(Stakes(hospital_ids={7}, department_ids={70}))
    next_door = Something(Stakes(hospital_ids={7}, department_ids={71}))
    assert allows(director, Permission.CONSULTATION_READ, ours)
    assert not allows(director, Permission.CONSULTATION_READ, next_door)


def test_a_hospital_role_without_a_hospital_reaches_nothing():
    """A forgotten scope must not become a right to everything."""
    administrator = Somebody(grants=(Grant(Role.HOSPITAL_ADMINISTRATOR),))
    assert not allows(administrator, Permission.HOSPITAL_MANAGE, Something(Stakes({7})))


def test_the_owner_counts_only_once_approved():
    """S0-6: a registered doctor who has not been reviewed cannot act."""
    case = Something(Stakes(owner_id=1, person_ids={1}))
    assert not allows(Somebody(), Permission.CONSULTATION_WITHDRAW, case)
    applicant = Somebody(grants=(Grant(Role.APPLICANT, 7),))
    assert allows(applicant, Permission.CONSULTATION_WITHDRAW, case)
