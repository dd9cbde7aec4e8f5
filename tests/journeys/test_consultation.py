"""One case from application to follow-up, and one that is refused, on the pages in Chinese."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app import db as database
from app.consultations.actions import wake_due
from app.demo import people as demo
from app.processes.actions import publish
from bpmn import shipped
from tests.journeys import steps
from tests.journeys.filling import choose, form, hand_in, tick, write
from tests.journeys.test_room import SPY, draw, strokes, video_flows

OPINION, REPORT = "书写会诊意见", "汇总会诊报告"


@pytest.fixture
def people(product, visit):
    """The demo people of one case, each signed in, in a browser of their own."""
    with product.database():
        known = {person.login: person for person in demo.create()}
        publish(None, "consultation", "远程会诊", shipped.bundle("consultation"))
    return lambda login: visit(known[login], timezone_id="Asia/Shanghai")


def test_five_people_take_a_case_to_its_end(product, people, complaints):
    """S0-8…13, S0-20…26, S0-28…35, S2-28…38, S4-40, L-4, L-5: by people, in Chinese."""
    li, chen, zhao = people("liwen"), people("chen.zhuren"), people("zhao.yiwu")
    qian, sun = people("qian.yiwu"), people("sun.fenzhen")
    zhou, wu = people("zhou.zhuanjia"), people("wu.zhuanjia")
    chen.get_by_role("link", name=steps.GROUP).click()

    number = steps.start(li)
    steps.fill_application(li, "本院无法行冠脉造影")
    steps.upload(li)
    fits_a_phone(li)
    hand_in(li)
    expect(chen.get_by_role("link", name="科室主任审核")).to_be_visible()
    fits_a_phone(chen)
    steps.review(chen, "科室主任审核", "退回补正", "请补充心肌酶结果")
    expect(li.get_by_role("link", name="填写会诊申请")).to_be_visible()
    steps.take_up(li, "填写会诊申请", steps.MINE)
    expect(li.locator(".alert--warning")).to_contain_text("请补充心肌酶结果")
    expect(form(li).get_by_label("初步诊断")).to_have_value("冠心病？")
    write(li, "病历摘要", "三天前出现胸痛，心电图示 ST 段改变，肌钙蛋白 0.8。")
    hand_in(li)

    steps.review(chen, "科室主任审核", "同意")
    steps.review(zhao, "本院医务科审核", "同意")
    steps.name_experts(qian, "心内科", "周岩", "吴桐")
    steps.schedule(sun)

    hold_session(li, zhou, number)

    for expert, diagnosis in ((zhou, "不稳定型心绞痛"), (wu, "非 ST 段抬高型心肌梗死")):
        steps.state_opinion(expert, OPINION, diagnosis)
        if expert is zhou:
            tick(expert, "标记为特殊病例")
        hand_in(expert)
    steps.state_opinion(zhou, REPORT, "非 ST 段抬高型急性冠脉综合征")
    hand_in(zhou)
    steps.take_up(zhou, "签发会诊报告", steps.MINE)
    tick(zhou, "我已核对报告内容")
    hand_in(zhou)

    steps.take_up(li, "采纳或调整意见", steps.MINE)
    choose(li, "处理决定", "结合本地实际调整")
    write(li, "说明", "县内先抗凝，联系转诊造影")
    hand_in(li)
    follow_up(product, people("zheng.suifang"))

    steps.open_case(li, number)
    expect(li.get_by_role("heading", level=1)).to_contain_text("已完成")
    expect(li.locator("#report")).to_contain_text("非 ST 段抬高型急性冠脉综合征")
    expect(li.locator("#follow-ups")).to_contain_text("第 90 天")
    expect(li.locator(".djs-container .is-done").first).to_be_attached()
    fits_a_phone(li)
    assert complaints == []


def test_a_refusal_reaches_applicant_and_coordinator(people, complaints):
    """S2-32, S2-33: the partner's reason is highlighted for one and pushed to both."""
    li, sun, qian = people("liwen"), people("sun.fenzhen"), people("qian.yiwu")
    number = steps.start(li)
    steps.fill_application(li, "本院无神经介入条件")
    hand_in(li)
    steps.review(people("chen.zhuren"), "科室主任审核", "同意")
    steps.review(people("zhao.yiwu"), "本院医务科审核", "同意")

    steps.take_up(qian, "协作方医务科审核并指定专家")
    choose(qian, "审核结论", "拒绝")
    qian.get_by_role("button", name="提交").click()
    expect(qian.locator(".form-summary")).to_contain_text("理由")  # a refusal needs one
    write(qian, "理由", "须先完成头颅 CT")
    hand_in(qian)

    steps.open_case(li, number)
    expect(li.get_by_role("heading", level=1)).to_contain_text("已取消")
    expect(li.locator(".alert--error")).to_contain_text("须先完成头颅 CT")
    for person in (li, sun):
        person.get_by_role("link", name="通知").click()
        told = person.get_by_role("list", name="通知").get_by_role("listitem").first
        expect(told).to_contain_text("会诊申请未通过")
        expect(told).to_contain_text(number)
    assert complaints == []


def hold_session(li: Page, zhou: Page, number: str) -> None:
    """Picture, sound, a stroke and a word between two browsers; then it is over."""
    for person in (li, zhou):
        person.context.add_init_script(SPY)
        steps.open_case(person, number)
        door = person.get_by_role("link", name="进入会诊室")
        expect(door).to_be_visible(timeout=60_000)  # the page hears when the room opens
        door.click()
        expect(person.locator("[data-open=true]")).to_be_visible()
    video_flows(li)
    video_flows(zhou)
    draw(zhou)
    strokes(li, 1)
    li.get_by_label("输入文字").fill("请看下壁导联")
    li.get_by_label("输入文字").press("Enter")
    expect(zhou.get_by_text("请看下壁导联")).to_be_visible()
    fits_a_phone(zhou)
    li.get_by_role("link", name="结束会诊").click()
    choose(li, "会诊结果", "会诊完成")
    hand_in(li)
    expect(zhou.get_by_text("会诊已结束")).to_be_visible()


def follow_up(product, zheng: Page) -> None:
    """Time passes for the case: on days 7, 30 and 90 it asks how the patient is."""
    for day in (7, 30, 90):
        let_time_pass(product, timedelta(days=day, hours=1))
        steps.take_up(zheng, "登记随访")
        write(zheng, "病情变化", "无胸痛发作")
        choose(zheng, "疗效", "好转")
        hand_in(zheng)


def let_time_pass(product, by: timedelta) -> None:
    """Do what the server's clock would do by then."""
    clock, moment = database.clock[0], database.now() + by
    database.clock[0] = lambda: moment
    try:
        with product.database():
            assert wake_due() == 1
    finally:
        database.clock[0] = clock


def fits_a_phone(page: Page) -> None:
    """Nothing is wider than 390 px."""
    desk = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(desk)
    assert wide <= 390, f"{page.url} is {wide} px wide"
