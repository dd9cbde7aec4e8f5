"""A manager changes a form of the draft and sees it as the doctor will."""

import re
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from app.db import db
from app.permissions import Role
from app.processes.actions import publish
from app.studio.models import Draft
from bpmn import shipped
from tests.journeys.test_accessibility import AXE, LOOK, STILL
from tests.makers import make_person

# Ids, keys and FEEL are Latin everywhere; so are dates that wait to be typed, and names.
LATIN = re.compile(r"[A-Za-z]{3,}")
IDS = "|".join(shipped.bundle("consultation").forms)
ALLOWED = re.compile(rf"FEEL|Markdown|Powered by bpmn.io|yyyy/mm/dd|[a-z]+_[a-z0-9_]+|{IDS}")
SAID = """(root) => {
  const said = [];
  for (const node of [root, ...root.querySelectorAll('*')]) {
    for (const name of ['title', 'aria-label', 'placeholder', 'alt'])
      if (node.getAttribute(name)) said.push(node.getAttribute(name));
    if (node.matches('code, style')) continue;
    for (const child of node.childNodes)
      if (child.nodeType === Node.TEXT_NODE && child.data.trim()) said.push(child.data.trim());
  }
  return said;
}"""


@pytest.fixture
def manager(product):
    with product.database():
        publish(None, "consultation", "远程会诊", shipped.bundle("consultation"))
        return make_person(Role.PROCESS_MANAGER, name="魏然")


@pytest.fixture
def studio(manager, visit):
    page = visit(manager, **STILL)
    page.goto("/studio/consultation#forms/review")
    # The editor is large and comes when it is first shown.
    expect(canvas(page).get_by_text("审核结论")).to_be_visible(timeout=30_000)
    return page


def canvas(page: Page) -> Locator:
    return page.locator(".forms-editor__canvas")


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='review 的预览']")


def properties(page: Page) -> Locator:
    return page.get_by_role("region", name="属性")


