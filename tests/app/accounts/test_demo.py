"""The bar that switches people exists in demo mode and nowhere else."""

from dataclasses import replace

import pytest

from app import create_app
from app.accounts.demo import BAR
from app.config import Mode
from app.db import db
from app.permissions import Role
from app.web import limiter
from tests.makers import make_person


@pytest.fixture
def demo(app, settings):
    built = create_app(replace(settings, mode=Mode.DEMO))
    built.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    limiter.enabled = False
    yield built
    with built.app_context():
        db.session.remove()
        db.engine.dispose()


def test_one_click_makes_the_visitor_another_person(demo):
    make_person(Role.APPLICANT, login="liwen", name="李文")
    browser = demo.test_client()
    assert "李文" in browser.get("/sign-in").text

    browser.post("/demo/switch/liwen")

    with browser.session_transaction() as session:
        assert "_user_id" in session
    assert browser.post("/demo/switch/nobody").status_code == 404


def test_only_the_people_of_the_bar_can_be_switched_to(demo):
    make_person(Role.PLATFORM_ADMINISTRATOR, login="real")
    assert demo.test_client().post("/demo/switch/real").status_code == 404


def test_there_is_no_switch_outside_demo_mode(client, app):
    login = next(iter(BAR))
    make_person(login=login)
    browser = client(None)
    assert browser.post(f"/demo/switch/{login}").status_code == 404
    assert "demo-bar" not in browser.get("/sign-in").text
