"""One table crosses every route with everybody: who is not named is refused (S3-23, ASVS 8.2).

A new route needs its row: `("GET", "/rule"): {names of those admitted}`. Whoever is named must be
let in (what they sent may still be wrong: 422, 409); everybody else must be turned away.
"""

import io
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import pytest

from app.accounts.actions import propose_profile
from app.accounts.custom_roles import add as add_role
from app.accounts.models import CustomRole, Person, RoleAssignment, Standing, Title
from app.consultations.models import Incident
from app.db import db, now, transactional
from app.errors import Forbidden
from app.notices.actions import queue
from app.notices.models import Notice
from app.organisations.models import Campus
from app.permissions import Role
from app.processes.models import ProcessVersion
from app.records.actions import add_record
from app.studio.actions import open_draft, remark, save
from app.studio.models import Remark
from app.studio.proposals import propose
from app.supervision.models import CaseMigration
from tests.app.cases import make_people, open_case, ready
from tests.app.records.test_records import png
from tests.makers import make_alliance, make_hospital, make_person

# -- The cast ---------------------------------------------------------------------------------

STRANGER, PENDING, SUSPENDED = "stranger", "pending", "suspended"
# At the hospital that asks for the consultation, whose case and people are asked for below.
APPLICANT, DIRECTOR, AFFAIRS = "applicant", "director", "affairs"
FOLLOW_UP, ADMINISTRATOR = "follow_up", "administrator"
# At the hospital that is invited.
INVITED_AFFAIRS, EXPERT = "invited_affairs", "expert"
# For the whole alliance.
COORDINATOR, MANAGER, AUDITOR, PLATFORM = "coordinator", "manager", "auditor", "platform"
# Every role of a hospital and a department, at a hospital that has nothing to do with it.
ELSEWHERE, OTHER_ADMINISTRATOR = "elsewhere", "other_administrator"

APPROVED = frozenset(
    {
        *(APPLICANT, DIRECTOR, AFFAIRS, FOLLOW_UP, ADMINISTRATOR, INVITED_AFFAIRS, EXPERT),
        *(COORDINATOR, MANAGER, AUDITOR, PLATFORM, ELSEWHERE, OTHER_ADMINISTRATOR),
    }
)
SIGNED_IN = APPROVED | {PENDING}
EVERYBODY = SIGNED_IN | {STRANGER, SUSPENDED}
OURS = frozenset({ADMINISTRATOR, PLATFORM})
ADMINISTRATORS = OURS | {OTHER_ADMINISTRATOR}
DOCTORS = frozenset({APPLICANT, ELSEWHERE})
READERS = frozenset({APPLICANT, DIRECTOR, AFFAIRS, FOLLOW_UP, COORDINATOR})
PROCESS_READERS = frozenset({MANAGER, AUDITOR})
NOBODY: frozenset[str] = frozenset()

# -- The table --------------------------------------------------------------------------------

