"""The organisation tree: whoever may, adds and edits; what is referred to stays (S0-1…4, S1-7)."""

import pytest

from app.audit import AuditEntry, Deed
from app.db import db
from app.organisations.models import Alliance, Campus, Department, Hospital
from app.permissions import Role
from tests.makers import make_alliance, make_department, make_hospital, make_person

FIELDS = {
    "name": "云溪市第一医院",
    "level": "3A",
    "description": "区域会诊中心",
    "address": "云溪市中心路 1 号",
    "phone": "0999-1234567",
    "region_code": "659901",
}


@pytest.fixture
def platform(client, app):
    return client(make_person(Role.PLATFORM_ADMINISTRATOR))


@pytest.fixture
def home(app):
    return make_hospital("青山县人民医院")


@pytest.fixture
def administrator(client, home):
    return client(make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=home))


def fields(**other):
    return FIELDS | {"alliance_id": make_alliance().id} | other


def test_a_hospital_is_admitted_with_all_its_fields_and_found_again(platform):
    """S0-1, S0-2."""
    answer = platform.post("/hospitals/new", data=fields(can_be_invited="yes"))

    page = platform.get(answer.headers["Location"]).text
    for value in (*FIELDS.values(), "三级甲等"):
        assert value in page or value == "3A"
    assert "云溪市第一医院" in platform.get("/hospitals?q=云溪&level=3A").text
    assert "云溪市第一医院" not in platform.get("/hospitals?q=100%").text
    hospital = db.session.query(Hospital).one()
    assert hospital.can_be_invited
    assert [e.deed for e in db.session.query(AuditEntry)] == [Deed.HOSPITAL_ADDED]


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("name", "", "请填写"),
        ("name", "长" * 101, "最多 100 个字"),
        ("name", "青山县人民医院", "已经存在"),
        ("level", "9Z", "格式不正确"),
        ("level", "", "请填写"),
        ("phone", "打电话", "电话号码"),
        ("region_code", "12345", "行政区划"),
        ("region_code", "01234５", "行政区划"),
        ("alliance_id", "99999", "没有这个医联体"),
        ("can_be_invited", "maybe", "格式不正确"),
        ("id", "7", "不接受"),
    ],
)
def test_a_bad_value_is_said_beside_its_field_and_nothing_is_kept(
    platform, home, field, value, why
):
    answer = platform.post("/hospitals/new", data=fields(**{field: value}))

    assert answer.status_code == 422
    assert why in answer.text
    assert "云溪市中心路 1 号" in answer.text, "what was typed is still there"
    assert db.session.query(Hospital).count() == 1


def test_what_is_still_referred_to_is_not_deleted_and_the_reason_names_it(platform, home):
    """S0-1: deletion is guarded."""
    department = make_department(home, "内科")
    make_person(department=department)

    answer = platform.post(f"/hospitals/{home.id}/delete")

    assert answer.status_code == 409
    for reason in ("青山县人民医院", "科室 1", "人员 1"):
        assert reason in answer.text
    assert platform.post(f"/departments/{department.id}/delete").status_code == 409
    assert db.session.query(Department).count() == 1


def test_an_empty_hospital_is_deleted(platform, home):
    url = f"/hospitals/{home.id}"
    assert platform.post(f"{url}/delete").status_code == 302
    assert db.session.query(Hospital).count() == 0
    assert platform.get(url).status_code == 404


def test_an_administrator_arranges_the_own_hospital(administrator, home):
    """S0-3, S0-4, S1-7: hospital > campus > department."""
    administrator.post(f"/hospitals/{home.id}/campuses/new", data={"name": "东院区"})
    campus = db.session.query(Campus).one()
    answer = administrator.post(
        f"/hospitals/{home.id}/departments/new",
        data={
            "name": "心内科",
            "campus_id": campus.id,
            "description": "冠心病",
            "phone": "0999-7654321",
        },
    )
    assert answer.status_code == 302
    department = db.session.query(Department).one()
    page = administrator.get(f"/departments/{department.id}").text
    for value in ("心内科", "东院区", "冠心病", "0999-7654321", "青山县人民医院"):
        assert value in page
    assert administrator.post(f"/campuses/{campus.id}/delete").status_code == 409

    administrator.post(f"/departments/{department.id}/edit", data={"name": "心血管内科"})

    assert db.session.get(Department, department.id).name == "心血管内科"
    administrator.post(f"/departments/{department.id}/delete")
    administrator.post(f"/campuses/{campus.id}/delete")
    assert db.session.query(Department).count() == db.session.query(Campus).count() == 0


def test_two_hospitals_may_each_have_a_department_of_one_name(platform, home):
    make_department(make_hospital(), "内科")
    url = f"/hospitals/{home.id}/departments/new"
    assert platform.post(url, data={"name": "内科"}).status_code == 302
    assert platform.post(url, data={"name": "内科"}).status_code == 422


def test_a_department_cannot_stand_on_the_campus_of_another_hospital(administrator, home):
    foreign = Campus(hospital=make_hospital(), name="西院区")
    db.session.add(foreign)
    db.session.commit()
    answer = administrator.post(
        f"/hospitals/{home.id}/departments/new", data={"name": "儿科", "campus_id": foreign.id}
    )
    assert answer.status_code == 422


def test_the_administrator_of_another_hospital_changes_nothing_here(client, home):
    """S3-23, ASVS 8.2.2."""
    department = make_department(home)
    stranger = client(make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=make_hospital()))
    for url in (
        f"/hospitals/{home.id}/edit",
        f"/hospitals/{home.id}/delete",
        f"/hospitals/{home.id}/departments/new",
        f"/hospitals/{home.id}/campuses/new",
        f"/departments/{department.id}/edit",
        f"/departments/{department.id}/delete",
    ):
        assert stranger.post(url, data={"name": "夺来的"}).status_code == 403, url
    assert stranger.get(f"/hospitals/{home.id}").status_code == 200


def test_a_hospital_does_not_say_of_itself_that_others_may_invite_it(administrator, home):
    told = fields(name=home.name, alliance_id=home.alliance_id)
    url = f"/hospitals/{home.id}/edit"
    assert administrator.post(url, data=told | {"can_be_invited": "yes"}).status_code == 403
    assert administrator.post(url, data=told).status_code == 302


def test_alliances_are_founded_renamed_and_dissolved_when_empty(platform):
    platform.post("/alliances/new", data={"name": "北岭医联体"})
    alliance = db.session.query(Alliance).one()
    platform.post(f"/alliances/{alliance.id}/edit", data={"name": "南岭医联体"})
    assert "南岭医联体" in platform.get("/alliances").text

    hospital = make_hospital(alliance=alliance)
    assert platform.post(f"/alliances/{alliance.id}/delete").status_code == 409
    platform.post(f"/hospitals/{hospital.id}/delete")
    assert platform.post(f"/alliances/{alliance.id}/delete").status_code == 302


def test_the_tree_is_read_as_json(client, home):
    department = make_department(home, "内科")
    browser = client(make_person(Role.APPLICANT, department=department))

    hospital = browser.get(f"/api/hospitals/{home.id}").get_json()

    assert hospital["name"] == "青山县人民医院"
    assert [each["name"] for each in hospital["departments"]] == ["内科"]
    assert browser.get("/api/departments?q=内").get_json()[0]["hospital_id"] == home.id
    assert browser.get("/api/hospitals?q=nothing").get_json() == []
    assert browser.get("/api/hospitals/999").status_code == 404
    assert client(None).get("/api/hospitals").status_code == 401
