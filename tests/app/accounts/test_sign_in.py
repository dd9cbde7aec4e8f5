"""Who may come in, for how long, and how the door is kept (S3-23, G-1, G-3, ASVS 6 and 7)."""

import re

import pytest

from app.accounts.models import Standing
from app.accounts.passwords import hash_password, is_right
from app.audit import AuditEntry, Deed
from app.db import db
from app.permissions import Role
from app.web import safe_target
from tests.makers import make_person

PASSWORD = "晨雾里的三只白鹭"


@pytest.fixture
def li(app):
    return make_person(Role.APPLICANT, login="liwen", password_hash=hash_password(PASSWORD))


def sign_in(browser, login="liwen", password=PASSWORD, **more):
    return browser.post("/sign-in", data={"login": login, "password": password, **more})


def is_inside(browser):
    return "/sign-in" not in browser.get("/").headers["Location"]


def words_of(answer):
    """What a page says, without what was typed and without the page's token."""
    words = re.sub(r"<[^>]*>", "", answer.text)
    assert "登录名或密码不正确" in words
    return words


def deeds():
    return [entry.deed for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def test_the_right_password_opens_the_door(client, li):
    browser = client(None)

    answer = sign_in(browser)

    assert answer.status_code == 302
    assert is_inside(browser)
    assert deeds() == [Deed.SIGNED_IN]


def test_a_login_is_the_same_in_capitals_and_full_width(client, li):
    """G-1: one person, one login."""
    browser = client(None)
    sign_in(browser, login=" LiＷen ")
    assert is_inside(browser)


@pytest.mark.parametrize("login", ["liwen", "nobody"])
def test_a_wrong_password_and_an_unknown_login_look_the_same(client, li, login):
    browser = client(None)

    answer = sign_in(browser, login=login, password="wrong")

    assert answer.status_code == 422
    assert words_of(answer) == words_of(sign_in(browser, password="another"))
    assert not is_inside(browser)
    assert deeds()[0] == Deed.SIGN_IN_FAILED


def test_an_unknown_login_costs_a_hash_too(app, monkeypatch):
    """Otherwise the time of the answer would tell which logins exist."""
    from app.accounts import passwords

    asked = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        type(passwords._hasher), "verify", lambda self, *of: asked.append(of) or real(*of)
    )
    assert not is_right(None, "belongs to nobody")
    assert len(asked) == 1


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(client, li, clock):
    """G-3."""
    browser = client(None)
    for _ in range(5):
        sign_in(browser, password="wrong")

    assert sign_in(browser).status_code == 422
    assert Deed.LOCKED_OUT in deeds()

    clock.move(minutes=14)
    assert sign_in(browser).status_code == 422
    clock.move(minutes=2)
    assert sign_in(browser).status_code == 302


def test_a_success_forgets_the_failures_before_it(client, li):
    browser = client(None)
    for attempt in ["wrong"] * 4 + [PASSWORD] + ["wrong"] * 4:
        sign_in(browser, password=attempt)
    assert sign_in(browser).status_code == 302


def test_a_suspended_person_stays_outside(client, li):
    li.standing = Standing.SUSPENDED
    db.session.commit()
    assert sign_in(client(None)).status_code == 422


def test_an_address_may_try_ten_times_a_minute(client, li, rate_limits):
    browser = client(None)
    answers = [sign_in(browser, login=f"guess{n}").status_code for n in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_form_without_the_pages_token_is_refused(client, li, csrf):
    browser = client(None)
    page = browser.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    assert sign_in(browser).status_code == 400
    assert sign_in(browser, csrf_token=token).status_code == 302


def test_an_idle_session_ends_and_an_active_one_goes_on(client, li, clock):
    browser = client(li)
    for _ in range(4):
        clock.move(minutes=20)
        assert is_inside(browser)

    clock.move(minutes=31)

    assert not is_inside(browser)


def test_no_session_outlives_twelve_hours(client, li, clock):
    browser = client(li)
    for _ in range(35):
        clock.move(minutes=20)
        assert is_inside(browser)

    clock.move(minutes=25)

    assert not is_inside(browser)


def test_what_a_session_held_before_sign_in_is_gone_after_it(client, li):
    """Session fixation: nothing planted beforehand survives."""
    browser = client(None)
    with browser.session_transaction() as session:
        session["planted"] = "by somebody else"

    sign_in(browser)

    with browser.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] == str(li.id)


def test_a_copied_cookie_is_worthless_after_sign_out(client, li):
    """ASVS 7.4.1."""
    browser, thief = client(None), client(None)
    sign_in(browser)
    thief.set_cookie("session", browser.get_cookie("session").value)
    assert is_inside(thief)

    browser.post("/sign-out")

    assert not is_inside(browser)
    assert not is_inside(thief)
    assert deeds() == [Deed.SIGNED_IN, Deed.SIGNED_OUT]


def test_a_page_asked_for_too_early_is_shown_after_sign_in(client, li):
    browser = client(None)
    asked = browser.get("/profile?tab=1").headers["Location"]
    assert asked.endswith("next=/profile?tab%3D1")
    assert sign_in(browser, next="/profile?tab=1").headers["Location"] == "/profile?tab=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "\\/evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        None,
    ],
)
def test_nobody_is_led_to_another_site(app, target):
    with app.test_request_context():
        assert safe_target(target) == "/"


def test_an_api_answers_strangers_with_401(client, app):
    answer = client(None).post("/language", data={"language": "xx"})
    assert answer.status_code == 422
    assert client(None).get("/api/nothing").status_code == 404


def test_the_language_is_chosen_by_a_switch(client, li):
    browser = client(None)
    answer = browser.post("/language", data={"language": "en", "next": "/sign-in"})
    assert answer.headers["Location"] == "/sign-in"
    assert '<html lang="en">' in browser.get("/sign-in").text


def test_somebody_who_awaits_review_sees_only_the_waiting_page(client, app):
    """S0-6."""
    browser = client(make_person(standing=Standing.PENDING))
    assert browser.get("/").headers["Location"] == "/waiting"
    assert "等待审核" in browser.get("/waiting").text
    assert browser.get("/profile").status_code == 200
