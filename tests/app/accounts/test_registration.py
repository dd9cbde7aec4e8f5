"""A doctor registers, is reviewed, and only then can act; changes are reviewed again (S0-5…7)."""

import pytest

from app.accounts import review
from app.accounts.models import ChangeState, Person, ProfileChange, Standing
from app.accounts.passwords import hash_password, is_right, weakness
from app.audit import AuditEntry, Deed
from app.db import db
from app.errors import Conflict, Forbidden
from app.permissions import Grant, Role
from tests.makers import make_department, make_hospital, make_person

PASSWORD = "晨雾里的三只白鹭"


@pytest.fixture
def home(app):
    return make_hospital("青山县人民医院")


@pytest.fixture
def ward(home):
    return make_department(home, "内科")


@pytest.fixture
def administrator(home):
    return make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=home, name="管理员甲")


def told(home, ward, **other):
    return {
        "login": "liwen",
        "password": PASSWORD,
        "password_again": PASSWORD,
        "name": "李文",
        "hospital_id": home.id,
        "department_id": ward.id,
        "title": "attending",
        "specialty": "心血管",
        "licence": "110510000000001",
        "phone": "13900000001",
        "email": "liwen@example.org",
    } | other


def profile(home, ward, **other):
    kept = ("name", "hospital_id", "department_id", "title", "specialty", "licence")
    values = told(home, ward)
    return {key: values[key] for key in kept} | other


def person_named(login):
    return db.session.query(Person).filter_by(login=login).one()


def only_change():
    return db.session.query(ProfileChange).filter_by(state=ChangeState.PROPOSED).one()


def decide(browser, change, **verdict):
    return browser.post(f"/people/reviews/{change.id}", data=verdict)


