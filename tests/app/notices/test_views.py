"""The bell and the page: a person's own notices, read one by one or all at once."""

import pytest

from app.accounts.actions import propose_profile
from app.accounts.models import REVIEWED, Title
from app.accounts.review import refuse
from app.db import committed, db, transactional
from app.notices.actions import NoticesRead, queue
from app.notices.models import Notice, State
from app.permissions import Role
from tests.makers import make_hospital, make_person


def tell(person, template="comment-added", **params):
    transactional(lambda: queue(person, template, 4, number="HZ-1", **params))()
    return db.session.query(Notice.id).order_by(Notice.id.desc()).limit(1).scalar()


@pytest.fixture
def li(app):
    return make_person(Role.APPLICANT, hospital=make_hospital())


def test_a_person_sees_their_own_latest_first(li, client):
    tell(li, "refused")
    tell(make_person(), "cancelled")
    tell(li, "task-assigned", task="科室主任审核", task_id=9)
    found = client(li).get("/api/notices").get_json()
    assert found["unread"] == 2
    assert [(one["title"], one["path"]) for one in found["notices"]] == [
        ("新的待办：科室主任审核", "/tasks/9"),
        ("会诊申请未通过", "/consultations/4"),
    ]
    assert found["notices"][0].keys() == {
        "id", "title", "text", "template", "path", "is_read", "created_at",
    }  # fmt: skip


def test_the_list_goes_on_before_a_notice(li, client):
    ids = [tell(li) for _ in range(3)]
    page = client(li).get(f"/api/notices?before={ids[2]}").get_json()["notices"]
    assert [one["id"] for one in page] == [ids[1], ids[0]]
    assert client(li).get("/api/notices?before=x").status_code == 422


def test_reading_one_leaves_the_others(li, client, clock):
    first, second = tell(li), tell(li)
    heard = []

    def listen(happening):
        heard.append(happening)

    with committed.connected_to(listen):
        for _ in range(2):  # a second click changes nothing
            assert client(li).post(f"/api/notices/{first}/reading").get_json() == {"unread": 1}
    db.session.expire_all()
    assert (db.session.get(Notice, first).state, db.session.get(Notice, first).read_at) == (
        State.READ,
        clock(),
    )
    assert db.session.get(Notice, second).state == State.SENT
    assert heard == [NoticesRead(li.id)]


def test_what_came_after_the_list_was_shown_stays_unread(li, client):
    seen = tell(li)
    tell(li)
    answer = client(li).post("/api/notices/reading", json={"up_to": seen})
    assert answer.get_json() == {"unread": 1}


def test_nobody_reads_what_is_anothers(li, client):
    theirs = tell(make_person())
    assert client(li).post(f"/api/notices/{theirs}/reading").status_code == 404
    assert client(li).post(f"/notices/{theirs}/opening").status_code == 404
    client(li).post("/api/notices/reading", json={"up_to": theirs})
    db.session.expire_all()
    assert db.session.get(Notice, theirs).state == State.SENT
    assert client(None).get("/api/notices").status_code == 401


@pytest.mark.parametrize("body", [{}, {"up_to": "all"}, {"up_to": 1, "recipient_id": 2}])
def test_only_a_notice_says_how_far_was_read(li, client, body):
    assert client(li).post("/api/notices/reading", json=body).status_code == 422


def test_the_page_opens_a_notice_where_it_leads(li, client):
    """Works as plain HTML: a form for each notice, no script."""
    key = tell(li, "task-assigned", task="<b>审核</b>", task_id=9)
    browser = client(li)
    html = browser.get("/notices").text
    assert "新的待办：&lt;b&gt;审核&lt;/b&gt;" in html
    assert "通知，1 条未读" in html
    answer = browser.post(f"/notices/{key}/opening")
    assert (answer.status_code, answer.location) == (302, "/tasks/9")
    assert "条未读" not in browser.get("/notices").text


def test_everything_on_the_page_can_be_marked_as_read(li, client):
    latest = [tell(li) for _ in range(3)][-1]
    browser = client(li)
    assert "全部标为已读" in browser.get("/notices").text
    assert browser.post("/notices/reading", data={"up_to": latest}).location == "/notices"
    assert "全部标为已读" not in browser.get("/notices").text


def test_a_page_without_notices_says_what_will_come(li, client):
    assert "没有通知" in client(li).get("/notices").text


def test_the_bell_is_fetched_alone(li, client):
    tell(li)
    html = client(li).get("/notices/bell").text
    assert "<html" not in html
    assert ">1</span>" in html


def test_notices_are_told_in_the_readers_language(li, client):
    tell(li, "refused")
    browser = client(li)
    browser.set_cookie("language", "en")
    assert browser.get("/api/notices").get_json()["notices"][0]["title"] == (
        "The application was refused"
    )


def test_a_refused_profile_is_told_with_the_decision(li, client):
    """S0-7: whoever asked for a change learns that it was not approved."""
    administrator = make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=li.hospital)
    in_force = {name: getattr(li, name) for name in REVIEWED}
    change = propose_profile(li, {**in_force, "title": Title.CHIEF})
    refuse(administrator, change, "请补充证书")
    (notice,) = db.session.query(Notice).filter_by(recipient_id=li.id)
    assert (notice.template, notice.params, notice.path) == ("profile-refused", {}, "/profile")
    assert client(li).post(f"/notices/{notice.id}/opening").location == "/profile"
