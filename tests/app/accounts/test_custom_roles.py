"""Managers add roles for their diagrams; who holds one does its tasks and reads those cases."""

from dataclasses import replace

import pytest

from app.accounts import custom_roles, roles, words
from app.accounts.models import CustomRole
from app.audit import AuditEntry, Deed
from app.consultations.models import Consultation
from app.consultations.queries import readable_by
from app.db import db
from app.errors import Conflict, Forbidden, Invalid
from app.permissions import Permission, Role, allows
from app.processes.vocabulary import vocabulary
from app.tasks.inbox import workers
from tests.app.cases import make_people, open_case, ready
from tests.app.diagrams import DIAGRAM, small_bundle
from tests.makers import make_department, make_person

IN_LANE = DIAGRAM.replace('value="department_director"', 'value="pharmacist"')
IN_GROUP = DIAGRAM.replace(
    '<zeebe:formDefinition formId="decide"/>',
    '<zeebe:formDefinition formId="decide"/><zeebe:assignmentDefinition candidateGroups="{}"/>',
)


@pytest.fixture
def pharmacist(app):
    return custom_roles.add(make_person(Role.PROCESS_MANAGER), "pharmacist", "药师", "Pharmacist")


def seen_by(person) -> set[int]:
    found = db.session.scalars(db.select(Consultation.id).where(readable_by(person)))
    return set(found)


def submit(applicant, diagram):
    case = open_case(applicant, replace(small_bundle(), process=diagram))
    from app.tasks.actions import complete_task

    complete_task(ready(case).id, applicant, {"reason": "用药复杂"})
    return case


def test_a_role_is_added_under_a_key_of_its_own(pharmacist):
    assert pharmacist.key in vocabulary().roles
    assert words.role_name("pharmacist") == "药师"
    assert db.session.query(AuditEntry).filter_by(deed=Deed.ROLE_DEFINED).count() == 1
    manager = make_person(Role.PROCESS_MANAGER)
    for key, name in (
        ("pharmacist", "另一个"),
        ("expert", "专家"),
        ("Nurse", "护士"),
        ("护士", "护士"),
        ("nurse", "药师"),
    ):
        with pytest.raises(Invalid):
            custom_roles.add(manager, key, name, "x")


def test_only_process_managers_add_roles(app):
    for role in set(Role) - {Role.PROCESS_MANAGER}:
        with pytest.raises(Forbidden):
            custom_roles.add(make_person(role), "pharmacist", "药师", "Pharmacist")
    assert db.session.query(CustomRole).count() == 0


@pytest.mark.parametrize("diagram", [IN_LANE, IN_GROUP.format("pharmacist")], ids=["lane", "group"])
def test_its_tasks_reach_those_who_hold_it_at_the_hospital_and_nobody_else(pharmacist, diagram):
    people = make_people()
    own = make_person("pharmacist", hospital=people.inviting)
    other = make_person("pharmacist", hospital=people.invited)
    earlier = open_case(people.applicant)
    case = submit(people.applicant, diagram)
    task = ready(case, "decide")
    assert [one.id for one in workers(task)] == [own.id]
    assert task.is_open_to(own)
    assert not any(task.is_open_to(one) for one in (other, people.director, people.stranger))
    for person, cases in ((own, {case.id}), (other, set())):
        assert seen_by(person) == cases
        for one in (earlier, case):
            assert allows(person, Permission.CONSULTATION_READ, one) == (one.id in cases)
    assert not allows(own, Permission.CONSULTATION_CANCEL, case)
    assert not allows(own, Permission.ROOM_JOIN, case)


def test_held_at_a_department_it_reaches_only_cases_of_that_department(pharmacist):
    people = make_people()
    elsewhere = make_department(people.inviting)
    person = make_person("pharmacist", hospital=people.inviting)
    person.roles[0].department_id = elsewhere.id
    case = submit(people.applicant, IN_LANE)
    assert seen_by(person) == set()
    assert not allows(person, Permission.CONSULTATION_READ, case)


def test_several_candidate_groups_offer_a_task_to_all_who_hold_one(pharmacist):
    people = make_people()
    own = make_person("pharmacist", hospital=people.inviting)
    case = submit(people.applicant, IN_GROUP.format("pharmacist, medical_affairs"))
    task = ready(case, "decide")
    assert {one.id for one in workers(task)} == {own.id, people.affairs.id}
    assert task.is_open_to(people.affairs)
    assert not task.is_open_to(people.director)


def test_administrators_give_it_at_their_hospital_while_it_is_offered(pharmacist, client):
    people = make_people()
    boss = make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=people.inviting)
    person = make_person(Role.APPLICANT, hospital=people.inviting)
    page = client(boss)
    wanted = {"role": "pharmacist", "hospital_id": people.inviting.id, "department_id": ""}
    assert "药师" in page.get(f"/people/{person.id}").text
    assert page.post(f"/people/{person.id}/roles", data=wanted).status_code == 302
    assert person.has_role("pharmacist")
    assert "药师" in page.get(f"/people/{person.id}").text
    custom_roles.retire(make_person(Role.PROCESS_MANAGER), pharmacist.id)
    another = make_person(Role.APPLICANT, hospital=people.inviting)
    assert page.post(f"/people/{another.id}/roles", data=wanted).status_code == 422
    assert "pharmacist" not in vocabulary().roles
    assert person.has_role("pharmacist")
    with pytest.raises(Forbidden):
        roles.grant_role(boss, another, "pharmacist", people.invited.id)


def test_a_retired_role_comes_back(pharmacist, client):
    manager = make_person(Role.PROCESS_MANAGER)
    page = client(manager)
    assert page.post(f"/roles/{pharmacist.id}/retire").status_code == 302
    assert "已停用" in page.get("/roles").text
    with pytest.raises(Conflict):
        custom_roles.retire(manager, pharmacist.id)
    assert page.post(f"/roles/{pharmacist.id}/revive").status_code == 302
    assert "pharmacist" in vocabulary().roles


def test_the_page_adds_a_role_and_says_what_is_wrong(client):
    page = client(make_person(Role.PROCESS_MANAGER))
    wrong = page.post("/roles", data={"key": "药师", "name": "药师", "name_en": "Pharmacist"})
    assert wrong.status_code == 422
    assert "标识由小写英文字母开头" in wrong.text
    good = {"key": "pharmacist", "name": "药师", "name_en": "Pharmacist"}
    assert page.post("/roles", data=good).status_code == 302
    assert "pharmacist" in page.get("/roles").text