def test_a_doctor_registers_is_reviewed_and_then_may_act(client, home, ward, administrator):
    """S0-5, S0-6."""
    newcomer, office = client(None), client(administrator)
    assert newcomer.post("/register", data=told(home, ward)).headers["Location"] == "/waiting"
    li = person_named("liwen")
    assert li.standing == Standing.PENDING
    assert li.grants == ()
    assert newcomer.get("/hospitals").headers["Location"] == "/waiting"
    assert newcomer.get("/api/hospitals").status_code == 403
    assert "李文" in office.get("/people/reviews").text

    decide(office, only_change(), decision="approve", roles=["follow_up_staff"])

    li = person_named("liwen")
    assert set(li.grants) == {
        Grant(Role.APPLICANT, home.id),
        Grant(Role.FOLLOW_UP_STAFF, home.id),
    }
    assert (li.hospital_id, li.department_id, li.title) == (home.id, ward.id, "attending")
    assert newcomer.get("/hospitals").status_code == 200
    deeds = [entry.deed for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert deeds == [
        Deed.REGISTERED,
        Deed.PROFILE_APPROVED,
        Deed.ROLE_GRANTED,
        Deed.ROLE_GRANTED,
    ]


@pytest.mark.parametrize(
    "forged", ["role", "roles", "standing", "epoch", "is_approved", "grants", "id"]
)
def test_a_forged_field_is_refused_whole(client, home, ward, forged):
    """Nobody registers as an administrator by adding a field."""
    answer = client(None).post("/register", data=told(home, ward, **{forged: "active"}))
    assert answer.status_code == 422
    assert db.session.query(Person).count() == 0


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("login", "li wen", "字母"),
        ("login", "TAKEN", "已被使用"),
        ("name", " ", "请填写"),
        ("password", "short", "至少 8"),
        ("password", "password1", "太常见"),
        ("password", "liwen2026", "主要由"),
        ("password_again", "another", "不一致"),
        ("hospital_id", "999", "没有这家医院"),
        ("department_id", "foreign", "没有这个科室"),
        ("title", "professor", "格式"),
        ("licence", "", "请填写"),
        ("phone", "abc", "电话号码"),
        ("email", "nowhere", "邮箱"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, home, ward, field, value, why):
    make_person(login="taken")
    if value == "foreign":
        value = make_department().id
    given = told(home, ward, **{field: value})
    if field == "password":
        given["password_again"] = value

    answer = client(None).post("/register", data=given)

    assert answer.status_code == 422
    assert why in answer.text
    assert PASSWORD not in answer.text, "a password is never sent back"
    assert db.session.query(Person).filter_by(login="liwen").count() == 0


def test_passwords_are_judged_by_length_and_commonness_only():
    """ASVS 6.2.1, 6.2.4, 6.2.5, 6.2.9: no composition rules, long ones and spaces allowed."""
    assert weakness("lowercase words only") is None
    assert weakness("晨雾白鹭" * 16) is None
    assert weakness("x" * 7) is not None
    assert weakness("iloveyou") is not None
    assert weakness("aaaaaaaaaaaa") is not None
    assert weakness("Zhangsan1", "zhangsan") is not None
    assert weakness("a" + "bc" * 70) is not None


def test_a_password_is_kept_as_argon2id():
    kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$")
    assert is_right(kept, PASSWORD)
    assert not is_right(kept, PASSWORD + " ")


def test_a_refused_newcomer_reads_why_mends_it_and_is_reviewed_again(
    client, home, ward, administrator
):
    newcomer, office = client(None), client(administrator)
    newcomer.post("/register", data=told(home, ward))
    assert decide(office, only_change(), decision="refuse", reason=" ").status_code == 422
    decide(office, only_change(), decision="refuse", reason="证书编号有误")
    assert "证书编号有误" in newcomer.get("/waiting").text

    newcomer.post("/profile/edit", data=profile(home, ward, licence="110510000000002"))
    decide(office, only_change(), decision="approve")

    li = person_named("liwen")
    assert li.licence == "110510000000002"
    assert li.has_role(Role.APPLICANT)


def test_a_changed_profile_waits_while_the_old_one_stays_in_force(
    client, home, ward, administrator
):
    """S0-7: the reviewer sees a field-by-field difference."""
    li = make_person(
        Role.APPLICANT, department=ward, name="李文", licence="1105100", specialty="内"
    )
    browser, office = client(li), client(administrator)

    browser.post("/profile/edit", data=profile(home, ward, title="associate_chief"))

    assert person_named(li.login).title == "attending"
    assert person_named(li.login).has_role(Role.APPLICANT)
    page = office.get(f"/people/reviews/{only_change().id}").text
    assert "主治医师" in page
    assert "副主任医师" in page
    assert page.count("data-changed") == 3, "title, specialty and licence; nothing else"

    decide(office, only_change(), decision="approve")
    assert person_named(li.login).title == "associate_chief"
    assert len(person_named(li.login).grants) == 1


def test_a_refused_change_leaves_everything_as_it_was(client, home, ward, administrator):
    li = make_person(Role.APPLICANT, department=ward)
    client(li).post("/profile/edit", data=profile(home, ward, title="chief"))
    decide(client(administrator), only_change(), decision="refuse", reason="请上传聘书")
    li = person_named(li.login)
    assert (li.title, li.standing) == ("attending", Standing.ACTIVE)
    assert "请上传聘书" in client(li).get("/profile").text


def test_phone_and_language_count_at_once(client, ward):
    """O-20: harmless fields need no review."""
    li = make_person(Role.APPLICANT, department=ward)
    browser = client(li)
    browser.post("/profile/contact", data={"phone": "13900000009", "email": "", "language": "en"})
    li = person_named(li.login)
    assert (li.phone, li.language) == ("13900000009", "en")
    assert db.session.query(ProfileChange).count() == 0
    assert '<html lang="en">' in browser.get("/profile").text


def test_another_proposal_replaces_the_waiting_one(client, home, ward, administrator):
    li = make_person(Role.APPLICANT, department=ward)
    browser, office = client(li), client(administrator)
    browser.post("/profile/edit", data=profile(home, ward, title="chief"))
    stale = only_change()
    browser.post("/profile/edit", data=profile(home, ward, title="resident"))

    assert decide(office, stale, decision="approve").status_code == 409
    decide(office, only_change(), decision="approve")
    assert person_named(li.login).title == "resident"


def test_whoever_moves_is_reviewed_by_the_new_hospital_and_loses_the_old_roles(
    client, home, ward, administrator
):
    new_home = make_hospital("云溪市第一医院")
    new_office = make_person(Role.HOSPITAL_ADMINISTRATOR, hospital=new_home)
    li = make_person(Role.APPLICANT, Role.DEPARTMENT_DIRECTOR, department=ward)
    client(li).post("/profile/edit", data=profile(new_home, ward, department_id=""))
    change = only_change()

    assert decide(client(administrator), change, decision="approve").status_code == 403
    decide(client(new_office), change, decision="approve")

    assert person_named(li.login).grants == (Grant(Role.APPLICANT, new_home.id),)


def test_an_expert_whose_title_sinks_is_no_expert_any_more(client, home, ward, administrator):
    """S2-4."""
    wu = make_person(Role.EXPERT, department=ward)
    client(wu).post("/profile/edit", data=profile(home, ward, title="attending"))
    decide(client(administrator), only_change(), decision="approve")
    assert not person_named(wu.login).has_role(Role.EXPERT)


def test_nobody_reviews_oneself(client, home, ward, administrator):
    browser = client(administrator)
    browser.post("/profile/edit", data=profile(home, ward))
    change = only_change()
    assert decide(browser, change, decision="approve").status_code == 403
    with pytest.raises(Forbidden):
        review.refuse(administrator, change, "no")


def test_a_decision_is_taken_once(app, home, ward, administrator, client):
    li = make_person(Role.APPLICANT, department=ward)
    client(li).post("/profile/edit", data=profile(home, ward, title="chief"))
    change = only_change()
    review.approve(administrator, change)
    with pytest.raises(Conflict):
        review.refuse(administrator, change, "too late")


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(client, ward):
    """ASVS 6.2.3, 7.4.3."""
    li = make_person(Role.APPLICANT, department=ward, password_hash=hash_password(PASSWORD))
    here, elsewhere = client(li), client(li)
    new = {"password": "another long phrase", "password_again": "another long phrase"}

    assert here.post("/profile/password", data=new | {"old_password": "x"}).status_code == 422
    assert elsewhere.get("/profile").status_code == 200
    assert here.post("/profile/password", data=new | {"old_password": PASSWORD}).status_code == 302

    assert here.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 302
    assert is_right(person_named(li.login).password_hash, "another long phrase")
