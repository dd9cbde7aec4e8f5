"""Trial cases by the API: played with the real forms, and nobody ever hears of them (issue 3)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.db import Model, db
from app.permissions import Role
from app.processes.actions import publish
from app.processes.vocabulary import option_names, sample_options, vocabulary
from app.studio import scenarios
from app.studio.content import of_bundle
from bpmn import shipped
from tests.app.diagrams import DIAGRAM, small_bundle
from tests.makers import make_person

URL = "/api/studio/consultation"
AT = "2026-03-02T09:00:00+08:00"
APPLICATION = {
    "patient_name": "示例患者",
    "patient_sex": "female",
    "patient_birth_on": "1955-04-01",
    "patient_phone": "13800000000",
    "urgency": "urgent",
    "department_wanted": "心内科",
    "title_wanted": "chief",
    "expected_at": "2026-03-04T10:00+08:00",
    "reason": "胸痛三天，原因不明",
    "purpose": "明确诊断",
    "summary": "患者三天前无明显诱因出现胸痛。",
    "preliminary_diagnosis": "冠心病？",
    "preliminary_diagnosis_code": "I25.1",
    "invited_hospital": "sample-1",
    "consent_given": True,
    "consent_by": "patient",
    "consent_on": "2026-03-01",
}
APPROVAL = {"decision": "approve"}
NAMING = {**APPROVAL, "expert_department": "sample-1", "experts": ["sample-1", "sample-2"]}
PARTS = {"analysis": "缺血", "diagnosis": "冠心病", "plan": "造影"}
WHOLE = [
    {"complete": "fill_application", "answers": APPLICATION},
    {"complete": "review_director", "answers": {"decision": "return", "reason": "请补充"}},
    {"complete": "fill_application", "answers": {"summary": "补充了心电图与心肌酶的结果。"}},
    {"complete": "review_director", "answers": APPROVAL},
    {"complete": "review_inviting_affairs", "answers": APPROVAL},
    {"complete": "review_invited_affairs", "answers": NAMING},
    {
        "complete": "schedule",
        "answers": {"scheduled_at": "2026-03-03T09:00+08:00", "duration_min": 30},
    },
    {"advance": "P1D"},
    {"complete": "session", "answers": {"outcome": "held"}},
    {"complete": "write_opinions", "item": "sample-2", "answers": {**PARTS, "track": True}},
    {"complete": "write_opinions", "item": "sample-1", "answers": {**PARTS, "track": False}},
    {"complete": "write_report", "answers": PARTS},
    {"complete": "sign_report", "answers": {"confirm": True}},
    {"complete": "decide_execution", "answers": {"decision": "accept"}},
]


def script(*steps, expected=(), **changes):
    sound = {"name": "试运行", "at": AT, "variables": {}, "steps": list(steps)}
    return {**sound, "expected": list(expected), **changes}


def content(bundle=None, scenarios=()):
    return of_bundle(bundle or shipped.bundle("consultation"), list(scenarios)).json()


@pytest.fixture
def li(client, app):
    publish(None, "consultation", "远程会诊", small_bundle())
    return client(make_person(Role.PROCESS_MANAGER, name="李敏"))


def play(browser, *steps, drawn=None, **changes):
    body = {"content": drawn or content(), "scenario": script(*steps, **changes)}
    return browser.post(f"{URL}/trials", json=body)


def test_a_trial_stands_where_its_script_leads_with_the_form_of_whoever_is_next(li):
    shown = play(li, *WHOLE[:1]).json

    (task,) = shown["ready"]
    assert (task["element"], task["name"]) == ("review_director", "科室主任审核")
    assert (task["roles"], task["side"], task["item"]) == (
        ["department_director"],
        "inviting",
        None,
    )
    assert task["due_at"] == "2026-03-02T13:00:00+08:00"
    assert task["form"]["id"] == "review"
    assert task["form"]["schema"]["components"][0]["label"] == "审核结论"
    assert shown["standing"] == ["review_director"]
    assert shown["variables"]["applicant"] == "sample-0"
    assert shown["status"] == "pending"
    assert [wait["element"] for wait in shown["waits"]] == [
        "director_withdrawn",
        "director_overdue",
    ]


def test_forms_speak_the_language_of_whoever_plays(li):
    li.set_cookie("language", "en")

    (task,) = play(li, *WHOLE[:1]).json["ready"]

    assert task["name"] == "Review by the department director"
    assert task["form"]["schema"]["components"][0]["label"] == "Decision"


def test_the_shipped_process_is_played_to_its_end_and_leaves_no_trace(li):
    """Nothing leaves: no row is written, nobody is told."""
    before = rows()

    shown = play(li, *WHOLE, {"advance": "P8D"}).json

    assert shown["problem"] is None
    assert shown["status"] == "completed"
    assert [task["element"] for task in shown["ready"]] == ["follow_up"]
    assert rows() == before


def rows():
    tables = Model.metadata.sorted_tables
    return {one.name: db.session.scalar(select(func.count()).select_from(one)) for one in tables}


def test_what_a_form_refuses_is_told_by_field_as_at_a_real_task(li):
    answers = {key: value for key, value in APPLICATION.items() if key != "reason"}

    refused = play(li, {"complete": "fill_application", "answers": {**answers, "forged": 1}})

    assert refused.status_code == 422
    assert set(refused.json["errors"]) == {"reason", "forged"}


def test_a_choice_that_is_not_offered_is_refused(li):
    real = {**APPLICATION, "invited_hospital": "1"}

    assert (
        "invited_hospital"
        in play(li, {"complete": "fill_application", "answers": real}).json["errors"]
    )


def test_a_returned_application_opens_with_what_was_written(li):
    (task,) = play(li, *WHOLE[:2]).json["ready"]

    assert task["form"]["data"]["reason"] == "胸痛三天，原因不明"
    assert {one["value"] for one in task["form"]["data"]["hospitals_invitable"]} == {
        "sample-1",
        "sample-2",
    }


def test_the_experts_of_a_trial_are_nobody_and_look_it(li):
    shown = play(li, *WHOLE[:9]).json

    assert [task["item"] for task in shown["ready"]] == ["sample-1", "sample-2"]
    assert all("虚构" in task["item_label"] for task in shown["ready"])
    assert all(
        "示例" in one["label"] or one["label"].endswith("医师")
        for options in sample_options().values()
        for one in options
    )


def test_every_list_has_samples_and_every_output_an_example(app):
    assert sample_options().keys() == option_names()
    assert all(sample_options().values())
    for operation in vocabulary().operations.values():
        assert operation.examples.keys() == operation.outputs, operation.name


def test_an_early_step_that_no_longer_fits_is_told_with_its_reason(li):
    shown = play(li, {"complete": "schedule", "answers": {}}, *WHOLE)

    assert shown.status_code == 200
    assert shown.json["problem"] == {
        "element": "schedule",
        "name": "安排会诊时间",
        "kind": "astray",
        "step": 0,
        "text": "“安排会诊时间”没有在等待办理",
        "errors": {},
    }


def test_a_service_is_mocked_and_fails(li):
    arranged = {"answer": "arrange_session", "outputs": {"session_at": "2026-03-05T09:00:00+08:00"}}
    mocked = play(li, *WHOLE[:7], arranged).json
    failed = play(li, *WHOLE[:7], {"fail": "arrange_session", "code": "busy"}).json

    due = [datetime.fromisoformat(one["due_at"]) for one in mocked["waits"] if one["due_at"]]
    assert due == [datetime.fromisoformat("2026-03-05T09:00:00+08:00") - timedelta(minutes=15)]
    assert [call["is_scripted"] for call in mocked["calls"]][2:4] == [True, False]
    assert failed["problem"]["element"] == "arrange_session"


def test_a_draft_with_errors_is_not_played_but_told_what_is_wrong(li):
    cut = {**content(small_bundle()), "diagram": DIAGRAM.replace("</bpmn:process>", "")}
    no_form = {**content(small_bundle()), "forms": {}}

    for drawn in (cut, no_form):
        refused = play(li, drawn=drawn)
        assert refused.status_code == 422
        assert "改正" in refused.json["message"]
        assert refused.json["findings"][0]["severity"] == "error"


@pytest.mark.parametrize(
    "change",
    [{"at": "now"}, {"steps": [{"jump": "x"}]}, {"steps": 5}, {"variables": [1]}, {"name": None}],
)
def test_a_scenario_that_is_none_is_refused(li, change):
    refused = play(li, **change)

    assert refused.status_code == 422
    assert "scenario" in refused.json["errors"]


def test_hostile_scripts_harm_nothing(li):
    deep = {}
    for _level in range(200):
        deep = {"x": deep}

    for steps in (
        [{"complete": "fill_application", "answers": {"typename": 1}}],
        [{"deliver": "withdraw", "payload": {"typename": "x"}}],
        [{"deliver": "withdraw", "payload": deep}],
        [{"advance": "P9999Y"}],
        [{"answer": "x" * 10_000, "outputs": {}}],
        [{"complete": "fill_application", "answers": {"reason": "\ud800"}}],
    ):
        assert play(li, *steps).status_code in (200, 422)


def test_scenarios_are_judged_and_what_they_leave_untried_is_named(li):
    entered = play(li, *WHOLE).json["entered"]
    kept = [
        {**script(*WHOLE, expected=entered), "name": "退回一次"},
        {**script(WHOLE[0], expected=["start", "schedule"]), "name": "走错的"},
        {**script(), "name": "坏的", "at": "never"},
    ]

    told = li.post(f"{URL}/scenario-runs", json={"content": content(scenarios=kept)}).json

    right, wrong, bad = told["verdicts"]
    assert (right["name"], right["is_passed"], right["difference"]) == ("退回一次", True, None)
    assert not wrong["is_passed"]
    assert wrong["difference"]["expected"] == {"element": "schedule", "name": "安排会诊时间"}
    assert wrong["difference"]["entered"]["element"] == "fill_application"
    assert (bad["name"], bad["is_passed"], bad["problem"]["kind"]) == ("坏的", False, "scenario")
    assert 30 < told["coverage"]["percent"] < 60
    assert {"element": "end_refused", "name": "已拒绝"} in told["coverage"]["elements_left"]
    assert {
        "element": "flow_decision_director__merge_refused_affairs",
        "name": "拒绝",
        "source": "审核结论",
        "target": "merge_refused_affairs",
    } in told["coverage"]["flows_left"]


def test_a_change_that_breaks_a_scenario_is_seen(app):
    """A failing scenario is what keeps a proposal from being signed."""
    bundle = shipped.bundle("consultation")
    kept = script(*WHOLE, expected=["start", "fill_application"])
    draft = of_bundle(bundle, [kept])

    results = scenarios.run(draft)

    assert not results.are_passed
    assert results.json()["verdicts"][0]["difference"]["place"] == 2
    assert scenarios.run(of_bundle(bundle, [])).are_passed


def test_a_proposal_is_made_only_if_all_scenarios_pass_and_is_shown_with_what_they_cover(
    client, li
):
    """A failing scenario keeps a version from ever being signed."""
    bundle = small_bundle()
    publish(None, "consultation", "远程会诊", bundle)
    passing = script(expected=["start", "ask"], name="申请")
    revision = li.get(URL).json["revision"]

    def propose(*kept):
        nonlocal revision
        body = {"revision": revision, "content": {"scenarios": list(kept)}}
        revision = li.put(f"{URL}/content", json=body).json["revision"]
        return li.post(f"{URL}/proposals", json={"revision": revision, "reason": "保存场景"})

    refused = propose(passing, script(expected=["start", "decide"], name="走错的"))
    made = propose(passing)

    assert refused.status_code == 422
    assert "走错的" in refused.json["errors"]["scenarios"]
    assert made.status_code == 201, made.json
    wang = client(make_person(Role.PROCESS_MANAGER, name="王强"))
    page = wang.get(made.json["url"]).text
    assert "申请" in page
    assert "全部场景覆盖的元素与连线" in page
    assert "还没有办结的会诊可供推演" in page