ROUTES: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/"): APPROVED,
    ("POST", "/language"): EVERYBODY,
    # The door and the own account
    ("GET", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in"): EVERYBODY,
    ("POST", "/sign-out"): EVERYBODY,
    ("GET", "/register"): EVERYBODY,
    ("POST", "/register"): EVERYBODY,
    ("GET", "/waiting"): SIGNED_IN,
    ("GET", "/profile"): SIGNED_IN,
    ("GET", "/styleguide"): APPROVED,
    ("GET", "/profile/edit"): SIGNED_IN,
    ("POST", "/profile/edit"): SIGNED_IN,
    ("GET", "/profile/contact"): SIGNED_IN,
    ("POST", "/profile/contact"): SIGNED_IN,
    ("GET", "/profile/password"): SIGNED_IN,
    ("POST", "/profile/password"): SIGNED_IN,
    ("GET", "/notices"): APPROVED,
    ("GET", "/notices/bell"): APPROVED,
    ("POST", "/notices/reading"): APPROVED,
    ("POST", "/notices/<int:notice_id>/opening"): frozenset({APPLICANT}),
    ("GET", "/api/notices"): APPROVED,
    ("POST", "/api/notices/reading"): APPROVED,
    ("POST", "/api/notices/<int:notice_id>/reading"): frozenset({APPLICANT}),
    # People
    ("GET", "/people"): ADMINISTRATORS,
    ("GET", "/people/reviews"): ADMINISTRATORS,
    ("GET", "/people/reviews/<int:change_id>"): OURS,
    ("POST", "/people/reviews/<int:change_id>"): OURS,
    ("GET", "/people/<int:person_id>"): OURS,
    ("POST", "/people/<int:person_id>/roles"): OURS,
    ("POST", "/people/<int:person_id>/roles/<int:assignment_id>/revoke"): OURS,
    ("POST", "/people/<int:person_id>/suspend"): OURS,
    ("GET", "/roles"): frozenset({MANAGER}),
    ("POST", "/roles"): frozenset({MANAGER}),
    ("POST", "/roles/<int:role_id>/retire"): frozenset({MANAGER}),
    ("POST", "/roles/<int:role_id>/revive"): frozenset({MANAGER}),
    ("POST", "/people/<int:person_id>/reactivate"): OURS,
    ("POST", "/people/<int:person_id>/end-sessions"): OURS,
    # Organisations
    ("GET", "/alliances"): APPROVED,
    ("GET", "/alliances/new"): frozenset({PLATFORM}),
    ("POST", "/alliances/new"): frozenset({PLATFORM}),
    ("GET", "/alliances/<int:alliance_id>/edit"): frozenset({PLATFORM}),
    ("POST", "/alliances/<int:alliance_id>/edit"): frozenset({PLATFORM}),
    ("POST", "/alliances/<int:alliance_id>/delete"): frozenset({PLATFORM}),
    ("GET", "/hospitals"): APPROVED,
    ("GET", "/hospitals/new"): frozenset({PLATFORM}),
    ("POST", "/hospitals/new"): frozenset({PLATFORM}),
    ("GET", "/hospitals/<int:hospital_id>"): APPROVED,
    ("GET", "/hospitals/<int:hospital_id>/edit"): OURS,
    ("POST", "/hospitals/<int:hospital_id>/edit"): OURS,
    ("POST", "/hospitals/<int:hospital_id>/delete"): frozenset({PLATFORM}),
    ("GET", "/hospitals/<int:hospital_id>/campuses/new"): OURS,
    ("POST", "/hospitals/<int:hospital_id>/campuses/new"): OURS,
    ("GET", "/campuses/<int:campus_id>/edit"): OURS,
    ("POST", "/campuses/<int:campus_id>/edit"): OURS,
    ("POST", "/campuses/<int:campus_id>/delete"): OURS,
    ("GET", "/departments"): APPROVED,
    ("GET", "/departments/<int:department_id>"): APPROVED,
    ("GET", "/hospitals/<int:hospital_id>/departments/new"): OURS,
    ("POST", "/hospitals/<int:hospital_id>/departments/new"): OURS,
    ("GET", "/departments/<int:department_id>/edit"): OURS,
    ("POST", "/departments/<int:department_id>/edit"): OURS,
    ("POST", "/departments/<int:department_id>/delete"): OURS,
    ("GET", "/api/alliances"): APPROVED,
    ("GET", "/api/hospitals"): APPROVED,
    ("GET", "/api/hospitals/<int:hospital_id>"): APPROVED,
    ("GET", "/api/campuses"): APPROVED,
    ("GET", "/api/departments"): APPROVED,
    # Processes
    ("GET", "/processes/<key>"): PROCESS_READERS,
    ("GET", "/processes/<key>/versions/<digest>"): PROCESS_READERS,
    ("GET", "/processes/<key>/versions/<digest>/files/<name>"): PROCESS_READERS,
    ("GET", "/api/processes/<key>/versions/<digest>/diagram"): PROCESS_READERS,
    # The studio
    ("GET", "/studio"): PROCESS_READERS,
    ("GET", "/studio/new"): frozenset({MANAGER}),
    ("GET", "/studio/settings"): frozenset({MANAGER}),
    ("POST", "/studio/settings"): frozenset({MANAGER}),
    ("GET", "/studio/settings/table"): frozenset({MANAGER}),
    ("GET", "/studio/<key>/settings"): frozenset({MANAGER}),
    ("POST", "/studio/<key>/settings"): frozenset({MANAGER}),
    ("POST", "/studio/new"): frozenset({MANAGER}),
    ("POST", "/studio/<key>/versions/<digest>/draft"): frozenset({MANAGER}),
    ("GET", "/studio/<key>/pack"): PROCESS_READERS,
    ("GET", "/studio/<key>/import"): frozenset({MANAGER}),
    ("POST", "/studio/<key>/import"): frozenset({MANAGER}),
    ("POST", "/api/studio/<key>/pack"): frozenset({MANAGER}),
    ("GET", "/api/studio/<key>/proposals"): PROCESS_READERS,
    ("POST", "/api/studio/<key>/proposals"): frozenset({MANAGER}),
    ("GET", "/studio/proposals/<int:proposal_id>"): PROCESS_READERS,
    ("GET", "/studio/<key>/proposals/<int:proposal_id>"): PROCESS_READERS,
    # A proposal of the manager's: whose own it is signs and refuses nothing
    ("POST", "/studio/<key>/proposals/<int:proposal_id>/signature"): NOBODY,
    ("POST", "/studio/<key>/proposals/<int:proposal_id>/refusal"): NOBODY,
    ("POST", "/studio/<key>/proposals/<int:proposal_id>/withdrawal"): frozenset({MANAGER}),
    ("GET", "/studio/<key>"): PROCESS_READERS,
    ("GET", "/api/studio/<key>"): PROCESS_READERS,
    ("PUT", "/api/studio/<key>/content"): frozenset({MANAGER}),
    ("POST", "/api/studio/<key>/lock"): frozenset({MANAGER}),
    ("DELETE", "/api/studio/<key>/lock"): frozenset({MANAGER}),
    ("POST", "/api/studio/<key>/checks"): PROCESS_READERS,
    ("GET", "/studio/<key>/comparison"): PROCESS_READERS,
    ("GET", "/api/studio/<key>/difference"): PROCESS_READERS,
    ("POST", "/api/studio/<key>/trials"): PROCESS_READERS,
    ("POST", "/api/studio/<key>/scenario-runs"): PROCESS_READERS,
    ("POST", "/api/studio/<key>/what-if"): frozenset({MANAGER}),
    ("GET", "/api/studio/<key>/notices"): PROCESS_READERS,
    ("POST", "/api/studio/<key>/notice-previews"): PROCESS_READERS,
    ("POST", "/api/studio/<key>/decision-trials"): PROCESS_READERS,
    ("POST", "/api/studio/<key>/remarks"): frozenset({MANAGER}),
    ("POST", "/api/studio/<key>/remarks/<int:remark_id>/resolution"): frozenset({MANAGER}),
    # Cases under way
    ("GET", "/supervision"): frozenset({MANAGER}),
    ("GET", "/supervision/maps/<key>"): frozenset({MANAGER}),
    ("GET", "/api/supervision/maps/<key>"): frozenset({MANAGER}),
    ("GET", "/supervision/maps/<key>/elements/<element>"): frozenset({MANAGER}),
    ("GET", "/supervision/incidents"): frozenset({MANAGER}),
    ("POST", "/supervision/incidents/<int:incident_id>/retry"): frozenset({MANAGER}),
    ("GET", "/supervision/cases/<int:consultation_id>"): frozenset({MANAGER}),
    ("POST", "/supervision/cases/<int:consultation_id>/suspension"): frozenset({MANAGER}),
    ("POST", "/supervision/cases/<int:consultation_id>/resumption"): frozenset({MANAGER}),
    ("POST", "/supervision/cases/<int:consultation_id>/return"): frozenset({MANAGER}),
    ("POST", "/supervision/cases/<int:consultation_id>/correction"): frozenset({MANAGER}),
    ("POST", "/supervision/cases/<int:consultation_id>/end"): frozenset({MANAGER}),
    ("POST", "/supervision/tasks/<int:task_id>/skip"): frozenset({MANAGER}),
    ("POST", "/supervision/tasks/<int:task_id>/assignee"): frozenset({MANAGER}),
    ("GET", "/supervision/migrations"): frozenset({MANAGER}),
    ("GET", "/supervision/processes/<key>/migrations/new"): frozenset({MANAGER}),
    ("POST", "/supervision/processes/<key>/migrations/new"): frozenset({MANAGER}),
    ("GET", "/supervision/migrations/<int:migration_id>"): frozenset({MANAGER}),
    ("POST", "/supervision/migrations/<int:migration_id>/steps"): frozenset({MANAGER}),
    ("POST", "/api/supervision/migrations/<int:migration_id>/steps"): frozenset({MANAGER}),
    ("POST", "/supervision/migrations/<int:migration_id>/reversal"): frozenset({MANAGER}),
    # The audit trail
    ("GET", "/audit"): frozenset({AUDITOR}),
    ("GET", "/audit.csv"): frozenset({AUDITOR}),
    # A case that is still a draft
    ("GET", "/consultations"): APPROVED,
    ("POST", "/consultations"): DOCTORS,
    ("GET", "/consultations/<int:consultation_id>"): READERS,
    ("POST", "/consultations/<int:consultation_id>/comments"): READERS,
    ("POST", "/consultations/<int:consultation_id>/<verb>"): frozenset({APPLICANT}),
    ("POST", "/consultations/<int:consultation_id>/urging"): frozenset({APPLICANT, COORDINATOR}),
    ("GET", "/consultations/<int:consultation_id>/first-task"): APPROVED,  # leads on, tells nothing
    ("GET", "/api/consultations/<int:consultation_id>/progress"): READERS,
    ("GET", "/api/consultations/<int:consultation_id>/records"): READERS,
    ("POST", "/consultations/<int:consultation_id>/records"): frozenset({APPLICANT}),
    ("GET", "/records/<int:record_id>/content"): READERS,
    ("POST", "/records/<int:record_id>/removal"): frozenset({APPLICANT}),
    ("GET", "/consultations/<int:consultation_id>/report"): NOBODY,  # there is none before it ends
    ("GET", "/consultations/<int:consultation_id>/room"): frozenset({APPLICANT}),
    # Its first task
    ("GET", "/inbox"): APPROVED,
    ("GET", "/tasks/<int:task_id>"): READERS,
    ("GET", "/api/tasks/<int:task_id>/form"): frozenset({APPLICANT}),
    ("PUT", "/api/tasks/<int:task_id>/draft"): frozenset({APPLICANT}),
    ("POST", "/api/tasks/<int:task_id>/completion"): frozenset({APPLICANT}),
    ("POST", "/tasks/<int:task_id>/claim"): READERS,  # too late: the applicant has it
    ("POST", "/tasks/<int:task_id>/release"): frozenset({APPLICANT}),
    ("POST", "/tasks/<int:task_id>/delegation"): frozenset({APPLICANT}),
    ("POST", "/tasks/<int:task_id>/signers"): frozenset({APPLICANT}),
    ("POST", "/tasks/<int:task_id>/signature"): NOBODY,  # nobody was asked to sign
}

