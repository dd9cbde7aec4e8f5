"""The room's page: for the case's people, with no more of the patient than the family name."""

import json
import re
from html import unescape

from app.rooms.views import door
from tests.session import make_session


def test_the_cases_people_see_the_room(client, app):
    session = make_session()
    page = client(session.wang).get(f"/consultations/{session.consultation.id}/room")
    body = page.get_data(as_text=True)
    assert page.status_code == 200
    assert session.consultation.number in body
    assert "张**" in body
    assert "张测试" not in body
    config = json.loads(unescape(re.search(r'data-config="([^"]*)"', body)[1]))
    assert config["me"] == session.wang.id
    assert config["consultation"] == session.consultation.id


def test_others_see_nothing(client, app):
    session, other = make_session(), make_session()
    path = f"/consultations/{session.consultation.id}/room"
    assert client(other.li).get(path).status_code == 403
    assert client(None).get(path).status_code == 302
    assert client(other.li).get("/consultations/999/room").status_code == 404


def test_a_closed_room_says_so(client, app):
    session = make_session()
    session.close()
    page = client(session.li).get(f"/consultations/{session.consultation.id}/room")
    assert "会诊室没有开放" in page.get_data(as_text=True)
    assert 'data-island="room"' not in page.get_data(as_text=True)


def test_the_case_leads_its_people_into_the_open_room(app):
    session, other = make_session(), make_session()
    with app.test_request_context():
        assert door(session.consultation, session.li) == {
            "url": f"/consultations/{session.consultation.id}/room"
        }
        assert door(session.consultation, other.li) is None
        session.close()
        assert door(session.consultation, session.li) is None
