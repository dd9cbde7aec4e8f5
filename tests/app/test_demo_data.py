"""The invented alliance holds everybody a consultation needs, however often it is made."""

import pytest

from app import demo
from app.accounts import queries
from app.accounts.demo import BAR
from app.accounts.models import Person, ProfileChange
from app.accounts.passwords import is_right
from app.consultations.models import Consultation, Status
from app.db import db, now
from app.notices.models import Notice
from app.organisations.models import Hospital, Level
from app.permissions import Role
from app.processes.actions import publish
from app.rooms.models import Room
from app.tasks.models import State, Task
from app.tasks.queries import counts
from bpmn import shipped

FLOW = list(BAR)[:8]


@pytest.fixture
def people(app, monkeypatch):
    cheap = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$invalid"
    monkeypatch.setattr(demo.people, "hash_password", lambda password: cheap)
    return demo.create()


@pytest.fixture
def cases(people):
    publish(None, "consultation", "远程会诊", shipped.bundle("consultation"))
    demo.create()
    return db.session.query(Consultation).all()


def test_every_role_and_everybody_of_the_bar_is_there(people):
    assert {role.role for person in people for role in person.roles} == set(Role)
    assert set(BAR) <= {person.login for person in people}
    county = {person.login: person.hospital.name for person in people}
    assert county["liwen"] == county["chen.zhuren"] == county["zheng.suifang"]
    assert county["qian.yiwu"] != county["liwen"]


def test_ten_tertiary_hospitals_may_be_invited(people):
    tertiary = (Level.TERTIARY_A, Level.TERTIARY_B)
    invited = db.session.query(Hospital).filter_by(can_be_invited=True)
    assert invited.filter(Hospital.level.in_(tertiary)).count() >= 10


def test_making_it_again_changes_nothing(people):
    before = db.session.query(Person).count(), db.session.query(ProfileChange).count()
    demo.create()
    assert (db.session.query(Person).count(), db.session.query(ProfileChange).count()) == before


def test_somebody_waits_for_the_hospital_administrator(people):
    administrator = next(person for person in people if person.login == "feng.guanli")
    assert queries.count_waiting(administrator) == 1


def test_everybody_of_a_consultation_finds_work(cases):
    """Each of them, on first opening the product, sees something to do."""
    for login in FLOW:
        person = db.session.query(Person).filter_by(login=login).one()
        mine, group = (counts(person)[box][0] for box in ("mine", "group"))
        assert mine + group, login


def test_the_front_door_leads_to_where_something_waits(cases, client):
    for login, address in {"liwen": "/inbox", "feng.guanli": "/people/reviews"}.items():
        person = db.session.query(Person).filter_by(login=login).one()
        assert client(person).get("/").headers["Location"] == address


def test_the_cases_stand_at_different_steps(cases):
    waiting = db.session.query(Task).filter_by(state=State.READY)
    assert {task.element_id for task in waiting} == {
        *("fill_application", "review_director", "review_inviting_affairs"),
        *("review_invited_affairs", "schedule", "session", "write_opinions"),
        *("sign_report", "decide_execution", "follow_up"),
    }
    assert {case.status for case in cases} == set(Status)
    assert db.session.query(Room).filter_by(closed_at=None).count() == 1
    late = [task for task in waiting if task.due_at and task.due_at < now()]
    assert {task.element_id for task in late} == {"schedule"}


def test_what_was_told_of_the_past_lies_in_the_past(cases):
    assert max(case.created_at for case in cases) < now()
    assert len({case.created_at for case in cases}) == len(cases)
    assert all("示例患者" in case.patient.name for case in cases if case.patient)


def test_no_message_of_the_past_is_sent_today(cases):
    waiting = db.session.query(Notice).filter(Notice.next_attempt_at.is_not(None))
    assert all(notice.created_at >= max(case.created_at for case in cases) for notice in waiting)


def test_cases_are_made_once(cases):
    demo.create()
    assert db.session.query(Consultation).count() == len(cases)


def test_the_command_prints_how_to_sign_in(app):
    output = app.test_cli_runner().invoke(args=["demo-data"]).output
    assert "liwen" in output
    assert demo.PASSWORD in output
    person = db.session.query(Person).filter_by(login="liwen").one()
    assert is_right(person.password_hash, demo.PASSWORD)


def test_the_first_administrator_comes_from_the_command_line(app):
    """G-4: no default account; afterwards rights are given on pages only."""
    runner = app.test_cli_runner()
    arguments = ["add-administrator", "root.of.all", "管理员", "--password"]
    assert runner.invoke(args=[*arguments, "password"]).exit_code != 0
    assert runner.invoke(args=[*arguments, "a long phrase of words"]).exit_code == 0
    assert db.session.query(Person).one().has_role(Role.PLATFORM_ADMINISTRATOR)
    assert runner.invoke(args=[*arguments, "a long phrase of words"]).exit_code != 0
