"""A manager changes a rule and the words of a notice, and sees what comes of both before anybody
else does; all in Chinese, under the product's own content policy."""

import pytest
from playwright.sync_api import Page, expect

from app.db import db
from app.permissions import Role
from app.processes.shipping import publish_shipped
from app.studio.models import Draft
from bpmn import dmn
from tests.journeys.test_accessibility import PHONE, STILL, faults
from tests.makers import make_person

STUDIO = "/studio/consultation"
NOTIFY = "notify_experts"  # a task of the shipped diagram that sends a notice
TRIAL_MS = 20_000  # a child process evaluates, which takes its time on a busy machine


@pytest.fixture
def manager(product):
    with product.database():
        publish_shipped()
        person = make_person(Role.PROCESS_MANAGER, name="李敏")
        db.session.commit()
        return person


def kept(product) -> dict:
    """The content of the draft as the server has it."""
    with product.database():
        return dict(db.session.query(Draft).one().content)


def saved(page: Page) -> None:
    page.wait_for_timeout(500)  # what is drawn is written out once nobody has typed for a moment
    expect(page.get_by_text("已保存")).to_be_visible()


def untranslated(page: Page) -> str:
    return str(page.locator(".decision-desk").get_attribute("data-missing-words"))


def open_table(page: Page) -> None:
    page.goto(f"{STUDIO}#decisions/response_limits")
    page.locator("td.output-cell").first.wait_for()


def test_a_rule_is_changed_and_tried(visit, manager, product, complaints):
    page = visit(manager)
    open_table(page)
    expect(page.get_by_text("由流程图中的“确定响应时限”使用")).to_be_visible()
    expect(page.get_by_role("button", name="删除", exact=True)).to_be_disabled()

    page.get_by_label("紧急程度").fill("urgent")
    expect(page.get_by_text("命中第 2 条规则")).to_be_visible(timeout=TRIAL_MS)
    hours = page.locator(".trial__values dd").first
    expect(hours).to_have_text("4", timeout=TRIAL_MS)
    marked = page.locator("td.rule-index").nth(1)
    assert "✓" in marked.evaluate("cell => getComputedStyle(cell, '::before').content")

    cell = page.locator('td[data-row-id="rule_urgent"].output-cell').first
    cell.click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("3")
    expect(hours).to_have_text("3", timeout=TRIAL_MS)
    saved(page)
    xml = kept(product)["decisions"]["response_limits"]
    assert dmn.evaluate(xml, "response_limits", {"urgency": "urgent"})["review_hours"] == 3

    page.get_by_role("button", name="撤销").click()
    expect(hours).to_have_text("4", timeout=TRIAL_MS)
    page.get_by_label("紧急程度").fill("soon")
    expect(page.get_by_text("不在允许的值之内")).to_be_visible(timeout=TRIAL_MS)
    assert complaints == []


def test_every_word_of_the_editor_is_chinese(visit, manager, complaints):
    page = visit(manager)
    open_table(page)
    for place in ("th.input-cell", "th.output-cell"):
        page.locator(place).first.dblclick()
        page.locator(".context-menu").wait_for()
        page.locator(".type-ref-edit-select").click()
        expect(page.locator(".options .option").filter(has_text="数字")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    for place in ("td.input-cell", "td.output-cell", "th.input-cell", "th.output-cell"):
        page.locator(place).first.click(button="right")
        page.locator(".context-menu").wait_for()
        page.keyboard.press("Escape")
    page.locator(".hit-policy .dms-input-select").click()
    expect(page.locator(".options .option").filter(has_text="汇集（求和）")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="查看决策图").click()
    page.locator('[data-element-id="response_limits"] .djs-hit').first.click(force=True)
    page.locator('.djs-context-pad [data-action="replace"]').click()
    expect(page.locator(".djs-popup .entry").filter(has_text="表达式")).to_be_visible()
    expect(page.locator(".djs-palette .entry")).to_have_count(5)  # no knowledge models
    expect(page.locator(".bjs-powered-by:visible")).to_have_count(1)
    assert untranslated(page) == ""
    assert complaints == []


def test_a_decision_is_made_renamed_copied_and_taken_away(visit, manager, product, complaints):
    page = visit(manager)
    open_table(page)
    page.get_by_role("button", name="新增决策表").click()
    expect(page.get_by_text("表达式为空")).to_be_visible(timeout=TRIAL_MS)
    page.get_by_label("改名").fill("分诊")
    page.get_by_label("改名").press("Enter")
    expect(page.get_by_role("button", name="分诊", exact=True)).to_be_visible()
    page.get_by_role("button", name="复制", exact=True).click()
    expect(page.get_by_label("改名")).to_have_value("分诊（副本）")
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_role("button", name="分诊（副本）")).to_have_count(0)
    saved(page)
    assert set(kept(product)["decisions"]) == {"response_limits", "decision_1"}
    assert 'name="分诊"' in kept(product)["decisions"]["decision_1"]
    assert complaints == []