# What is sent, where an empty body would be refused before the question who sends it.
JSON: Mapping[str, Any] = {
    "/api/notices/reading": {"up_to": 1},
    "/api/studio/<key>/checks": {"content": {}},
    "/api/studio/<key>/trials": {"content": {}, "scenario": {}},
    "/api/studio/<key>/scenario-runs": {"content": {}},
    "/api/studio/<key>/what-if": {"content": {}, "count": 1},
    "/api/studio/<key>/notice-previews": {"template": "refused", "texts": {}},
    "/api/studio/<key>/decision-trials": {"xml": "<a/>", "decision": "a", "inputs": {}},
    "/api/studio/<key>/content": {"revision": 1, "content": {}},
    "/api/studio/<key>/proposals": {"revision": 1, "reason": "?"},
    "/api/studio/<key>/remarks": {"element_id": "ask", "text": "?"},
    "/api/tasks/<int:task_id>/completion": {"answers": {}},
    "/api/tasks/<int:task_id>/draft": {"answers": {}},
}

FORMS: Mapping[str, Any] = {
    "/studio/<key>/proposals/<int:proposal_id>/refusal": {"reason": "?"},
}
FILES = {"/consultations/<int:consultation_id>/records"}

# -- The world --------------------------------------------------------------------------------


class World:
    """A hospital with its case and people; each part is made when a route first names it."""

    def __init__(self) -> None:
        self.people = make_people()
        self.home = self.people.inviting

    @cached_property
    def cast(self) -> dict[str, Person | None]:
        ours, people = {"hospital": self.home}, self.people
        return {
            STRANGER: None,
            PENDING: make_person(standing=Standing.PENDING, **ours),
            SUSPENDED: make_person(Role.PLATFORM_ADMINISTRATOR, standing=Standing.SUSPENDED),
            APPLICANT: people.applicant,
            DIRECTOR: people.director,
            AFFAIRS: people.affairs,
            FOLLOW_UP: people.follow_up,
            ADMINISTRATOR: make_person(Role.HOSPITAL_ADMINISTRATOR, **ours),
            INVITED_AFFAIRS: people.invited_affairs,
            EXPERT: people.experts[0],
            COORDINATOR: people.coordinator,
            MANAGER: make_person(Role.PROCESS_MANAGER, **ours),
            AUDITOR: make_person(Role.AUDITOR, **ours),
            PLATFORM: make_person(Role.PLATFORM_ADMINISTRATOR),
            ELSEWHERE: people.stranger,
            OTHER_ADMINISTRATOR: make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=make_hospital()),
        }

    @cached_property
    def case(self) -> Any:
        return open_case(self.people.applicant)

    @cached_property
    def colleague(self) -> Person:
        return make_person(Role.APPLICANT, department=self.people.director.department)

    def ids(self) -> dict[str, Callable[[], Any]]:
        """The value of each argument of a rule. What an answer may use up is made anew."""
        return {
            "alliance_id": lambda: make_alliance().id,
            "hospital_id": lambda: self.home.id,
            "department_id": lambda: self.people.director.department_id,
            "campus_id": lambda: _kept(Campus(hospital=self.home, name=f"院区{now()}")).id,
            "person_id": lambda: self.colleague.id,
            "assignment_id": lambda: _kept(_role(self.colleague)).id,
            "change_id": lambda: _change(self.colleague).id,
            "role_id": lambda: _custom_role(self.cast[MANAGER]).id,
            "consultation_id": lambda: self.case.id,
            "task_id": lambda: ready(self.case).id,
            "record_id": lambda: self.record_id,
            "proposal_id": lambda: self.proposal_id,
            "remark_id": lambda: _remark(self.cast[MANAGER], self.case.instance.digest).id,
            "notice_id": lambda: _notice(self.people.applicant).id,
            "element": lambda: "ask",
            "incident_id": lambda: _incident(self.case).id,
            "migration_id": lambda: _migration(self.case, self.cast[MANAGER]).id,
            "verb": lambda: "withdraw",
            "digest": lambda: self.case.instance.digest,
            "key": lambda: db.session.get(ProcessVersion, self.case.instance.digest).process.key,
            "name": lambda: "ask.form",
        }

    @cached_property
    def proposal_id(self) -> int:
        manager, key = self.cast[MANAGER], self.ids()["key"]()
        draft = open_draft(key, manager)
        save(key, manager, draft.revision, {"diagram": draft.content["diagram"] + "\n"})
        return propose(key, manager, draft.revision, "?").id

    @cached_property
    def record_id(self) -> int:
        return add_record(self.case.id, self.people.applicant, png(), "示例", "other").id


