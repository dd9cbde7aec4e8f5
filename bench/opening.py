"""A version put in force, and a large diagram opened and edited; a part of bench.studio.

The diagram of 300 elements is opened in Chromium by the studio and, on a page of the same server,
by bpmn-js alone, each time on a fresh page that has the code of both, from the click to the last
element painted. Then somebody types a name while the checks run: what blocks the keys is the
longest task of the page's thread.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from app.accounts.passwords import hash_password
from app.db import db
from app.permissions import Role
from app.processes.actions import publish
from app.processes.shipping import publish_shipped
from app.studio.actions import hold, let_go, save
from bpmn import shipped
from bpmn.bundle import Bundle
from tests.journeys.chromium import CHROMIUM
from tests.makers import make_person
from tests.server import Product, running

CLIENT = Path(__file__).parents[1] / "app/client"
NODES = 150  # and a flow behind each but the last, so 299 elements and the pool
PASSWORD = "an invented pass phrase"

# Both are over when everything the diagram holds stands in the page and is painted.
DRAWN = """async ({ how, xml, count }) => {
  const drawn = () => new Promise((resolve) => {
    const look = () => {
      const all = document.querySelectorAll('.djs-element').length >= count;
      all ? requestAnimationFrame(() => setTimeout(resolve)) : setTimeout(look, 4);
    };
    look();
  });
  const alone = how === 'alone' && (await import('/bench/alone.js'));
  const began = performance.now();
  if (how === 'studio') {
    document.querySelector('#studio-tab-diagram').click();
  } else {
    const frame = document.createElement('div');
    frame.style.height = '600px';
    document.querySelector('main').prepend(frame);
    await alone.open(frame, xml);
  }
  await drawn();
  return performance.now() - began;
}"""
WATCH = """() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.longest = Math.max(window.longest, one.duration);
  }).observe({ type: 'longtask' });
}"""


@dataclass(frozen=True)
class Size:
    """How often things are measured."""

    publications: int
    openings: int


FULL, QUICK = Size(20, 12), Size(5, 2)


def measure(size: Size) -> dict[str, float]:
    """All of it: publish_ms, open_alone_ms, open_studio_ms, open_ratio, typing_longest_ms."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as product:
        publish_ms = published(product, size.publications)
        alone_ms, studio_ms, typing_ms = browsed(product, Path(folder), size.openings)
    return {
        "publish_ms": round(publish_ms, 1),
        "open_alone_ms": round(alone_ms, 1),
        "open_studio_ms": round(studio_ms, 1),
        "open_ratio": round(studio_ms / alone_ms, 3),
        "typing_longest_ms": round(typing_ms, 1),
    }


def published(product: Product, times: int) -> float:
    """Median time to put the shipped process in force, each time another content."""
    bundle, took = shipped.bundle("consultation"), []
    with product.database():
        publish_shipped()
        for number in range(times):
            marked = bundle.process.replace('name="远程会诊"', f'name="远程会诊 {number}"')
            other = Bundle(marked, bundle.forms, bundle.decisions, bundle.notices)
            began = time.perf_counter()
            publish(None, "consultation", "远程会诊", other)
            took.append((time.perf_counter() - began) * 1000)
    return median(took)


def browsed(product: Product, folder: Path, times: int) -> tuple[float, float, float]:
    """Medians of opening by bpmn-js alone and by the studio, and the longest wait; ms."""
    alone, studio = [], []
    script = _alone(folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        with signed_in(product, browser, script) as page:
            for _ in range(times + 1):
                alone.append(opened(page, "alone"))
                studio.append(opened(page, "studio"))
            typing_ms = typed(page)
        browser.close()
    return median(alone[1:]), median(studio[1:]), typing_ms  # the first ones filled the cache


def opened(page: Page, how: str) -> float:
    """Open the diagram on a fresh page; ms."""
    page.goto("about:blank")
    page.goto("/studio/consultation#checks")
    page.locator("#studio-panel-checks p").first.wait_for()
    page.wait_for_timeout(2500)  # the code was fetched, the first checks are over
    asked = {"how": how, "xml": large(), "count": 2 * NODES}
    return float(page.evaluate(DRAWN, asked))


def typed(page: Page) -> float:
    """Name an element in the properties panel of the open studio; the longest task, ms."""
    page.goto("about:blank")
    page.goto("/studio/consultation#diagram/task_5")
    closed = ".bio-properties-panel-group-header:not(.open)"
    page.locator(f'.canvas-properties [data-group-id="group-general"] {closed}').click()
    name = page.locator('.canvas-properties [data-entry-id="name"] textarea')
    name.focus()
    page.wait_for_timeout(1000)
    page.evaluate(WATCH)
    page.keyboard.type("药师审核处方与用药史以及过敏史", delay=180)
    page.wait_for_timeout(3500)  # the checks here and those of the server
    return float(page.evaluate("window.longest"))


@contextmanager
def signed_in(product: Product, browser: Browser, script: str) -> Iterator[Page]:
    """A manager's page; the large diagram is the draft."""
    with product.database():
        manager = make_person(Role.PROCESS_MANAGER, name="李敏")
        manager.password_hash = hash_password(PASSWORD)
        db.session.commit()
        draft = hold("consultation", manager)
        save("consultation", manager, draft.revision, {"diagram": large()})
        let_go("consultation", manager)
        login = manager.login
    # What is put in beside the studio is not the page's own, which its policy would refuse.
    context = browser.new_context(
        base_url=product.url,
        locale="zh-CN",
        bypass_csp=True,
        viewport={"width": 1440, "height": 900},
    )
    context.route(
        "**/bench/alone.js",
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)
    yield page
    context.close()


def _alone(folder: Path) -> str:
    """bpmn-js alone, built as the product's own code is."""
    target = folder / "alone.js"
    command = ["npx", "rolldown", "bench/alone.ts", "--minify", "--file", str(target)]
    subprocess.run(command, cwd=CLIENT, check=True, capture_output=True)
    return target.read_text("utf-8")


def large() -> str:
    """A chain of user tasks in one pool, 15 in a row."""
    shapes, nodes = [], []
    for number in range(NODES):
        x, y = 100 + number % 15 * 160, 60 + number // 15 * 140
        nodes.append(f'<bpmn:userTask id="task_{number}" name="第 {number} 步"/>')
        shapes.append(
            f'<bpmndi:BPMNShape id="s{number}" bpmnElement="task_{number}">'
            f'<dc:Bounds x="{x}" y="{y}" width="100" height="80"/></bpmndi:BPMNShape>'
        )
        if number:
            nodes.append(
                f'<bpmn:sequenceFlow id="f{number}" sourceRef="task_{number - 1}" '
                f'targetRef="task_{number}"/>'
            )
            shapes.append(
                f'<bpmndi:BPMNEdge id="e{number}" bpmnElement="f{number}">'
                f'<di:waypoint x="{x - 60}" y="{y + 40}"/><di:waypoint x="{x}" y="{y + 40}"/>'
                "</bpmndi:BPMNEdge>"
            )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  id="d" targetNamespace="urn:bench"><bpmn:collaboration id="c">
<bpmn:participant id="pool" name="会诊" processRef="large"/></bpmn:collaboration>
<bpmn:process id="large" isExecutable="true">{"".join(nodes)}</bpmn:process>
<bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" bpmnElement="c">
<bpmndi:BPMNShape id="p" bpmnElement="pool" isHorizontal="true">
<dc:Bounds x="40" y="20" width="2520" height="1460"/></bpmndi:BPMNShape>{"".join(shapes)}
</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"""
