"""Broken content, sent to the studio: no answer is a fault of the server, none harms a case."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.consultations.actions import start_consultation
from app.tasks.actions import complete_task
from tests.app.cases import make_people, ready
from tests.app.diagrams import DECIDE, DIAGRAM
from tests.app.studio.managers import URL, make_manager, publish_small
from tests.bpmn.mutations import broken_json, broken_xml
from tests.bpmn.test_mutations import TABLE

WORDED = {200, 409, 413, 422}
PARTS = st.one_of(
    broken_xml(DIAGRAM).map(lambda text: {"diagram": text}),
    broken_json(DECIDE).map(lambda form: {"forms": {"decide": form}}),
    broken_xml(TABLE).map(lambda text: {"decisions": {"response_limits": text}}),
)
SCENARIO = {"name": "?", "at": "2026-03-02T08:00:00+08:00", "variables": {}, "steps": []}


def test_broken_content_is_answered_in_words_and_harms_no_case(client, app):
    publish_small()
    people = make_people()
    case = start_consultation(people.applicant)
    browser = client(make_manager("李敏"))
    whole = browser.get(URL).json["content"]

    @settings(
        max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(PARTS)
    def send(part):
        content = {**whole, **part}
        revision = browser.get(URL).json["revision"]
        answers = [
            browser.put(f"{URL}/content", json={"revision": revision, "content": part}),
            browser.post(f"{URL}/checks", json={"content": content}),
            browser.get(f"{URL}/difference"),
            browser.post(f"{URL}/trials", json={"content": content, "scenario": SCENARIO}),
        ]
        for answer in answers:
            assert answer.status_code in WORDED, answer.text
            assert answer.status_code == 200 or answer.json["message"]

    send()
    complete_task(ready(case).id, people.applicant, {"reason": "需要协助"})
    assert ready(case).element_id == "decide"
