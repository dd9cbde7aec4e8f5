"""Who may do what: roles, permissions, and the one table between them. The default is no."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from app.errors import Forbidden


class Role(StrEnum):
    """What a person is at a hospital, a department, or (neither given) the whole alliance."""

    APPLICANT = "applicant"
    DEPARTMENT_DIRECTOR = "department_director"
    MEDICAL_AFFAIRS = "medical_affairs"
    TRIAGE_COORDINATOR = "triage_coordinator"
    EXPERT = "expert"
    FOLLOW_UP_STAFF = "follow_up_staff"
    PROCESS_MANAGER = "process_manager"
    HOSPITAL_ADMINISTRATOR = "hospital_administrator"
    PLATFORM_ADMINISTRATOR = "platform_administrator"
    AUDITOR = "auditor"


def role_of(text: str) -> str:
    """The role of that name: a Role, or the key of one that managers added themselves."""
    return Role(text) if text in _ROLES else text


_ROLES = frozenset(role.value for role in Role)

# These act for the whole alliance; every other role is held at a hospital or a department.
ALLIANCE_ROLES = frozenset(
    {Role.TRIAGE_COORDINATOR, Role.PROCESS_MANAGER, Role.PLATFORM_ADMINISTRATOR, Role.AUDITOR}
)


class Permission(StrEnum):
    """Everything that can be refused."""

    ALLIANCE_MANAGE = "alliance:manage"
    HOSPITAL_MANAGE = "hospital:manage"
    ORGANISATION_BROWSE = "organisation:browse"
    PERSON_REVIEW = "person:review"
    PERSON_EDIT = "person:edit"
    ROLE_GRANT = "role:grant"
    ROLE_DEFINE = "role:define"
    PROCESS_READ = "process:read"
    PROCESS_DRAFT = "process:draft"
    PROCESS_PUBLISH = "process:publish"
    CONSULTATION_START = "consultation:start"
    CONSULTATION_READ = "consultation:read"
    CONSULTATION_COMMENT = "consultation:comment"
    CONSULTATION_WITHDRAW = "consultation:withdraw"
    CONSULTATION_CANCEL = "consultation:cancel"
    CONSULTATION_RESCHEDULE = "consultation:reschedule"
    CONSULTATION_URGE = "consultation:urge"
    CONSULTATION_SUPERVISE = "consultation:supervise"
    RECORD_ADD = "record:add"
    RECORD_READ = "record:read"
    REPORT_READ = "report:read"
    TASK_WORK = "task:work"
    TASK_ADD_SIGNER = "task:add-signer"
    ROOM_JOIN = "room:join"
    AUDIT_READ = "audit:read"


@dataclass(frozen=True)
class Grant:
    """A role held somewhere; neither hospital nor department means the whole alliance.

    role: a Role, or the key of a custom one, which is always held at a hospital.
    """

    role: str
    hospital_id: int | None = None
    department_id: int | None = None


@dataclass(frozen=True)
class Stakes:
    """Whose a subject is: the hospitals, departments and people it concerns.

    roles: the custom roles that were given work in it.
    """

    hospital_ids: Collection[int] = ()
    department_ids: Collection[int] = ()
    person_ids: Collection[int] = ()
    owner_id: int | None = None
    roles: Collection[str] = ()

    def include(self, grant: Grant) -> bool:
        """Whether a role held there reaches this subject."""
        if grant.department_id is not None:
            return grant.department_id in self.department_ids
        if grant.hospital_id is not None:
            return grant.hospital_id in self.hospital_ids
        return grant.role in ALLIANCE_ROLES


class Actor(Protocol):
    """Whoever asks."""

    @property
    def actor_id(self) -> int: ...
    @property
    def grants(self) -> Collection[Grant]:
        """Empty for anybody who has not been approved."""


class Subject(Protocol):
    """Whatever is asked for."""

    def stakes(self) -> Stakes: ...


@runtime_checkable
class Open(Protocol):
    """A subject that itself knows to whom it is open: a task its candidates."""

    def is_open_to(self, actor: Actor) -> bool: ...


class Tie(StrEnum):
    """What beside a role ties an actor to a subject."""

    OWNER = "owner"  # the one person it belongs to
    PERSON = "person"  # one of its people
    CANDIDATE = "candidate"  # the subject says so itself
    INVOLVED = "involved"  # a custom role that was given work in it


_CASE_READERS: frozenset[Role | Tie] = frozenset(
    {
        Tie.PERSON,
        Tie.INVOLVED,
        Role.DEPARTMENT_DIRECTOR,
        Role.MEDICAL_AFFAIRS,
        Role.TRIAGE_COORDINATOR,
        Role.FOLLOW_UP_STAFF,
    }
)

GRANTS: dict[Permission, frozenset[Role | Tie]] = {
    Permission.ALLIANCE_MANAGE: frozenset({Role.PLATFORM_ADMINISTRATOR}),
    Permission.HOSPITAL_MANAGE: frozenset(
        {Role.PLATFORM_ADMINISTRATOR, Role.HOSPITAL_ADMINISTRATOR}
    ),
    Permission.ORGANISATION_BROWSE: frozenset(Role),
    Permission.PERSON_REVIEW: frozenset({Role.PLATFORM_ADMINISTRATOR, Role.HOSPITAL_ADMINISTRATOR}),
    Permission.PERSON_EDIT: frozenset({Tie.OWNER}),
    Permission.ROLE_GRANT: frozenset({Role.PLATFORM_ADMINISTRATOR, Role.HOSPITAL_ADMINISTRATOR}),
    Permission.ROLE_DEFINE: frozenset({Role.PROCESS_MANAGER}),
    Permission.PROCESS_READ: frozenset({Role.PROCESS_MANAGER, Role.AUDITOR}),
    Permission.PROCESS_DRAFT: frozenset({Role.PROCESS_MANAGER}),
    Permission.PROCESS_PUBLISH: frozenset({Role.PROCESS_MANAGER}),
    Permission.CONSULTATION_START: frozenset({Role.APPLICANT}),
    Permission.CONSULTATION_READ: _CASE_READERS,
    Permission.CONSULTATION_COMMENT: _CASE_READERS,
    Permission.CONSULTATION_WITHDRAW: frozenset({Tie.OWNER}),
    Permission.CONSULTATION_CANCEL: frozenset({Tie.OWNER, Role.TRIAGE_COORDINATOR}),
    Permission.CONSULTATION_RESCHEDULE: frozenset({Tie.OWNER, Role.TRIAGE_COORDINATOR}),
    Permission.CONSULTATION_URGE: frozenset({Tie.OWNER, Role.TRIAGE_COORDINATOR}),
    # How it goes, never of whom it is: no page of a supervisor holds what a patient told.
    Permission.CONSULTATION_SUPERVISE: frozenset({Role.PROCESS_MANAGER}),
    Permission.RECORD_ADD: frozenset({Tie.OWNER}),
    Permission.RECORD_READ: _CASE_READERS,
    Permission.REPORT_READ: _CASE_READERS,
    Permission.TASK_WORK: frozenset({Tie.CANDIDATE}),
    Permission.TASK_ADD_SIGNER: frozenset({Tie.CANDIDATE}),
    Permission.ROOM_JOIN: frozenset({Tie.PERSON}),
    Permission.AUDIT_READ: frozenset({Role.AUDITOR}),
}


def allows(actor: Actor, permission: Permission, subject: Subject | Open | None = None) -> bool:
    """Whether the table says yes. Without a subject: whether the actor may do it anywhere."""
    # A person awaiting review holds no grants and no tie counts, except to their own account.
    if not actor.grants and permission is not Permission.PERSON_EDIT:
        return False
    rules = GRANTS[permission]
    held = [grant for grant in actor.grants if grant.role in rules]
    if subject is None:
        return bool(held)
    if isinstance(subject, Open):
        return Tie.CANDIDATE in rules and subject.is_open_to(actor)
    stakes = subject.stakes()
    return (
        any(stakes.include(grant) for grant in held)
        or (Tie.OWNER in rules and stakes.owner_id == actor.actor_id)
        or (Tie.PERSON in rules and actor.actor_id in stakes.person_ids)
        or (Tie.INVOLVED in rules and _is_involved(actor, stakes))
    )


def _is_involved(actor: Actor, stakes: Stakes) -> bool:
    return any(grant.role in stakes.roles and stakes.include(grant) for grant in actor.grants)


def hospitals_within(actor: Actor, permission: Permission) -> frozenset[int] | None:
    """The hospitals for which the actor's roles give the permission; None means all of them."""
    held = [grant for grant in actor.grants if grant.role in GRANTS[permission]]
    if any(grant.role in ALLIANCE_ROLES for grant in held):
        return None
    at = [grant.hospital_id for grant in held if grant.department_id is None]
    return frozenset(hospital_id for hospital_id in at if hospital_id is not None)


def require(actor: Actor, permission: Permission, subject: Subject | Open | None = None) -> None:
    """Raise Forbidden unless the table says yes."""
    if not allows(actor, permission, subject):
        raise Forbidden(permission=str(permission))
