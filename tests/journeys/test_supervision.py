"""A process manager looks where cases wait, stops one and lets it go on, and moves all to a new
version and back; never sees a patient."""

import pytest
from playwright.sync_api import Page, expect

from app.consultations.incidents import note
from app.db import db
from app.permissions import Role
from app.processes.actions import publish
from app.supervision.migrations import Plan, begin, go_on
from app.supervision.models import CaseMigration
from bpmn import shipped
from tests.app.cases import do, make_people
from tests.app.shipped import APPROVAL, ask
from tests.app.supervision.cases import changed
from tests.journeys.test_accessibility import PHONE, STILL, faults
from tests.makers import make_person


def test_from_the_map_to_a_case_to_a_migration_and_back(product, visit, complaints):
    with product.database():
        people = make_people()
        case = ask(people.applicant, people.invited)
        do(case, people.director, **APPROVAL)
        number = case.number
        ask(people.applicant, people.invited)
        publish(None, "consultation", "远程会诊", changed(shipped.bundle("consultation")))
        manager = make_person(Role.PROCESS_MANAGER, name="魏然")
    page = visit(manager)

    page.get_by_role("link", name="流程监管").click()
    page.get_by_role("link", name="流程态势图").click()
    picture = page.locator("[data-island=map] .djs-container")
    expect(picture).to_have_attribute(
        "aria-label", "流程态势图：2 个会诊等待中，其中 0 个已逾期。详见各步骤列表。"
    )
    page.get_by_role("link", name="本院医务科审核").click()
    page.get_by_role("link", name=number).click()

    intervene(page, "暂停会诊", "核实材料")
    expect(page.get_by_text("会诊已暂停")).to_be_visible()
    intervene(page, "恢复会诊", "材料齐全")
    expect(page.get_by_text("会诊已暂停")).to_be_hidden()
    expect(page.get_by_text("核实材料")).to_be_visible()

    page.get_by_role("link", name="迁移到其他版本").click()
    page.get_by_label("到").select_option(label="第 2 版")
    page.get_by_role("button", name="试算", exact=True).press("Enter")
    blocked = page.get_by_role("row", name=number)
    expect(blocked.get_by_text("不能迁移")).to_be_visible()
    mapped = page.get_by_label("本院医务科审核（review_inviting_affairs）对应")
    mapped.select_option("review_hospital_affairs")
    page.get_by_role("button", name="再次试算").press("Enter")
    expect(blocked.get_by_text("可迁移")).to_be_visible()
    page.get_by_label("理由").fill("新版上线")
    page.get_by_role("button", name="迁移选中的会诊").press("Enter")
    expect(page.get_by_role("row", name=number).get_by_text("已迁移")).to_be_visible()
    page.get_by_role("button", name="撤销整个迁移").press("Enter")
    expect(page.get_by_role("row", name=number).get_by_text("已撤销")).to_be_visible()

    with product.database():
        assert [one.state for one in db.session.query(CaseMigration)] == ["reverted"]
    assert complaints == []


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_supervision_can_be_used_by_everybody(product, visit, options):
    with product.database():
        people = make_people()
        case = ask(people.applicant, people.invited)
        do(case, people.director, **APPROVAL)
        old = case.instance.digest
        new = publish(None, "consultation", "远程会诊", changed(shipped.bundle("consultation")))
        manager = make_person(Role.PROCESS_MANAGER)
        digest = new.digest
        plan = Plan(old, digest, {"review_inviting_affairs": "review_hospital_affairs"}, {})
        migration = begin(manager, "consultation", plan, [case.id], "新版上线")
        go_on(manager, migration.id)
        note(case.instance, {"name": "审核", "reason": "没有条件成立"})
        db.session.commit()
        for one in (manager, case, migration):
            db.session.refresh(one)
    page = visit(manager, **STILL, **options)
    chosen = f"?from={old}&to={digest}"

    assert (
        faults(
            page,
            "/supervision",
            "/supervision/maps/consultation",
            "/supervision/maps/consultation/elements/review_hospital_affairs",
            f"/supervision/cases/{case.id}",
            "/supervision/incidents",
            "/supervision/migrations",
            f"/supervision/processes/consultation/migrations/new{chosen}",
            f"/supervision/migrations/{migration.id}",
        )
        == {}
    )


def intervene(page: Page, deed: str, reason: str) -> None:
    """Open a deed by the keyboard, give the reason, do it."""
    page.locator("summary", has_text=deed).press("Enter")
    form = page.locator("details[open]")
    form.get_by_label("理由").fill(reason)
    form.get_by_role("button", name=deed).press("Enter")