def _kept(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row


def _notice(person: Person) -> Notice:
    transactional(lambda: queue(person, "comment-added", number="HZ-1"))()
    return db.session.query(Notice).filter_by(recipient_id=person.id).first()


def _remark(manager: Person, digest: str) -> Remark:
    key = db.session.get(ProcessVersion, digest).process.key
    return remark(key, manager, "ask", "?")


def _incident(case: Any) -> Incident:
    words = {"element_id": "ask", "element_name": "申请", "reason": "?", "reason_en": "?"}
    return _kept(Incident(consultation_id=case.id, at=now(), last_at=now(), **words))


def _migration(case: Any, manager: Person) -> CaseMigration:
    digest = case.instance.digest
    version = db.session.get(ProcessVersion, digest)
    migration = CaseMigration(
        process_id=version.process_id,
        source=digest,
        target=digest,
        mapping={},
        variables={},
        reason="?",
        made_by_id=manager.id,
        made_at=now(),
    )
    return _kept(migration)


def _role(person: Person) -> RoleAssignment:
    return RoleAssignment(
        person=person, role=Role.EXPERT, hospital_id=person.hospital_id, granted_at=now()
    )


def _custom_role(manager: Person) -> CustomRole:
    key = f"role{db.session.query(CustomRole).count()}"
    return add_role(manager, key, key, key)


def _change(person: Person) -> Any:
    other = Title.CHIEF if person.title != Title.CHIEF else Title.RESIDENT
    fields = ("name", "hospital_id", "department_id", "specialty", "licence")
    return propose_profile(person, {f: getattr(person, f) for f in fields} | {"title": other})


# -- The proof --------------------------------------------------------------------------------


def routes_of(app: Any) -> set[tuple[str, str]]:
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


@pytest.fixture
def world(app):
    return World()


def test_every_route_has_its_row(app):
    assert routes_of(app) == set(ROUTES)


# Who may is decided in Python: one kind of database is enough for some thousand requests.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: " ".join(route))
def test_only_those_named_are_admitted(world, client, route):
    if route == ("POST", "/consultations"):
        assert world.case, "a process is published"
    refused_first = sorted(world.cast, key=lambda name: (name in ROUTES[route], name))

    admitted = {
        name for name in refused_first if is_admitted(ask(world, client(world.cast[name]), *route))
    }

    assert admitted == ROUTES[route]


def ask(world: World, browser: Any, method: str, rule: str) -> tuple[Any, list[str]]:
    """The answer, and what it left to be shown on the next page."""
    path = rule
    for name, value in world.ids().items():
        for form in (f"<int:{name}>", f"<{name}>"):
            if form in path:
                path = path.replace(form, str(value()))
    sent: dict[str, Any] = {"json": JSON[rule]} if rule in JSON else {}
    if rule in FORMS:
        sent = {"data": FORMS[rule]}
    if method == "POST" and rule in FILES:
        sent = {"data": {"file": (io.BytesIO(b"no picture"), "x.png"), "category": "other"}}
    answer = browser.open(path, method=method, **sent)
    with browser.session_transaction() as session:
        return answer, [text for kind, text in session.get("_flashes", []) if kind == "error"]


def is_admitted(given: tuple[Any, list[str]]) -> bool:
    answer, refusals = given
    if answer.status_code >= 500:
        raise AssertionError(f"{answer.request.path}: {answer.status_code}")
    if str(Forbidden.message) in refusals or answer.status_code in {401, 403, 404}:
        return False
    leads_to = answer.headers.get("Location", "")
    was_public = answer.request.path in {"/sign-in", "/sign-out", "/language"}
    return was_public or not leads_to.startswith(("/sign-in", "/waiting"))