def write(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Tab")


def saved(product: Any, key: str) -> dict[str, Any] | None:
    """The component of this key in the stored draft's review form."""
    with product.database():
        draft = db.session.query(Draft).one()
        components = draft.content["forms"]["review"]["components"]
        return next((each for each in components if each.get("key") == key), None)


def test_a_field_is_added_made_required_if_and_seen_on_desk_and_phone(
    studio, product, complaints
) -> None:
    canvas(studio).get_by_text("审核结论").click()
    studio.get_by_role("button", name="添加多行文本").click()
    side = properties(studio)
    expect(side.get_by_role("heading", name="多行文本")).to_be_visible()
    write(side.get_by_label("标签", exact=True), "拒绝的依据")
    write(side.get_by_label("标签 · 英文"), "Grounds")
    write(side.get_by_label("字段名"), "grounds")
    rows = side.get_by_role("group", name="在下列情况必填")
    rows.get_by_role("button", name="添加条件").click()
    rows.get_by_label("条件 1：值").select_option("拒绝")
    rule = side.get_by_role("group", name="填写后须满足")
    rule.get_by_role("button", name="添加条件").click()
    rule.get_by_label("条件 1：值").select_option("理由")
    write(side.get_by_label("不满足时的提示", exact=True), "不要重复理由。")

    for device, width in (("电脑预览", 1120), ("手机预览", 390)):
        studio.get_by_role("button", name=device).click()
        form = preview(studio)
        form.get_by_label("拒绝", exact=True).check()
        expect(form.get_by_text("拒绝的依据*")).to_be_visible(timeout=15_000)
        form.get_by_role("button", name="提交").click()
        expect(form.get_by_role("link", name="拒绝的依据：请填写此项。")).to_be_visible()
        form.get_by_label("拒绝的依据").fill("同上")
        form.get_by_label("理由").fill("同上")
        form.get_by_role("button", name="提交").click()
        expect(form.get_by_role("link", name="拒绝的依据：不要重复理由。")).to_be_visible()
        form.get_by_label("理由").fill("资料不全")
        form.get_by_role("button", name="提交").click()
        expect(form.get_by_text("填写有效，可以提交。")).to_be_visible()
        assert form.locator("html").evaluate("(page) => page.clientWidth") in (width, width - 2)
    studio.get_by_role("button", name="English", exact=True).last.click()
    expect(preview(studio).get_by_text("Grounds")).to_be_visible()

    expect(studio.get_by_text("已保存")).to_be_visible()
    kept = saved(product, "grounds")
    assert kept is not None
    assert kept["properties"] == {
        "label_en": "Grounds",
        "required_if": '=decision = "refuse"',
        "rule": "=grounds != reason",
        "rule_message": "不要重复理由。",
    }
    assert complaints == []


def test_a_component_is_dragged_to_its_place_and_taken_back(studio, complaints) -> None:
    order = "(shown) => [...shown.querySelectorAll('.fjs-element .fjs-element')]"
    order += ".map((one) => one.dataset.fieldType)"
    before = canvas(studio).evaluate(order)
    source = studio.get_by_role("button", name="添加数字").bounding_box()
    target = canvas(studio).locator(".fjs-element[data-field-type=textarea]").bounding_box()
    assert source
    assert target

    studio.mouse.move(source["x"] + 20, source["y"] + 10)
    studio.mouse.down()
    studio.mouse.move(source["x"] + 60, source["y"] + 40, steps=5)
    studio.mouse.move(target["x"] + 100, target["y"] - 4, steps=12)
    studio.mouse.up()

    expect(canvas(studio).get_by_text("数字")).to_be_visible()
    assert canvas(studio).evaluate(order) == ["radio", "number", "textarea"]
    studio.get_by_role("button", name="撤销").click()
    expect(canvas(studio).get_by_text("数字")).to_have_count(0)
    assert canvas(studio).evaluate(order) == before
    assert complaints == []


def test_without_a_mouse(studio, product, complaints) -> None:
    canvas(studio).locator(".fjs-element[data-field-type=radio]").focus()
    studio.keyboard.press("Enter")
    studio.get_by_role("button", name="添加勾选框").focus()
    studio.keyboard.press("Enter")
    expect(properties(studio).get_by_role("heading", name="勾选框")).to_be_visible()
    label = properties(studio).get_by_label("标签", exact=True)
    label.focus()
    studio.keyboard.press("Control+A")
    studio.keyboard.type("已电话沟通")
    studio.keyboard.press("Tab")
    key = properties(studio).get_by_label("字段名")
    key.focus()
    studio.keyboard.press("Control+A")
    studio.keyboard.type("called")
    studio.keyboard.press("Enter")
    properties(studio).get_by_role("button", name="下移", exact=True).focus()
    studio.keyboard.press("Enter")
    properties(studio).get_by_label("必填", exact=True).focus()
    studio.keyboard.press("Space")

    expect(studio.get_by_text("已保存")).to_be_visible()
    kept = saved(product, "called")
    assert kept is not None
    assert (kept["label"], kept["validate"]) == ("已电话沟通", {"required": True})
    with product.database():
        components = db.session.query(Draft).one().content["forms"]["review"]["components"]
        assert [each["type"] for each in components] == ["radio", "textarea", "checkbox"]
    assert complaints == []


def test_what_is_wrong_stands_at_the_field(studio) -> None:
    canvas(studio).locator(".fjs-element[data-field-type=textarea]").click()
    rule = properties(studio).get_by_role("group", name="填写后须满足")
    rule.get_by_role("button", name="用 FEEL 书写").click()
    write(rule.get_by_label("填写后须满足"), "reason < decision")

    expect(studio.get_by_text("有 1 处须改正")).to_be_visible()
    expect(properties(studio).get_by_text("不能用 < 比较")).to_be_visible()


def test_forms_are_made_copied_renamed_and_deleted_but_not_while_in_use(studio, product) -> None:
    listed = studio.get_by_role("navigation", name="表单列表")
    expect(listed.get_by_role("button", name="删除")).to_have_attribute("aria-disabled", "true")

    listed.get_by_role("button", name="复制").click()
    expect(canvas(studio).get_by_text("审核结论")).to_be_visible()
    listed.get_by_role("button", name="改名").click()
    write(listed.get_by_label("表单名"), "2nd")
    expect(listed.get_by_text("不以数字开头。")).to_be_visible()
    write(listed.get_by_label("表单名"), "second_review")
    expect(listed.get_by_role("button", name="second_review")).to_be_visible()
    listed.get_by_role("button", name="新建表单").click()
    expect(canvas(studio).get_by_text("开始设计表单")).to_be_visible()
    listed.get_by_role("button", name="删除").click()
    studio.get_by_role("dialog").get_by_role("button", name="删除").click()
    expect(listed.get_by_role("button", name="form_1")).to_have_count(0)

    expect(studio.get_by_text("已保存")).to_be_visible()
    with product.database():
        forms = db.session.query(Draft).one().content["forms"]
        assert "form_1" not in forms
        assert forms["second_review"]["id"] == "second_review"


def test_all_is_in_chinese_and_nothing_bars_anybody(studio) -> None:
    studio.get_by_role("button", name="新建表单").click()
    expect(canvas(studio).get_by_text("开始设计表单")).to_be_visible()
    said = set(studio.locator(".forms").evaluate(SAID))
    palette = studio.get_by_role("region", name="组件").get_by_role("button")
    for number in range(palette.count()):
        palette.nth(number).click()
        expect(properties(studio).get_by_role("heading")).to_be_visible()
        said |= set(studio.locator(".forms").evaluate(SAID))

    strange = {text for text in said if LATIN.search(ALLOWED.sub("", text))}
    assert strange == set()

    studio.evaluate(AXE.read_text("utf-8"))
    assert studio.evaluate(LOOK) == []
    studio.get_by_role("button", name="手机预览").click()
    expect(studio.frame_locator("iframe").get_by_role("button", name="提交").first).to_be_visible()
    assert studio.evaluate(LOOK) == []
    studio.set_viewport_size({"width": 390, "height": 844})
    expect(studio.get_by_text("屏幕较窄，此部分只能查看。")).to_be_visible()
    assert studio.evaluate(LOOK) == []
    assert studio.evaluate("document.documentElement.scrollWidth") <= 390
