"""The steps of the shipped process, each as its person takes it on the pages."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from app.demo.people import CITY
from tests.journeys.filling import choose, form, hand_in, pick, set_day, set_time, tick, write
from tests.journeys.session_case import picture

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUARTER = timedelta(minutes=15)
MINE, GROUP = "我的任务", "待认领"


def start(page: Page) -> str:
    """Open a new case from the inbox; its number."""
    page.get_by_role("link", name="待办").first.click()
    page.get_by_role("button", name="发起会诊").click()
    form(page)
    return page.locator(".page-header__meta").inner_text().split(" · ")[0]


def fill_application(page: Page, reason: str, hospital: str = CITY) -> None:
    """Everything the application asks for, about nobody."""
    write(page, "姓名", "示例患者")
    choose(page, "性别", "女")
    set_day(page, "出生日期", date(1955, 4, 1))
    write(page, "联系电话", "13800000000")
    choose(page, "紧急程度", "加急")
    pick(page, "受邀医院", hospital)
    write(page, "希望会诊科室", "心内科")
    pick(page, "希望专家职称", "主任医师")
    wanted = datetime.now(SHANGHAI) + timedelta(days=2)
    set_day(page, "期望会诊日期", wanted)
    set_time(page, wanted.replace(hour=10, minute=0))
    write(page, "申请会诊的理由", reason)
    write(page, "会诊目的", "明确诊断，指导治疗")
    write(page, "病历摘要", "三天前无明显诱因出现胸痛，心电图示 ST 段改变。")
    write(page, "初步诊断", "冠心病？")
    tick(page, "已取得书面知情同意")
    choose(page, "签署人", "患者本人")
    set_day(page, "签署日期", datetime.now(SHANGHAI))


def upload(page: Page, name: str = "胸片.jpg") -> None:
    """A photograph into the records of the case."""
    page.get_by_label("资料类别").select_option(label="影像")
    file = {"name": name, "mimeType": "image/jpeg", "buffer": picture()}
    page.get_by_label("文件").set_input_files([file])
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()


def take_up(page: Page, task: str, box: str = GROUP) -> None:
    """From the inbox to a waiting task."""
    page.goto("/inbox")
    page.get_by_label("待办分类").get_by_role("link", name=box).click()
    page.get_by_role("link", name=task).click()
    form(page)


def review(page: Page, task: str, verdict: str, reason: str = "") -> None:
    """Say yes, send back or refuse."""
    take_up(page, task)
    choose(page, "审核结论", verdict)
    if reason:
        write(page, "理由", reason)
    hand_in(page)


def name_experts(page: Page, department: str, *experts: str) -> None:
    """The partner says yes, and who."""
    take_up(page, "协作方医务科审核并指定专家")
    choose(page, "审核结论", "同意")
    pick(page, "会诊科室", department)
    for expert in experts:
        pick(page, "会诊专家", expert)
    hand_in(page)


def schedule(page: Page) -> None:
    """The earliest time the form knows, which is so near that the room opens at once."""
    take_up(page, "安排会诊时间")
    # The form rounds down to quarters, and the moment must not be past when it arrives.
    soon = datetime.now(SHANGHAI) + QUARTER + timedelta(seconds=40)
    set_day(page, "会诊日期", soon)
    set_time(page, soon.replace(minute=soon.minute // 15 * 15))
    hand_in(page)


def open_case(page: Page, number: str) -> None:
    """The page of a case, by way of the list."""
    page.goto("/consultations")
    page.get_by_role("link", name=number).click()
    expect(page.locator(".page-header__meta")).to_contain_text(number)


def state_opinion(page: Page, task: str, diagnosis: str) -> None:
    """Analysis, diagnosis and plan: of an opinion and of the report."""
    take_up(page, task, MINE)
    write(page, "病例分析", "症状与心电图符合心肌缺血。")
    write(page, "病情诊断", diagnosis)
    write(page, "治疗方案", "抗血小板、抗凝，择期冠脉造影。")
