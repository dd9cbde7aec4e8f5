"""A whole process is read and changed by keyboard alone; axe finds nothing serious (O-26)."""

import pytest
from playwright.sync_api import Page, expect

from app.db import db
from app.permissions import Role
from app.processes.shipping import publish_shipped
from tests.journeys.test_accessibility import PHONE, STILL, faults
from tests.makers import make_person

LIST = "/studio/consultation#list"


@pytest.fixture
def manager(product):
    with product.database():
        publish_shipped()
        person = make_person(Role.PROCESS_MANAGER, name="李敏")
        db.session.commit()
        return person


def focused(page: Page) -> str:
    return str(page.evaluate("(e => e.id || e.innerText)(document.activeElement)"))


def press_until(page: Page, key: str, wanted: str) -> None:
    """Press a key until the focus is where a name says."""
    for _ in range(60):
        if wanted in focused(page):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} is not reached by {key}: {focused(page)}")


def test_a_step_is_inserted_moved_and_set_by_keyboard_alone(visit, manager, complaints):
    page = visit(manager)
    page.goto(LIST)
    page.locator(".outline__step").first.wait_for()
    press_until(page, "Tab", "列表")
    page.keyboard.press("Tab")
    press_until(page, "Tab", "发起会诊")
    press_until(page, "ArrowDown", "科室主任审核")
    page.keyboard.press("Enter")
    expect(page.get_by_label("名称", exact=True)).to_be_focused()
    press_until(page, "Tab", "在后面插入")
    page.keyboard.press("Enter")
    press_until(page, "Tab", "insert-name")
    page.keyboard.type("药师审核")
    press_until(page, "Tab", "插入")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="药师审核")).to_be_visible()
    press_until(page, "Tab", "step-lane")
    page.keyboard.press("ArrowDown")  # the lane below
    press_until(page, "Tab", "step-form")
    page.keyboard.type("review")
    press_until(page, "Tab", "step-due")
    page.keyboard.type('=duration("PT4H")')
    page.keyboard.press("Tab")
    expect(page.get_by_text("已保存")).to_be_visible()
    steps = page.locator(".outline__step").all_inner_texts()
    (own,) = [place for place, text in enumerate(steps) if text.startswith("药师审核")]
    assert "本院医务科" in steps[own]
    assert steps[own + 1].startswith("审核结论")

    page.goto("/studio/consultation/comparison")
    expect(page.get_by_role("button", name="药师审核 人工任务")).to_be_visible()
    page.goto("/studio/consultation#diagram")
    expect(page.locator(".djs-element").filter(has_text="药师审核")).to_be_visible()
    assert complaints == []


def test_what_is_taken_out_is_bridged_and_comes_back_by_undo(visit, manager):
    page = visit(manager)
    page.goto(LIST)
    page.locator("[data-step=review_director]").click()
    before = page.locator(".outline__step").count()
    page.get_by_role("button", name="删除步骤").click()
    expect(page.locator("[data-step=review_director]")).to_have_count(0)
    page.locator("[data-step=set_limits]").click()
    expect(page.get_by_text("到“审核结论”")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".outline__step")).to_have_count(before)


@pytest.mark.parametrize("device", [STILL, STILL | PHONE], ids=["desk", "phone"])
def test_list_and_comparison_have_no_serious_fault(visit, manager, device):
    page = visit(manager, **device)
    assert faults(page, LIST, "/studio/consultation/comparison") == {}
