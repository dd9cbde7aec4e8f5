"""A manager changes how the hospital works, with a second one's signature and without a programmer.

A pharmacist's review comes between two reviews: a role, a form and a condition are new. It is
played, kept as a scenario, signed; a new case runs through it, an old one is moved to it. Not a
file of the product is touched.
"""

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from app.consultations.actions import start_consultation
from app.consultations.models import Consultation
from app.db import db
from app.permissions import Role
from app.processes.shipping import publish_shipped
from tests.app.cases import do, make_people, ready
from tests.app.shipped import APPROVAL, application
from tests.journeys.filling import choose
from tests.journeys.steps import fill_application, review
from tests.journeys.test_studio_play import be, submit
from tests.makers import make_person

ROOT = Path(__file__).parents[2]
FORM, GATEWAY = "pharmacist_review", "需要药师审核？"
REVIEW, NEXT = "药师审核", "本院医务科审核"


@pytest.fixture
def people(product):
    with product.database():
        publish_shipped()
        return make_people()


def files() -> str:
    """What stands on disk of processes, forms, decisions and code."""
    read = [
        path.read_bytes()
        for folder in ("app", "bpmn", "forms", "notifications", "signaling")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".bpmn", ".form", ".dmn", ".toml", ".html")
    ]
    return hashlib.sha256(b"\0".join(read)).hexdigest()


def test_a_pharmacist_comes_between_two_reviews(product, visit, people, complaints):
    before = files()
    with product.database():
        author = make_person(Role.PROCESS_MANAGER, name="魏然")
        second = make_person(Role.PROCESS_MANAGER, name="卫宁")
        old = start(people)
    page = visit(author)
    add_role(page)
    with product.database():
        pharmacist = make_person("pharmacist", hospital=people.inviting, name="药师甲")
    add_form(page)
    insert_review(page)
    play(page)
    sign(visit(second), propose(page))
    with product.database():
        new = start(people)
    migrate(page, old)

    own = visit(pharmacist)
    for number in (new, old):
        with product.database():
            do(case(number), people.director, **APPROVAL)
        review(own, REVIEW, "同意")
        with product.database():
            assert ready(case(number)).name == NEXT
    assert files() == before
    assert complaints == []


def start(people) -> str:
    """A case whose application was sent; its number."""
    begun = start_consultation(people.applicant)
    do(begun, people.applicant, **application(people.invited))
    return begun.number


def case(number: str) -> Consultation:
    return db.session.query(Consultation).filter_by(number=number).one()


def add_role(page: Page) -> None:
    page.get_by_role("link", name="自定义角色").click()
    page.get_by_label(re.compile("^名称")).fill("药师")
    page.get_by_label("英文名称").fill("Pharmacist")
    page.get_by_label("标识").fill("pharmacist")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("row", name="药师")).to_be_visible()


def add_form(page: Page) -> None:
    """A form of its own, begun as a copy of the other reviews'."""
    page.goto("/studio/consultation#forms/review")
    page.get_by_role("button", name="复制").click()
    page.get_by_role("button", name="改名").click()
    page.get_by_label("表单名").fill(FORM)
    page.get_by_label("表单名").press("Tab")
    expect(page.get_by_role("button", name=FORM)).to_be_visible()
    expect(page.get_by_text("已保存")).to_be_visible()


def insert_review(page: Page) -> None:
    """In the list of steps: a choice behind the director's approval, and the new review in it."""
    page.get_by_role("tab", name="列表").click()
    page.locator("[data-step=decision_director]").click()
    insert(page, "互斥网关", GATEWAY, "到“同意”")
    insert(page, "人工任务", REVIEW, f"到“{NEXT}”")
    own = step(page, REVIEW)
    own.get_by_label("候选角色").select_option(label="药师")
    own.get_by_label("表单").select_option(FORM)
    own.get_by_label("办理期限（FEEL）").fill('=duration("PT4H")')
    page.locator(".outline__step", has_text=GATEWAY).click()
    page.get_by_label("连到").select_option(label=NEXT)
    page.get_by_role("button", name="连接").click()
    condition(page, REVIEW, '=urgency != "critical"')
    condition(page, NEXT, '=urgency = "critical"')
    expect(page.get_by_text("已保存")).to_be_visible()


def step(page: Page, name: str) -> Locator:
    """What can be set at the chosen step of the list."""
    return page.get_by_role("region", name=f"步骤“{name}”")


def insert(page: Page, kind: str, name: str, way: str) -> None:
    page.get_by_role("button", name="在后面插入").click()
    page.get_by_label("种类").select_option(label=kind)
    page.get_by_label("新步骤的名称").fill(name)
    page.get_by_label("插在哪条去向上").select_option(label=way)
    page.get_by_role("button", name="插入", exact=True).click()
    expect(step(page, name).get_by_label("名称", exact=True)).to_have_value(name)


def condition(page: Page, target: str, text: str) -> None:
    field = page.get_by_label(f"到“{target}”的条件（FEEL）")
    field.fill(text)
    field.blur()


def play(page: Page) -> None:
    """As far as the new review; kept as a scenario, which passes."""
    page.get_by_role("tab", name="试运行").click()
    page.get_by_role("button", name="开始试运行").click()
    be(page, "申请医生")
    fill_application(page, "用药复杂", hospital="示例市医院")
    submit(page)
    for role in ("科室主任（邀请方）", "药师（邀请方）"):
        be(page, role)
        choose(page, "审核结论", "同意")
        submit(page)
    expect(page.get_by_role("button", name="作为 医务科（邀请方）")).to_be_visible()
    page.get_by_label("场景名称").fill("加急申请经药师审核")
    page.get_by_role("button", name="存为场景").click()
    page.get_by_role("tab", name="场景").click()
    expect(page.get_by_text("1/1 个场景通过")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("已保存")).to_be_visible()


def propose(page: Page) -> str:
    """The address under which a second manager decides."""
    page.get_by_role("tab", name="提交发布").click()
    page.get_by_label("为什么修改").fill("用药会诊须经药师审核")
    page.get_by_role("button", name="提出并请求签署").click()
    page.wait_for_url("**/proposals/*", timeout=30_000)
    expect(page.get_by_role("button", name="签署并生效")).to_have_count(0)  # not one's own
    return page.url


def sign(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("button", name=f"{REVIEW} 人工任务")).to_be_visible()
    expect(page.get_by_text("加急申请经药师审核")).to_be_visible()
    page.get_by_role("button", name="签署并生效").click()
    expect(page.get_by_text("第 2 版").first).to_be_visible()


def migrate(page: Page, number: str) -> None:
    """The old case goes on in the new version."""
    page.goto("/supervision")
    page.get_by_role("link", name="迁移会诊").click()
    page.get_by_label(re.compile("^从")).select_option(label="第 1 版（1 个会诊）")
    page.get_by_label(re.compile("^到")).select_option(label="第 2 版")
    page.get_by_role("button", name="试算", exact=True).click()
    expect(page.get_by_role("row", name=number).get_by_text("可迁移")).to_be_visible()
    page.get_by_label("理由").fill("新版上线")
    page.get_by_role("button", name="迁移选中的会诊").click()
    expect(page.get_by_role("row", name=number).get_by_text("已迁移")).to_be_visible()