def test_an_sms_is_reworded_and_holds_no_illness(visit, manager, product, complaints):
    """P-7."""
    page = visit(manager)
    page.goto(f"{STUDIO}#notices/refused")
    expect(page.get_by_role("button", name="通知申请医生被拒理由")).to_be_visible()
    sms = page.get_by_label("短信 中文")
    sms.fill("【市一院】{number}未通过")
    expect(page.locator(".wording__card--sms").first).to_contain_text(
        "【市一院】HZ20260305-0007未通过"
    )
    expect(page.get_by_text("最长 25 字，计 1 条短信")).to_be_visible()

    sms.fill("【市一院】{number}（{diagnosis}）未通过")
    expect(page.get_by_text("短信不得含 {diagnosis}")).to_be_visible()
    assert sms.get_attribute("aria-invalid") == "true"
    saved(page)
    assert (
        kept(product)["notices"]["refused"]["zh"]["sms"]
        == "【市一院】{number}（{diagnosis}）未通过"
    )

    page.get_by_role("button", name="还原自带文字").click()
    expect(page.get_by_text("短信不得含")).to_have_count(0)
    saved(page)
    assert kept(product)["notices"] == {}
    assert complaints == []


def test_a_notice_of_the_managers_own_is_added(visit, manager, product, complaints):
    page = visit(manager)
    page.goto(f"{STUDIO}#notices")
    page.get_by_role("button", name="新增通知").click()
    page.get_by_label("标识").fill("pharmacist-review")
    page.get_by_role("button", name="新增", exact=True).click()
    page.get_by_label("标题 中文").fill("请药师会审")
    page.get_by_label("站内文字 中文").fill("会诊 {number}请会审。")
    page.get_by_label("站内文字 中文").press("End")
    page.get_by_role("button", name="会诊时间").click()
    expect(page.locator(".wording__card").first).to_contain_text("请会审。3月6日09:30")
    page.get_by_role("button", name="仅知会诊编号时").click()
    expect(page.locator(".wording__card").first).not_to_contain_text("3月6日")
    saved(page)
    assert kept(product)["notices"]["pharmacist-review"]["zh"]["body"].endswith("[{at}]")

    page.goto(f"{STUDIO}#diagram/{NOTIFY}")
    page.reload()
    template = page.locator("select[name=input-template]")
    template.select_option(label="请药师会审")
    page.get_by_role("button", name="编辑通知文字").click()
    expect(page.get_by_text("由流程图中的任务发送：")).to_be_visible()
    expect(page.get_by_role("button", name="删除这种通知")).to_be_disabled()
    saved(page)
    assert 'source="=&#34;pharmacist-review&#34;"' in kept(product)["diagram"]
    assert complaints == []


@pytest.mark.parametrize("screen", [STILL, STILL | PHONE], ids=["desk", "phone"])
def test_decisions_and_notices_can_be_used_by_everybody(visit, manager, screen):
    page = visit(manager, **screen)
    assert faults(page, f"{STUDIO}#notices/refused") == {}
    page.goto("about:blank")
    assert faults(page, f"{STUDIO}#decisions/response_limits") == {}
