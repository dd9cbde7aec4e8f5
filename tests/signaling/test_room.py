"""The room over sockets: presence, strokes, chat, and its end."""

from app.db import db
from app.rooms import queries
from app.rooms.models import Attendance
from tests.makers import make_person
from tests.session import make_session

STROKE = {"key": "k1", "record": 7, "width": 4, "points": [[10, 20, 0.5], [11, 21, 0.5]]}


def enter(socket, session, person):
    page = socket(person)
    answer = page.send("room:join", consultation=session.consultation.id)
    assert answer["ok"], answer
    return page


def names(present):
    return [one["name"] for one in present]


def test_whoever_comes_in_is_announced_to_the_others(socket, app):
    """S0-28"""
    session = make_session()
    li = enter(socket, session, session.li)
    li.heard()
    wang = socket(session.wang)
    answer = wang.send("room:join", consultation=session.consultation.id)

    assert names(answer["present"]) == ["李示例", "王示例"]
    assert [one["author"] for one in li.heard("person:joined")] == [session.wang.id]

    wang.close()
    told = li.heard()
    assert names([one for one in told if one["type"] == "room:present"][-1]["present"]) == [
        "李示例"
    ]
    assert [one["author"] for one in told if one["type"] == "person:left"] == [session.wang.id]
    stay = db.session.query(Attendance).filter_by(person_id=session.wang.id).one()
    assert stay.left_at is not None


def test_a_stroke_is_kept_and_reaches_everybody(socket, app):
    session = make_session()
    li, wang = enter(socket, session, session.li), enter(socket, session, session.wang)
    li.heard(), wang.heard()

    preview = wang.send("stroke:preview", **STROKE)
    assert preview["ok"]
    assert wang.heard() == []
    assert li.heard()[0]["points"] == STROKE["points"]

    answer = wang.send("stroke:add", **STROKE)
    assert answer == {"ok": True, "number": 3}
    (told,) = li.heard()
    assert told["type"] == "stroke:added"
    assert {key: told[key] for key in STROKE} == STROKE
    assert wang.heard() == [told]

    zhao = socket(session.zhao)
    late = zhao.send("room:join", consultation=session.consultation.id)
    assert told in late["entries"]
    assert late["last"] == 4

    assert li.send("stroke:undo", number=3)["code"] == "forbidden"
    assert wang.send("stroke:undo", number=3)["ok"]
    assert [one["stroke"] for one in li.heard("stroke:undone")] == [3]


def test_what_is_said_reaches_everybody(socket, app):
    session = make_session()
    li, wang = enter(socket, session, session.li), enter(socket, session, session.wang)
    assert wang.send("chat:say", key="a", text="请看左下肺")["ok"]
    assert [one["text"] for one in li.heard("chat:said")] == ["请看左下肺"]
    assert wang.send("chat:say", key="b", text=" ")["errors"] == {"text": "请填写内容"}


def test_whoever_missed_something_catches_up(socket, app):
    session = make_session()
    wang = enter(socket, session, session.wang)
    wang.send("stroke:add", **STROKE)
    wang.send("page:turn", record=9)
    missed = wang.send("room:missed", after=2)
    assert [(one["type"], one["number"]) for one in missed["entries"]] == [("page:turned", 3)]
    assert missed["last"] == 3


def test_others_see_whose_camera_is_on(socket, app):
    session = make_session()
    li, wang = enter(socket, session, session.li), enter(socket, session, session.wang)
    li.heard()
    wang.send("room:media", camera=True, microphone=False)
    (told,) = li.heard("room:present")
    shown = {one["id"]: (one["camera"], one["microphone"]) for one in told["present"]}
    assert shown == {session.li.id: (False, False), session.wang.id: (True, False)}


def test_coming_in_from_another_device_takes_the_seat_over(socket, app):
    session = make_session()
    first = enter(socket, session, session.wang)
    first.heard()
    second = enter(socket, session, session.wang)

    assert [one["reason"] for one in first.heard("room:closed")] == ["elsewhere"]
    assert first.send("stroke:add", **STROKE)["code"] == "forbidden"
    first.close()
    assert second.send("stroke:add", **STROKE)["ok"]


def test_when_the_session_ends_everybody_is_out_at_once(socket, app):
    """S0-26"""
    session = make_session()
    pages = [enter(socket, session, person) for person in (session.li, session.wang)]
    session.close()
    for page in pages:
        assert [one["reason"] for one in page.heard("room:closed")] == ["closed"]
        assert page.send("chat:say", key="a", text="还在吗")["code"] == "forbidden"
        assert page.send("room:join", consultation=session.consultation.id)["code"] == "conflict"


def test_whoever_is_taken_off_the_case_is_out_at_once(socket, app):
    session = make_session()
    li, wang = enter(socket, session, session.li), enter(socket, session, session.wang)
    session.remove(session.wang)

    assert [one["reason"] for one in wang.heard("room:closed")] == ["removed"]
    assert li.heard("room:closed") == []
    li.heard()
    assert wang.send("stroke:preview", **STROKE)["code"] == "forbidden"
    assert wang.send("room:join", consultation=session.consultation.id)["code"] == "forbidden"
    assert li.heard() == []


def test_inboxes_and_case_pages_of_those_concerned_hear_that_something_changed(socket, app):
    session, other = make_session(), make_session()
    li, stranger = socket(session.li), socket(other.wang)
    hospital = session.consultation.inviting_hospital
    director = socket(make_person("medical_affairs", hospital=hospital))
    assert li.send("case:watch", consultation=session.consultation.id)["ok"]
    refused = stranger.send("case:watch", consultation=session.consultation.id)
    assert refused["code"] == "forbidden"

    change_inbox(session)

    assert {one["type"] for one in li.heard()} == {"inbox:changed", "case:changed"}
    assert director.heard() == [{"type": "inbox:changed"}]
    assert stranger.heard() == []


def change_inbox(session):
    from app.db import publish, transactional
    from app.tasks.events import InboxChanged

    @transactional
    def run():
        publish(InboxChanged(session.consultation.id))

    session.remove(session.zhao)
    run()


def test_a_closed_room_leaves_nobody_seated(socket, app):
    session = make_session()
    enter(socket, session, session.wang)
    session.close()
    assert queries.admitted(session.room_id) == frozenset()
