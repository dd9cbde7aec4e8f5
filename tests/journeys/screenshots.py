"""Takes the pictures of the README from the demo: `python -m tests.journeys.screenshots`."""

import tempfile
from io import BytesIO
from math import cos, sin
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import select

from app import demo
from app.config import Mode
from app.db import db
from app.processes.shipping import publish_shipped
from app.rooms.models import Room
from tests.journeys.chromium import CHROMIUM
from tests.journeys.test_room import strokes
from tests.server import Product, running

IMAGES = Path(__file__).parents[2] / "docs/images"
APPLICANT, LEAD = "李文", "周岩"


def main() -> None:
    """Start a demo of its own, walk in, and keep what is seen."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), mode=Mode.DEMO) as product:
        case = prepare(product)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**CHROMIUM)
            show(browser, product.url, case)
            browser.close()


def prepare(product: Product) -> int:
    """Fill the demo; the case whose room is open."""
    with product.database():
        publish_shipped()
        demo.create()
        found = db.session.scalars(select(Room.consultation_id).where(Room.closed_at.is_(None)))
        return found.first() or 0


def show(browser: Browser, url: str, case: int) -> None:
    li, zhou = (enter(browser, url, name) for name in (APPLICANT, LEAD))
    li.goto(f"/consultations/{case}")
    diagram = li.locator("[data-island=diagram] svg").first
    expect(diagram).to_be_visible()
    panel = li.get_by_role("region", name="办理过程")
    panel.get_by_role("button", name="缩小").click()
    panel.evaluate("(shown) => shown.scrollIntoView({ block: 'end' })")
    keep(li, "case")

    for person in (li, zhou):
        person.goto(f"/consultations/{case}/room")
        expect(person.locator("[data-open=true]")).to_be_visible()
    expect(li.locator(".tile[data-state=connected] video").first).to_be_visible()
    circle(zhou)
    strokes(li, 1)
    say(zhou, "请看右上肺野，这里的密度是否增高？")
    say(li, "是的，三天前的片子上没有。")
    expect(li.get_by_text("请看右上肺野")).to_be_visible()
    li.wait_for_timeout(1500)  # until the pictures have their full size
    keep(li, "room")


def enter(browser: Browser, url: str, name: str) -> Page:
    """A page of one of the demo people, by one click in the bar."""
    context = browser.new_context(
        base_url=url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1440, "height": 960},
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/inbox")
    return page


def say(page: Page, text: str) -> None:
    page.get_by_label("输入文字").fill(text)
    page.get_by_label("输入文字").press("Enter")


def circle(page: Page) -> None:
    """With the pen, around something in the upper left of the picture."""
    box = page.locator(".board__canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.36, box["y"] + box["height"] * 0.4
    page.mouse.move(x + 55, y)
    page.mouse.down()
    for step in range(1, 33):
        page.mouse.move(x + 55 * cos(step / 5), y + 40 * sin(step / 5))
    page.mouse.up()


def keep(page: Page, name: str) -> None:
    """As a PNG of 256 colours, which is small and looks the same."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(256, Image.Quantize.FASTOCTREE).save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
