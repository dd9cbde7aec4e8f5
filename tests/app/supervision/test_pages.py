"""The pages of supervisors: the map, one case, incidents, and a whole migration over HTTP."""

import pytest

from app.db import db
from app.permissions import Role
from app.supervision import queries
from app.supervision.models import CaseMigration
from app.supervision.queries import Seat, Waiting
from tests.app.cases import do, make_people, open_case, ready
from tests.app.shipped import APPROVAL, ask
from tests.app.supervision.cases import publish_changed
from tests.app.supervision.test_deeds import stranded
from tests.makers import make_person

HOUR = 3600


@pytest.fixture
def li(app):
    return make_person(Role.PROCESS_MANAGER)


@pytest.fixture
def waiting(app, clock):
    """Three cases at the director, since 5, 3 and 1 hours, and one that is not yet asked for."""
    people = make_people()
    cases = [open_case(people.applicant)]
    for _ in range(3):
        clock.move(hours=2)
        cases.append(open_case(people.applicant))
        do(cases[-1], people.applicant, reason="x")
    clock.move(hours=1)
    return people, cases


def test_the_map_counts_what_waits_how_long_and_what_is_late(app, waiting):
    _people, cases = waiting

    assert queries.waiting(1) == [
        Waiting("ask", 1, 0, 7 * HOUR, 7 * HOUR, 0),
        Waiting("decide", 3, 1, 3 * HOUR, 5 * HOUR, 0),
    ]
    assert queries.seats(1, "decide")[0] == Seat(
        cases[1].id, cases[1].number, "decide", 5 * HOUR, True, False, False
    )
    assert queries.running() == {1: 4}
    assert queries.waiting(2) == []


def test_the_map_is_told_with_names_and_leads_to_the_cases(app, client, li, waiting):
    _people, cases = waiting
    browser = client(li)

    told = browser.get("/api/supervision/maps/consultation?diagram").get_json()

    assert "xml" not in browser.get("/api/supervision/maps/consultation").get_json()
    assert told["xml"].startswith("<?xml")
    decide = next(one for one in told["elements"] if one["id"] == "decide")
    assert (decide["name"], decide["count"], decide["overdue"]) == ("审核", 3, 1)
    listed = browser.get(decide["url"]).text
    assert all(case.number in listed for case in cases[1:])
    assert "查看会诊" not in listed, "a manager may not read the case itself"
    page = browser.get("/supervision/maps/consultation").text
    assert "审核" in page
    assert "3 小时" in page
    assert "流程监管" in browser.get("/supervision").text


def test_the_page_of_a_case_names_no_patient_and_its_deeds_work(app, client, li):
    people = make_people()
    case = ask(people.applicant, people.invited)
    do(case, people.director, **APPROVAL)
    browser, path = client(li), f"/supervision/cases/{case.id}"

    page = browser.get(path).text

    assert case.number in page
    assert "本院医务科审核" in page
    assert "示例患者" not in page
    assert "胸痛" not in page
    assert client(people.coordinator).get(path).status_code == 403
    browser.post(f"{path}/suspension", data={"reason": "核实材料"})
    assert "会诊已暂停" in browser.get(path).text
    browser.post(f"{path}/resumption", data={"reason": "可以继续"})
    browser.post(f"{path}/return", data={"element": "review_director", "reason": "补审"})
    assert ready(case).element_id == "review_director"
    refused = browser.post(
        f"/supervision/tasks/{ready(case).id}/skip", data={"reason": "x"}, follow_redirects=True
    )
    assert "要用到这一步给出的" in refused.text
    browser.post(f"{path}/correction", data={"name": "urgency", "value": "[", "reason": "x"})
    browser.post(f"{path}/end", data={"reason": "重复申请"})
    page = browser.get(path).text
    for told in ("核实材料", "可以继续", "补审", "重复申请", "已取消"):
        assert told in page


def test_incidents_are_listed_with_their_reason_and_retried(app, client, clock, li):
    people = make_people()
    case, _ = stranded(people)
    browser = client(li)

    page = browser.get("/supervision/incidents").text
    assert case.number in page
    assert "没有条件成立" in page
    again = browser.post("/supervision/incidents/1/retry", follow_redirects=True).text
    assert "重试没有成功" in again
    ready(case).draft = {"decision": "approve"}
    db.session.commit()
    again = browser.post("/supervision/incidents/1/retry", follow_redirects=True).text
    assert "已重试" in again
    assert "没有待处理的异常" in again


def test_a_migration_from_the_dry_run_to_the_way_back(app, client, clock, li):
    people = make_people()
    case = ask(people.applicant, people.invited)
    do(case, people.director, **APPROVAL)
    old, new = case.instance.digest, publish_changed().digest
    browser, path = client(li), "/supervision/processes/consultation/migrations/new"
    chosen = {"from": old, "to": new}
    mapped = {**chosen, "map.review_inviting_affairs": "review_hospital_affairs"}

    dry = browser.get(path, query_string=chosen).text
    assert "新版中没有这一步" in dry
    assert "review_hospital_affairs" in dry
    dry = browser.get(path, query_string=mapped).text
    assert "1 个可迁移，" in dry
    refused = browser.post(path, data={**mapped, "case": case.id})
    assert refused.status_code == 422
    assert "请说明理由" in refused.text
    made = browser.post(path, data={**mapped, "case": case.id, "reason": "新版上线"})
    migration = db.session.query(CaseMigration).one()
    assert made.headers["Location"] == f"/supervision/migrations/{migration.id}"
    steps = f"/api/supervision/migrations/{migration.id}/steps"
    told = browser.post(steps).get_json()
    assert (told["done"], told["total"], told["is_over"]) == (1, 1, True)
    assert ready(case).element_id == "review_hospital_affairs"
    assert "撤销整个迁移" in browser.get(f"/supervision/migrations/{migration.id}").text
    browser.post(f"/supervision/migrations/{migration.id}/reversal")
    browser.post(f"/supervision/migrations/{migration.id}/steps")
    assert ready(case).element_id == "review_inviting_affairs"
    assert case.instance.digest == old
    assert "新版上线" in browser.get("/supervision/migrations").text


def test_a_value_that_is_no_json_and_an_unknown_version_are_said(app, client, clock, li):
    people = make_people()
    old = ask(people.applicant, people.invited).instance.digest
    new = publish_changed().digest
    browser, path = client(li), "/supervision/processes/consultation/migrations/new"

    page = browser.get(path, query_string={"from": old, "to": new, "value.x": "{"})
    assert "请按 JSON 填写" in page.text
    assert browser.get(path, query_string={"from": old, "to": "0" * 64}).status_code == 200
    assert browser.get(path.replace("consultation", "none")).status_code == 404
