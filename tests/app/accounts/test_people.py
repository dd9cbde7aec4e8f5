"""Roles are given by who answers for the place; standing decides who comes in (S3-23)."""

import pytest

from app.accounts.events import AccessChanged
from app.accounts.models import Person, Standing
from app.db import committed, db
from app.permissions import Grant, Role
from tests.makers import make_department, make_hospital, make_person


@pytest.fixture
def home(app):
    return make_hospital("青山县人民医院")


@pytest.fixture
def ward(home):
    return make_department(home, "内科")


@pytest.fixture
def li(ward):
    return make_person(Role.APPLICANT, department=ward, name="李文")


@pytest.fixture
def office(client, home):
    return client(make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=home, name="管理员甲"))


@pytest.fixture
def platform(client, app):
    return client(make_person(Role.PLATFORM_ADMINISTRATOR, name="平台甲"))


def grant(browser, person, role, hospital="", department=""):
    where = {"hospital_id": hospital, "department_id": department}
    return browser.post(f"/people/{person.id}/roles", data={"role": role} | where)


def fresh(person):
    return db.session.get(Person, person.id)


def test_an_administrator_gives_and_takes_roles_at_the_own_hospital(office, li, home, ward):
    assert grant(office, li, "medical_affairs", home.id).status_code == 302
    assert grant(office, li, "department_director", home.id, ward.id).status_code == 302
    assert Grant(Role.DEPARTMENT_DIRECTOR, home.id, ward.id) in fresh(li).grants

    role = next(each for each in fresh(li).roles if each.role == Role.MEDICAL_AFFAIRS)
    office.post(f"/people/{li.id}/roles/{role.id}/revoke")

    assert not fresh(li).has_role(Role.MEDICAL_AFFAIRS)
    assert fresh(li).has_role(Role.DEPARTMENT_DIRECTOR)


def test_a_role_is_given_once(office, li, home):
    assert grant(office, li, "applicant", home.id).status_code == 409


@pytest.mark.parametrize(
    "role", ["triage_coordinator", "process_manager", "platform_administrator", "auditor"]
)
def test_a_hospital_never_gives_a_role_of_the_alliance(office, platform, li, home, role):
    assert grant(office, li, role).status_code == 403
    assert grant(office, li, role, home.id).status_code == 403
    assert grant(platform, li, role).status_code == 302


def test_an_administrator_gives_nothing_at_another_hospital(office, li, home):
    assert grant(office, li, "expert", make_hospital().id).status_code == 403
    stranger = make_person(Role.APPLICANT, hospital=make_hospital())
    assert grant(office, stranger, "medical_affairs", home.id).status_code == 403
    assert office.get(f"/people/{stranger.id}").status_code == 403
    assert stranger.name not in office.get("/people").text


def test_nobody_gives_oneself_a_role_or_shuts_oneself_out(client, home):
    me = make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=home)
    browser = client(me)
    assert grant(browser, me, "medical_affairs", home.id).status_code == 403
    assert browser.post(f"/people/{me.id}/suspend").status_code == 403


def test_experts_hold_a_senior_title(office, home):
    """S2-4: 副主任及以上."""
    resident = make_person(hospital=home, title="resident")
    senior = make_person(hospital=home, title="associate_chief")
    assert grant(office, resident, "expert", home.id).status_code == 422
    assert grant(office, senior, "expert", home.id).status_code == 302


def test_who_runs_the_system_does_not_watch_over_its_log(platform, home):
    """G-5: 三权分立."""
    auditor = make_person(Role.AUDITOR, hospital=home)
    assert grant(platform, auditor, "platform_administrator").status_code == 422


def test_a_director_directs_a_department_of_the_hospital(office, li, home):
    assert grant(office, li, "department_director", home.id).status_code == 422
    foreign = make_department()
    assert grant(office, li, "department_director", home.id, foreign.id).status_code == 422


def test_a_suspended_person_is_out_at_once_and_comes_back_with_the_same_roles(office, li, client):
    """ASVS 7.4.2, 8.3.2."""
    told = []
    committed.connect(told.append, weak=False)
    browser = client(li)
    assert browser.get("/profile").status_code == 200

    office.post(f"/people/{li.id}/suspend")

    committed.disconnect(told.append)
    assert browser.get("/profile").status_code == 302
    assert AccessChanged(li.id) in told
    assert office.post(f"/people/{li.id}/suspend").status_code == 409

    office.post(f"/people/{li.id}/reactivate")
    assert browser.get("/profile").status_code == 302, "the old session stays over"
    assert fresh(li).standing == Standing.ACTIVE
    assert fresh(li).has_role(Role.APPLICANT)


def test_sessions_are_ended_by_the_administrator(office, li, client):
    """ASVS 7.4.5."""
    browser = client(li)
    office.post(f"/people/{li.id}/end-sessions")
    assert browser.get("/profile").status_code == 302


def test_a_hospital_cannot_shut_out_who_acts_for_the_alliance(office, home, platform):
    coordinator = make_person(Role.TRIAGE_COORDINATOR, hospital=home)
    assert office.post(f"/people/{coordinator.id}/suspend").status_code == 403
    assert office.post(f"/people/{coordinator.id}/end-sessions").status_code == 403
    assert platform.post(f"/people/{coordinator.id}/suspend").status_code == 302


def test_a_role_of_somebody_else_is_not_revoked_through_this_person(office, li, home):
    other = make_person(Role.EXPERT, hospital=home)
    url = f"/people/{li.id}/roles/{other.roles[0].id}/revoke"
    assert office.post(url).status_code == 404
    assert fresh(other).has_role(Role.EXPERT)


def test_people_are_found_by_text_hospital_role_and_standing(platform, office, li, home):
    wu = make_person(Role.EXPERT, hospital=make_hospital("云溪市第一医院"), name="吴专家")
    gone = make_person(hospital=home, name="赵停用", standing=Standing.SUSPENDED)

    def names(browser, **asked):
        page = browser.get("/people", query_string=asked).text
        return {who.name for who in (li, wu, gone) if who.name in page}

    assert names(platform) == {"李文", "吴专家", "赵停用"}
    assert names(platform, q="吴") == {"吴专家"}
    assert names(platform, role="expert") == {"吴专家"}
    assert names(platform, standing="suspended") == {"赵停用"}
    assert names(platform, hospital=home.id) == {"李文", "赵停用"}
    assert names(office) == {"李文", "赵停用"}


def test_who_is_no_administrator_sees_nobody(client, li):
    browser = client(li)
    assert browser.get("/people").status_code == 403
    assert browser.get("/people/reviews").status_code == 403
    assert "/people" not in browser.get("/profile").text
