"""The pages are usable without sight and mouse, and obey their own content security policy."""

from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect
from sqlalchemy import select

from app import demo
from app.accounts.models import Person
from app.db import db
from app.processes.actions import publish
from app.processes.queries import in_force
from app.studio.actions import open_draft, save
from app.studio.proposals import propose
from app.tasks.models import State, Task
from bpmn import shipped

AXE = Path(__file__).parents[2] / "app/client/node_modules/axe-core/axe.min.js"
STEPS = {
    "chen.zhuren": "review_director",
    "qian.yiwu": "review_invited_affairs",
    "sun.fenzhen": "schedule",
    "wu.zhuanjia": "write_opinions",
    "zhou.zhuanjia": "sign_report",
    "zheng.suifang": "follow_up",
}
# A colour half-way through its transition has no contrast to speak of.
STILL = {"reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
BAD = """<!doctype html><html lang="zh"><meta name="viewport" content="width=device-width">
<body style="margin:0"><main><h1>x</h1><img src="/static/favicon.svg"><input>
<p style="width:calc(100vw + 30px)">x"""
# bpmn-js draws its picture; the list of steps beside it says the same.
LOOK = """async () => {
  const rules = { exclude: [['.djs-container']] };
  const found = await axe.run(rules, { resultTypes: ['violations'] });
  return found.violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`);
}"""


@pytest.fixture
def people(product):
    """The demo people by login, each with work at another step."""
    with product.database():
        publish(None, "consultation", "远程会诊", shipped.bundle("consultation"))
        return {person.login: person for person in demo.create()}


def work_of(product, element: str) -> tuple[int, int]:
    """The task that waits at an element, and its case."""
    with product.database():
        waiting = select(Task).filter_by(element_id=element, state=State.READY)
        task = db.session.scalars(waiting).first()
        return task.id, task.consultation_id


def faults(page: Page, *addresses: str) -> dict[str, list[str]]:
    """What axe finds serious or critical, what the browser refuses, and what sticks out sideways,
    by address."""
    refused: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            refused.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: refused.append(str(error)))
    found = {}
    for address in addresses:
        refused.clear()
        page.goto(address)
        expect(page.locator("[data-island][aria-busy]")).to_have_count(0)
        # What opens with the room's connection must not change while axe looks at it.
        expect(page.locator("[data-island] button[type=submit]:disabled")).to_have_count(0)
        page.evaluate(AXE.read_text("utf-8"))
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        sideways = [f"{wide} px too wide"] if wide > 0 else []
        if wrong := page.evaluate(LOOK) + refused + sideways:
            found[address] = wrong
    return found


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_a_case_can_be_worked_by_everybody(product, people: dict[str, Person], visit, options):
    """S0-37: inbox, tasks, case, report and room, on a desk and on a phone."""
    returned, returned_case = work_of(product, "fill_application")
    session, room_case = work_of(product, "session")
    accept, done_case = work_of(product, "decide_execution")
    applicant = visit(people["liwen"], **STILL, **options)
    pages = (
        "/inbox",
        f"/tasks/{returned}",
        f"/tasks/{session}",
        f"/tasks/{accept}",
        f"/consultations/{returned_case}",
        f"/consultations/{done_case}",
        f"/consultations/{done_case}/report",
        f"/consultations/{room_case}/room",
        *("/consultations", "/notices", "/profile", "/hospitals", "/nothing-here"),
    )
    # A page that does not exist is told as such by the browser, too.
    found = faults(applicant, *pages)
    found.get("/nothing-here", []).clear()
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_each_step_has_a_form_for_everybody(product, people, visit):
    for login, element in STEPS.items():
        task, case = work_of(product, element)
        page = visit(people[login], **STILL)
        assert faults(page, "/inbox", f"/tasks/{task}", f"/consultations/{case}") == {}


def test_administration_and_components(people, visit):
    administrator = visit(people["feng.guanli"], **STILL)
    assert faults(administrator, "/people", "/people/reviews", "/styleguide") == {}


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_a_process_is_managed_by_everybody(product, people, visit, options):
    with product.database():
        author, digest = db.session.merge(people["tao.liucheng"]), in_force().digest
        draft = open_draft("consultation", author)
        changed = draft.content["diagram"].replace('name="科室主任审核"', 'name="科主任审核"')
        save("consultation", author, draft.revision, {"diagram": changed})
        proposal = propose("consultation", author, draft.revision, "试一试").id
    second = visit(people["wei.liucheng"], **STILL, **options)
    pages = (
        *("/studio", "/studio/new", "/studio/settings"),
        "/studio/consultation/settings",
        "/studio/consultation/import",
        "/studio/consultation#propose",
        f"/studio/consultation/proposals/{proposal}",
        "/processes/consultation",
        f"/processes/consultation/versions/{digest}",
    )
    assert faults(second, *pages) == {}


def test_what_is_wrong_would_be_found(people, visit):
    page = visit(people["liwen"], **STILL)
    page.route("**/hospitals", lambda route: route.fulfill(body=BAD, content_type="text/html"))
    (found,) = faults(page, "/hospitals").values()
    assert {one.split(":")[0] for one in found} >= {"image-alt", "label", "30 px too wide"}
