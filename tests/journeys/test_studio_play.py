"""A manager walks through a process as everybody in turn, and keeps that as a test of it."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from app.db import Model, db
from app.permissions import Role
from app.processes.shipping import publish_shipped
from app.studio.actions import open_draft, save
from tests.journeys.filling import choose, form, pick, set_day, set_time, tick, write
from tests.journeys.steps import SHANGHAI, fill_application
from tests.journeys.test_accessibility import AXE, LOOK
from tests.makers import make_person

NAME = "退回一次后完成"


@pytest.fixture
def manager(product):
    with product.database():
        publish_shipped()
        person = make_person(Role.PROCESS_MANAGER, name="钱敏")
        db.session.commit()
        return person


def test_a_process_is_played_kept_and_seen_to_fail(product, visit, manager, complaints):
    page = visit(manager)
    page.goto("/studio/consultation#play")
    page.get_by_role("button", name="开始试运行").click()
    before = rows(product)

    to_the_end(page)

    expect(page.get_by_text("试运行已走到终点")).to_be_visible()
    assert rows(product) == before  # nothing was written, and nobody is to be told

    page.get_by_label("场景名称").fill(NAME)
    page.get_by_role("button", name="存为场景").click()
    page.get_by_role("tab", name="场景").click()
    expect(row(page)).to_contain_text("通过", timeout=20_000)
    expect(page.get_by_text("1/1 个场景通过")).to_be_visible()
    expect(page.get_by_text("已保存")).to_be_visible()
    assert serious(page) == []

    page.goto("/inbox")
    change(product, manager)
    page.goto("/studio/consultation#scenarios")

    expect(row(page)).to_contain_text("未通过", timeout=20_000)
    expect(row(page)).to_contain_text("“本院医务科审核”没有在等待办理")
    row(page).get_by_role("button", name="在试运行中打开").click()
    expect(page.get_by_role("alert")).to_contain_text("不能照办")
    page.get_by_role("button", name="回到出问题之前").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    assert serious(page) == []
    assert complaints == []


def test_play_works_with_the_keyboard_on_a_phone(visit, manager, complaints):
    page = visit(manager, viewport={"width": 390, "height": 844})
    page.goto("/studio/consultation#play")
    press(page, page.get_by_role("button", name="开始试运行"))
    press(page, page.get_by_role("button", name="作为 申请医生"))
    form(page)
    press(page, page.get_by_role("button", name="提交", exact=True))
    expect(page.locator(".form-summary")).to_be_focused()  # what is missing
    press(page, page.get_by_role("button", name="收起表单"))
    press(page, page.get_by_role("button", name="+1 天"))
    press(page, page.get_by_role("button", name="发生“撤回”"))

    expect(page.get_by_text("试运行已走到终点")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    assert complaints == [] or all("422" in one for one in complaints)


def to_the_end(page: Page) -> None:
    """Returned for correction once, then all the way, being everybody in turn."""
    be(page, "申请医生")
    fill_application(page, "胸痛三天，原因不明", hospital="示例市医院")
    submit(page)
    be(page, "科室主任")
    choose(page, "审核结论", "退回补正")
    write(page, "理由", "请补充心电图")
    submit(page)
    be(page, "申请医生")
    expect(form(page).get_by_label("申请会诊的理由")).to_have_value("胸痛三天，原因不明")
    submit(page)
    for role in ("科室主任", "医务科（邀请方）"):
        be(page, role)
        choose(page, "审核结论", "同意")
        submit(page)
    be(page, "医务科（受邀方）")
    choose(page, "审核结论", "同意")
    pick(page, "会诊科室", "示例心内科")
    pick(page, "会诊专家", "示例专家甲")
    submit(page)
    be(page, "分诊协调员")
    tomorrow = datetime.now(SHANGHAI) + timedelta(days=1)
    set_day(page, "会诊日期", tomorrow)
    set_time(page, tomorrow.replace(hour=9, minute=0))
    submit(page)
    page.get_by_role("button", name="到下一个定时器").click()
    be(page, "会诊专家")
    choose(page, "会诊结果", "会诊完成")
    submit(page)
    for _opinion_and_report in range(2):
        be(page, "会诊专家")
        for part in ("病例分析", "病情诊断", "治疗方案"):
            write(page, part, "与缺血相符，建议造影。")
        submit(page)
    be(page, "会诊专家")
    tick(page, "我已核对报告内容")
    submit(page)
    be(page, "申请医生")
    choose(page, "处理决定", "采纳")
    submit(page)


def be(page: Page, role: str) -> None:
    """Open the form of the one task that waits for a role."""
    page.get_by_role("button", name=f"作为 {role}").click()
    form(page)


def submit(page: Page) -> None:
    """Hand the open form in; it goes away."""
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".play-form")).to_have_count(0, timeout=15_000)


def press(page: Page, button: Locator) -> None:
    """By keyboard, once it can be pressed."""
    expect(button).to_be_enabled()
    button.focus()
    page.keyboard.press("Enter")


def serious(page: Page) -> list[str]:
    """What axe finds that keeps somebody out."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(LOOK)
    return found


def row(page: Page) -> Locator:
    return page.get_by_role("row").filter(has_text=NAME)


def rows(product):
    with product.database():
        return {
            table.name: db.session.scalar(select(func.count()).select_from(table))
            for table in Model.metadata.sorted_tables
        }


def change(product, manager) -> None:
    """A slip in a condition: what the director approves is returned now."""
    with product.database():
        draft = open_draft("consultation", manager)
        diagram = draft.content["diagram"].replace(
            '=decision = "approve"', '=decision = "agree"', 1
        )
        save("consultation", manager, draft.revision, {"diagram": diagram})
