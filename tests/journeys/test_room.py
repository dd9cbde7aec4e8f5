"""The session in two browsers: picture, board, chat, and the end (S0-26…35, S4-4)."""

import time

from playwright.sync_api import Page, expect

from tests.journeys.session_case import make_talk

# Counted where the browser keeps it: frames that were received and decoded.
SPY = """
const peers = []; window.peers = peers;
const Real = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Real {
  constructor(...args) { super(...args); peers.push(this); }
};
"""
DECODED = """async () => {
  let frames = 0;
  for (const peer of window.peers)
    for (const report of (await peer.getStats()).values())
      if (report.type === 'inbound-rtp' && report.kind === 'video') frames += report.framesDecoded;
  return frames;
}"""


def enter(page: Page, case_id: int) -> None:
    page.context.add_init_script(SPY)
    page.goto(f"/consultations/{case_id}/room")
    expect(page.locator("[data-open=true]")).to_be_visible()
    expect(page.locator(".board__canvas")).to_be_visible()


def draw(page: Page) -> None:
    box = page.locator(".board__canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 4
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(x + 12 * step, y + 8 * step)
    page.mouse.up()


def red_pixels(page: Page) -> int:
    """How much of the board the first pen covers."""
    return page.locator(".board__canvas").evaluate(
        """(canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let red = 0;
          for (let i = 0; i < data.length; i += 4)
            if (data[i + 3] > 200 && data[i] > 180 && data[i + 1] < 120) red += 1;
          return red;
        }"""
    )


def strokes(page: Page, count: int) -> None:
    expect(page.locator(f".board__canvas[data-strokes='{count}']")).to_be_visible()


def video_flows(page: Page) -> None:
    """Others' pictures arrive, are decoded one after the other, and are on the screen."""
    before = frames(page, more_than=5, within_s=30)
    frames(page, more_than=before, within_s=15)
    expect(page.locator(".tile[data-state=connected] video").first).to_have_js_property(
        "readyState", 4
    )


def frames(page: Page, more_than: int, within_s: float) -> int:
    # wait_for_function would take the promise itself for a yes.
    until = time.monotonic() + within_s
    while (decoded := page.evaluate(DECODED)) <= more_than:
        assert time.monotonic() < until, f"{decoded} frames were decoded"
        page.wait_for_timeout(250)
    return decoded


def test_two_doctors_hold_a_session(product, visit):
    """S0-28, S0-29, S0-30, S0-32, S0-33, S0-35, S0-26"""
    with product.database():
        talk = make_talk()
    li, wang = visit(talk.li), visit(talk.wang)

    enter(li, talk.case_id)
    enter(wang, talk.case_id)
    expect(li.get_by_text("在线 2 人")).to_be_visible()
    expect(li.get_by_text("王示例 进入会诊室")).to_be_visible()
    video_flows(li)
    video_flows(wang)

    draw(li)
    strokes(wang, 1)
    assert red_pixels(wang) > 100
    wang.get_by_label("输入文字").fill("请看左侧")
    wang.get_by_label("输入文字").press("Enter")
    expect(li.get_by_text("请看左侧")).to_be_visible()

    li.reload()
    strokes(li, 1)
    video_flows(wang)
    zhao = visit(talk.zhao)
    enter(zhao, talk.case_id)
    strokes(zhao, 1)
    expect(zhao.get_by_text("请看左侧")).to_be_visible()
    assert red_pixels(zhao) > 100
    video_flows(zhao)

    li.get_by_role("button", name="撤销我的上一笔").click()
    strokes(zhao, 0)

    stranger = visit(talk.stranger)
    answer = stranger.goto(f"/consultations/{talk.case_id}/room")
    assert answer is not None
    assert answer.status == 403

    li.get_by_role("link", name="结束会诊").click()
    li.get_by_role("button", name="提交").click()
    for page in (wang, zhao):
        expect(page.get_by_text("会诊已结束")).to_be_visible()
    wang.reload()
    expect(wang.get_by_text("会诊室没有开放")).to_be_visible()


def test_whoever_has_no_camera_still_reads_and_writes(product, visit):
    with product.database():
        talk = make_talk()
    li, wang = visit(talk.li), visit(talk.wang)
    li.context.add_init_script(
        "navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('', 'NotAllowedError'))"
    )
    enter(li, talk.case_id)
    enter(wang, talk.case_id)
    expect(li.get_by_text("浏览器没有使用摄像头和麦克风的权限")).to_be_visible()
    video_flows(li)
    draw(li)
    strokes(wang, 1)


def test_a_broken_line_loses_no_stroke(product, visit):
    """Drawn while the network is away, a stroke arrives when it is back."""
    with product.database():
        talk = make_talk()
    li, wang = visit(talk.li), visit(talk.wang)
    enter(li, talk.case_id)
    enter(wang, talk.case_id)
    li.context.set_offline(True)
    li.evaluate("window.dispatchEvent(new Event('offline'))")
    expect(li.get_by_text("正在重新连接")).to_be_visible(timeout=40_000)
    draw(li)
    strokes(li, 1)
    li.context.set_offline(False)
    expect(li.locator("[data-open=true]")).to_be_visible(timeout=20_000)
    strokes(wang, 1)


def test_the_room_on_a_phone(product, visit):
    """S0-37: one part at a time, drawn with a finger."""
    with product.database():
        talk = make_talk()
    li, wang = (
        visit(talk.li),
        visit(talk.wang, viewport={"width": 390, "height": 844}, has_touch=True),
    )
    enter(li, talk.case_id)
    enter(wang, talk.case_id)
    width = wang.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    draw(wang)
    strokes(li, 1)
    wang.get_by_role("button", name="文字").click()
    expect(wang.get_by_label("输入文字")).to_be_visible()
    expect(wang.locator(".board__canvas")).to_be_hidden()
