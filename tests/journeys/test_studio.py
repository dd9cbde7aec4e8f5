"""A manager draws and describes a process; another one looks on; everything is said in Chinese."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from app.db import db
from app.permissions import Role
from app.processes import queries as processes
from app.processes.shipping import publish_shipped
from app.studio.queries import draft
from bpmn import diagram
from tests.journeys.kinds import every_kind
from tests.journeys.test_accessibility import PHONE, STILL, faults
from tests.makers import make_person

STUDIO = "/studio/consultation"


@pytest.fixture
def manager(product):
    with product.database():
        publish_shipped()
        person = make_person(Role.PROCESS_MANAGER, name="李敏")
        db.session.commit()
        return person


@pytest.fixture
def colleague(product, manager):
    with product.database():
        person = make_person(Role.PROCESS_MANAGER, name="周正")
        db.session.commit()
        return person


def opened(page: Page, element: str = "") -> Page:
    """The studio, the diagram drawn."""
    page.goto(f"{STUDIO}#diagram/{element}" if element else STUDIO)
    page.locator(".djs-container .djs-element").first.wait_for()
    return page


def stored(product) -> str:
    with product.database():
        found = draft(processes.process("consultation"))
        assert found is not None
        return str(found.content["diagram"])


def saved(page: Page) -> None:
    """What was drawn is on the server; it is written out once the pen has rested for 0.3 s."""
    page.wait_for_timeout(600)
    expect(page.get_by_text("已保存", exact=True)).to_be_visible()


def panel(page: Page) -> Locator:
    return page.locator(".canvas-properties")


def find(page: Page, name: str) -> None:
    """Look for an element, as anybody would who does not see it."""
    page.get_by_role("button", name="查找元素").click()
    page.locator(".djs-search-input input").press_sequentially(name)
    page.keyboard.press("Enter")


def unfold(page: Page) -> None:
    """Everything the properties panel holds, also what stands in its lists."""
    for part in ("group-header", "collapsible-entry-header"):
        closed = f".bio-properties-panel-{part}:not(.open):not(.empty)"
        panel(page).locator(closed).evaluate_all("all => all.forEach(one => one.click())")


def put_task(page: Page, name: str) -> None:
    """A new user task in the lane of the department director, named as it stands there."""
    page.locator('[data-action="create.bpmn:UserTask"]').click()
    around = page.locator('[data-element-id="review_director"]').first.bounding_box()
    assert around is not None
    page.mouse.click(around["x"] - 80, around["y"] + 110)
    page.locator(".djs-direct-editing-content").fill(name)
    page.keyboard.press("Enter")


def test_what_a_manager_draws_and_describes_is_read_by_the_engine(
    product, visit, manager, complaints
):
    """A task is drawn and described, its faults are seen, undone, redone, and found again."""
    page = opened(visit(manager, timezone_id="Asia/Shanghai"))
    put_task(page, "药师审核")
    expect(panel(page)).to_contain_text("药师审核")

    panel(page).get_by_label("办理角色").select_option(label="会诊专家")
    panel(page).get_by_label("表单", exact=True).select_option("review")
    panel(page).get_by_label("记为哪种病历").select_option(label="审核结论")
    panel(page).get_by_label("办理时限").fill("P2D")
    panel(page).get_by_label("进入时状态变为").select_option(label="待分配")
    count = page.get_by_role("tab", name="检查").locator(".count")
    expect(page.locator(".canvas-badge--error").first).to_be_visible()
    expect(count).to_be_visible()

    for _ in range(8):
        page.get_by_role("button", name="撤销").click(force=True)
    expect(count).not_to_be_visible()
    expect(page.get_by_role("button", name="撤销")).to_be_disabled()
    for _ in range(8):
        page.get_by_role("button", name="重做").click(force=True)
    expect(count).to_be_visible()
    saved(page)

    page.reload()
    expect(page.locator(".djs-element").get_by_text("药师审核")).to_be_visible()
    read = diagram.read(diagram.read_xml(stored(product)))
    (made,) = (node for node in read.nodes.values() if node.name == "药师审核")
    assert (made.kind, made.form_id, made.candidate_groups) == ("userTask", "review", "expert")
    assert (made.due, made.lane and made.lane.role) == ("P2D", "department_director")
    assert made.properties == {"record": "review", "status": "pending"}
    assert complaints == []


def test_what_nobody_changed_is_kept_to_the_last_attribute(product, visit, manager):
    with product.database():
        published = processes.in_force("consultation").bundle().process
    page = opened(visit(manager), "start")
    expect(panel(page)).to_contain_text("发起会诊")
    page.get_by_role("button", name="颜色").click()
    page.get_by_role("button", name="绿").click()
    saved(page)

    assert 'color:background-color="' in stored(product)
    before, after = (diagram.read(diagram.read_xml(xml)) for xml in (published, stored(product)))
    assert before == after


def test_a_finding_leads_to_its_element(visit, manager):
    page = opened(visit(manager))
    put_task(page, "无人负责")
    expect(page.locator(".canvas-badge--error").first).to_be_visible()
    page.get_by_role("tab", name="检查").click()
    page.get_by_role("tabpanel").get_by_role("button", name="无人负责").first.click()
    expect(page.get_by_role("tab", name="流程图")).to_have_attribute("aria-selected", "true")
    expect(panel(page)).to_contain_text("无人负责")


def test_an_operation_brings_its_inputs(product, visit, manager):
    page = opened(visit(manager), "register_refusal")
    panel(page).get_by_label("操作").select_option(label="发送通知")
    panel(page).get_by_label("输入：template").select_option(label="会诊改期")
    saved(page)
    node = diagram.read(diagram.read_xml(stored(product))).nodes["register_refusal"]
    assert node.operation == "notify"
    assert {one.target: one.source for one in node.inputs} == {
        "template": '="rescheduled"',
        "audience": '="applicant"',
    }


def test_one_edits_while_others_look_on_and_leave_remarks(visit, manager, colleague, complaints):
    editor = opened(visit(manager), "review_director")
    expect(editor.get_by_text("已保存", exact=True)).to_be_visible()
    reader = opened(visit(colleague), "review_director")
    expect(reader.get_by_text("李敏 正在编辑此流程")).to_be_visible()
    expect(reader.locator(".djs-palette")).to_have_count(0)

    reader.get_by_label("写给“科室主任审核”").fill("是否需要两位主任？")
    reader.get_by_role("button", name="添加备注").click()
    expect(reader.get_by_text("是否需要两位主任？")).to_be_visible()

    opened(editor, "review_director").reload()
    expect(editor.locator(".canvas-badge--comment")).to_be_visible()
    editor.get_by_role("button", name="已处理").click()
    expect(editor.locator(".canvas-badge--comment")).to_have_count(0)
    assert complaints == []


def test_every_kind_of_element_speaks_chinese(product, visit, manager, complaints):
    xml, drawn = every_kind()
    page = visit(manager, viewport={"width": 1440, "height": 1200})
    page.goto(STUDIO)
    page.locator(".djs-container .djs-element").first.wait_for()
    page.evaluate(
        """async (diagram) => {
          const url = '/api/studio/consultation';
          const { revision } = await (await fetch(url)).json();
          const token = document.querySelector('meta[name="csrf-token"]').content;
          await fetch(`${url}/content`, {
            method: 'PUT',
            headers: { 'Content-Type': 'application/json', 'X-CSRFToken': token },
            body: JSON.stringify({ revision, content: { diagram } }),
          });
        }""",
        xml,
    )
    page.reload()
    page.locator('[data-element-id="a_task"]').wait_for()
    for one in drawn:
        find(page, one)
        unfold(page)
        spoken = panel(page).evaluate(SPOKEN)
        assert not [text for text in spoken if re.search("[A-Z][a-z]{3}", text)], one
        menu = page.locator('[data-action="replace"]')
        if menu.count():
            menu.click()
            labels = page.locator(".djs-popup-label").all_inner_texts()
            assert not [text for text in labels if re.search("[A-Za-z]", text)], one
            page.keyboard.press("Escape")
    page.get_by_role("button", name="快捷键").click()
    expect(page.get_by_role("dialog")).to_contain_text("撤销，重做")
    expect(page.locator("[data-missing-words]")).to_have_attribute("data-missing-words", "")
    assert complaints == []


# What the panel says by itself: not the values that were filled in.
SPOKEN = """panel => [
  ...panel.querySelectorAll('label, h2, .bio-properties-panel-group-header-title, '
    + '.bio-properties-panel-description, .bio-properties-panel-header-type'),
].map((one) => one.innerText)
  .concat([...panel.querySelectorAll('[title]')].map((one) => one.title))"""


def test_english_pages_have_english_editors(visit, manager):
    page = visit(manager)
    page.get_by_role("button", name="English").click()
    opened(page, "review_director")
    expect(panel(page)).to_contain_text("User Task", ignore_case=True)
    expect(panel(page)).to_contain_text("Who does it")
    spoken = panel(page).evaluate(SPOKEN)
    assert not [text for text in spoken if re.search(r"[\u4e00-\u9fff]", text)]


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_the_studio_can_be_used_by_everybody(visit, manager, options):
    page = visit(manager, **STILL, **options)
    pages = (STUDIO, f"{STUDIO}#checks")
    assert faults(page, *pages) == {}


def test_panels_are_reached_by_keyboard(visit, manager):
    page = opened(visit(manager))
    page.get_by_role("tab", name="流程图").focus()
    page.keyboard.press("End")
    last = page.locator('[role="tab"]').last
    expect(last).to_be_focused()
    expect(last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="流程图")).to_be_focused()
    expect(page.locator(".canvas-frame")).to_be_visible()
