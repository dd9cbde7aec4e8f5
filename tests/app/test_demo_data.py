"""The invented alliance holds everybody a consultation needs, however often it is made."""

import pytest

from app import demo
from app.accounts import queries
from app.accounts.demo import BAR
from app.accounts.models import Person, ProfileChange
from app.accounts.passwords import is_right
from app.db import db
from app.organisations.models import Hospital, Level
from app.permissions import Role


@pytest.fixture
def people(app, monkeypatch):
    cheap = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$invalid"
    monkeypatch.setattr(demo, "hash_password", lambda password: cheap)
    return demo.create()


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
