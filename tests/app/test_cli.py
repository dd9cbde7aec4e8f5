"""The commands of whoever runs an installation."""

import pytest
from sqlalchemy import text

from app.db import db
from app.permissions import Role
from app.processes import queries
from app.processes.actions import publish
from bpmn import shipped
from tests.app.cases import make_people, open_case
from tests.app.diagrams import small_bundle
from tests.makers import make_person


@pytest.fixture
def run(app):
    def invoke(*args):
        db.session.commit()
        result = app.test_cli_runner().invoke(args=args)
        db.session.expire_all()
        return result

    return invoke


def test_what_ships_is_published_once(run):
    first, second = run("publish-shipped"), run("publish-shipped")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "consultation: version 1 published" in first.output
    assert "consultation: version 1 is in force" in second.output
    version = queries.in_force()
    assert (version.number, version.process.name) == (1, "远程会诊")
    assert version.digest == shipped.bundle("consultation").digest()


def test_a_managers_version_is_replaced_only_when_asked(run, app):
    author, second = make_person(Role.PROCESS_MANAGER), make_person(Role.PROCESS_MANAGER)
    publish(second, "consultation", "远程会诊", small_bundle(), "说明", author.id)

    kept = run("publish-shipped")
    assert "consultation: version 1 of a manager is kept" in kept.output
    assert queries.in_force().digest == small_bundle().digest()

    assert run("publish-shipped", "--replace").exit_code == 0
    assert queries.in_force().number == 2


def test_what_ships_never_comes_back_as_a_newer_version_of_itself(run, app):
    run("publish-shipped")
    publish(None, "consultation", "远程会诊", small_bundle())

    assert "version 2 is newer than what ships" in run("publish-shipped", "--replace").output
    assert queries.in_force().digest == small_bundle().digest()


def test_an_untouched_trail_is_verified(run, app):
    open_case(make_people().applicant)
    result = run("verify-audit")
    assert result.exit_code == 0
    assert "unbroken" in result.output


def test_a_broken_trail_is_named_and_fails_the_command(run, app):
    case = open_case(make_people().applicant)
    db.session.execute(
        text("UPDATE audit_entries SET details = '{}' WHERE chain = :chain AND place = 1"),
        {"chain": case.audit_chain},
    )
    result = run("verify-audit")
    assert result.exit_code == 1
    assert f"{case.audit_chain}: broken at 1" in result.output


def test_versions_of_before_there_were_signatures_are_signed_once(run, app):
    publish(None, "consultation", "远程会诊", small_bundle())
    (publication,) = queries.process("consultation").publications
    publication.signature = {}
    db.session.commit()

    first, second = run("sign-versions"), run("sign-versions")

    assert "consultation: version 1 signed" in first.output
    assert "signed" not in second.output
    assert "-----BEGIN PUBLIC KEY-----" in second.output
    assert queries.startable("consultation").number == 1
