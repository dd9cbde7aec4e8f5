"""What an auditor finds (S1-15, S1-23): who did what, a trail that is whole, no patient."""

import csv
import io

import pytest
from sqlalchemy import select, text

from app.audit import AuditEntry, Deed, verify
from app.auditing import actions, queries
from app.db import db
from app.deeds import DEEDS
from app.permissions import Role
from app.web import LANGUAGES
from tests.app import shipped
from tests.app.cases import do, make_people, open_case
from tests.makers import make_person


@pytest.fixture
def auditor(app):
    return make_person(Role.AUDITOR)


@pytest.fixture
def people(app):
    return make_people()


@pytest.fixture
def case(clock, people):
    """Asked for on 2 March; the director decided on the 4th."""
    opened = open_case(people.applicant)
    do(opened, people.applicant, reason="示例")
    clock.move(days=2)
    do(opened, people.director, decision="approve")
    return opened


def rows(browser, **asked):
    """The export of a search, as dicts by Chinese heading."""
    answer = browser.get("/audit.csv", query_string=asked)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_an_auditor_finds_deeds_by_person_deed_case_and_period(client, auditor, people, case):
    other = open_case(people.applicant)
    browser = client(auditor)

    by_person = rows(browser, person=people.director.login)
    by_deed = rows(browser, deed=Deed.TASK_COMPLETED)
    by_case = rows(browser, number=case.number.lower())
    by_day = rows(browser, number=case.number, since="2026-03-04", until="2026-03-04")

    assert {row["人员编号"] for row in by_person} == {str(people.director.id)}
    assert [row["姓名"] for row in by_deed] == [people.director.name, people.applicant.name]
    assert {row["链"] for row in by_case} == {case.audit_chain}
    assert 0 < len(by_day) < len(by_case)
    assert {row["时间"][:10] for row in by_day} == {"2026-03-04"}
    assert rows(browser, number=other.number) != by_case
    assert rows(browser, number="HZ-none") == []
    assert rows(browser, person="\0", since="never")  # as good as empty


def test_the_page_says_that_the_chain_of_a_case_is_whole(client, auditor, case):
    page = client(auditor).get("/audit", query_string={"number": case.number}).text
    length = db.session.query(AuditEntry).filter_by(chain=case.audit_chain).count()
    assert f"{length} 条记录逐条相接" in page
    assert case.number in page


@pytest.mark.parametrize(
    ("tampering", "place"),
    [
        ("UPDATE audit_entries SET actor_id = 1 WHERE chain = :chain AND place = 3", 3),
        ("UPDATE audit_entries SET deed = 'task:urged' WHERE chain = :chain AND place = 2", 2),
        ("DELETE FROM audit_entries WHERE chain = :chain AND place = 2", 3),
    ],
    ids=["another actor", "another deed", "a missing entry"],
)
def test_whoever_rewrites_history_breaks_the_chain(client, auditor, case, tampering, place):
    db.session.execute(text(tampering), {"chain": case.audit_chain})
    db.session.commit()

    page = client(auditor).get("/audit", query_string={"chain": case.audit_chain}).text

    assert f"第 {place} 条与前一条接不上" in page
    assert verify().broken == {case.audit_chain: [place]}


def test_reading_the_audit_is_a_deed_that_keeps_no_typed_name(client, auditor, people, case):
    browser = client(auditor)
    browser.get("/audit", query_string={"person": people.director.name, "deed": "task:completed"})
    rows(browser, number=case.number)

    seen, exported = db.session.scalars(
        select(AuditEntry).where(AuditEntry.deed == Deed.AUDIT_READ).order_by(AuditEntry.id)
    )
    assert (seen.actor_id, seen.chain) == (auditor.id, "audit")
    wanted = {"deed": "task:completed", "people": [people.director.id]}
    assert seen.details == {"wanted": wanted, "page": 1}
    assert exported.details["wanted"] == {"number": case.number}
    assert exported.details["exported"] > 0


def test_an_export_runs_no_formula_and_is_never_cut_short(client, auditor, people, monkeypatch):
    people.applicant.name = "=HYPERLINK(1)"
    open_case(people.applicant)
    browser = client(auditor)
    assert "'=HYPERLINK(1)" in {row["姓名"] for row in rows(browser)}

    monkeypatch.setattr(actions, "MOST_EXPORTED", 1)
    assert browser.get("/audit.csv").status_code == 422


def test_the_trail_is_turned_page_by_page(client, auditor, people, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    for _ in range(5):
        open_case(people.applicant)
    browser = client(auditor)
    first, second = (browser.get("/audit", query_string={"page": n}).text for n in (1, 2))
    assert first.count("<tr>") == 1 + 3
    assert "page=2" in first
    assert second.count("<tr>") == 1 + 3


def test_no_patient_and_no_complaint_appears_in_the_audit(client, auditor, people):
    case = shipped.ask(people.applicant, people.invited)
    do(case, people.director, decision="refuse", reason="资料不全")
    client(people.applicant).get(f"/consultations/{case.id}")

    browser = client(auditor)
    shown = browser.get("/audit", query_string={"number": case.number}).text
    exported = browser.get("/audit.csv").text

    secrets = {"示例患者", "13800000000", "1955-04-01", "胸痛", "冠心病", "资料不全"}
    given = {str(value) for value in shipped.application(people.invited).values()}
    assert all(any(secret in value for value in given | {"资料不全"}) for secret in secrets)
    assert Deed.CONSULTATION_READ in exported
    assert Deed.CONSULTATION_REFUSED in exported
    for secret in secrets:
        assert secret not in shown
        assert secret not in exported


def test_every_deed_has_its_word_in_both_languages(app):
    assert set(DEEDS) == set(Deed)
    for language in LANGUAGES:
        with app.test_request_context(headers={"Cookie": f"language={language}"}):
            words = [str(word) for word in DEEDS.values()]
        assert len(set(words)) == len(words)
