"""What a process manager publishes over HTTP: what is taken, what is refused, and what stays."""

import io
import json
import re
import time

import pytest

from app.audit import AuditEntry, Deed
from app.consultations.models import Consultation
from app.db import db
from app.errors import Conflict
from app.permissions import Role
from app.processes import queries
from app.processes.actions import publish
from bpmn import isolation
from tests.app.cases import make_people, open_case, ready
from tests.app.diagrams import ASK, DIAGRAM, small_bundle
from tests.bpmn.test_dmn import definitions, table
from tests.makers import make_person

SECONDS = isolation.SECONDS + 5  # the longest that any refusal may take


@pytest.fixture
def manager(app):
    return make_person(Role.PROCESS_MANAGER)


@pytest.fixture
def in_force(app):
    return publish(None, "consultation", "远程会诊", small_bundle())


def upload(browser, *files, note=""):
    """`files`: (name, text, bytes or JSON)."""
    answer = browser.post(
        "/processes/consultation/versions",
        data={"files": [(io.BytesIO(_bytes(content)), name) for name, content in files]}
        | {"note": note},
    )
    answer.request.environ["wsgi.input"].close()  # the client keeps large bodies in a file
    return answer


def _bytes(content):
    if isinstance(content, dict):
        content = json.dumps(content, ensure_ascii=False)
    return content.encode() if isinstance(content, str) else content


# -- What is taken ----------------------------------------------------------------------------


def test_a_published_diagram_is_followed_by_the_next_case_and_not_by_those_under_way(
    client, app, manager
):
    people = make_people()
    before = open_case(people.applicant)

    answer = upload(
        client(manager),
        ("会诊.bpmn", DIAGRAM.replace('name="申请"', 'name="填写申请"')),
        note="改名",
    )

    assert answer.status_code == 302
    version = queries.in_force()
    said = version.publication
    assert (said.number, said.published_by_id, said.note) == (2, manager.id, "改名")
    assert version.forms == small_bundle().forms  # taken from the version before
    assert ready(before).name == "申请"
    assert ready(_start_another(client, people.applicant)).name == "填写申请"
    deeds = db.session.query(AuditEntry).filter_by(deed=Deed.PROCESS_PUBLISHED).all()
    assert deeds[-1].actor_id == manager.id


def _start_another(client, applicant):
    client(applicant).post("/consultations")
    return db.session.query(Consultation).order_by(Consultation.id.desc()).first()


def test_a_form_alone_makes_a_version_with_the_diagram_that_is_in_force(client, in_force, manager):
    changed = {**ASK, "components": [*ASK["components"], {"type": "text", "text": "请简要说明"}]}

    answer = upload(client(manager), ("anything.form", changed))

    assert answer.status_code == 302
    version = queries.in_force()
    assert version.forms["ask"] == changed
    assert version.diagram == in_force.diagram


def test_a_decision_is_known_by_its_own_id(client, in_force, manager):
    xml = definitions(table("UNIQUE", ["1"], [("-", "1")]))
    upload(client(manager), ("新建 1.dmn", xml))
    (key,) = queries.in_force().decisions
    assert f'id="{key}"' in xml


def test_what_is_in_force_already_makes_no_new_version(client, in_force, manager):
    browser = client(manager)
    page = browser.get(upload(browser, ("a.bpmn", DIAGRAM)).location)
    assert "没有产生新版本" in page.text
    assert queries.in_force().number == 1


def test_the_content_of_an_older_version_comes_back_under_a_new_number(client, in_force, manager):
    browser = client(manager)
    upload(browser, ("a.bpmn", DIAGRAM.replace('name="申请"', 'name="填写申请"')))

    answer = upload(browser, ("a.bpmn", DIAGRAM))

    assert answer.status_code == 302
    assert (queries.in_force().digest, queries.in_force().number) == (in_force.digest, 3)
    numbers = [(one.number, one.digest) for one in queries.process("consultation").publications]
    assert [number for number, _ in numbers] == [1, 2, 3]
    assert numbers[0][1] == numbers[2][1]


def test_one_content_belongs_to_one_process(app, in_force):
    with pytest.raises(Conflict) as refused:
        publish(None, "other", "另一个流程", small_bundle())
    assert "远程会诊" in str(refused.value)


# -- What is refused --------------------------------------------------------------------------

ENTITIES = (
    '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {name} "{("&" + before + ";") * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]><b>&j;</b>"
)
# A reference two levels of sub-processes below its object: SpiffWorkflow's own parser never ends.
HANGS = DIAGRAM.replace(
    '<bpmn:userTask id="look" name="查看"/>',
    """<bpmn:dataObject id="object"/><bpmn:userTask id="look" name="查看"/>
    <bpmn:subProcess id="s1"><bpmn:subProcess id="s2">
    <bpmn:dataObjectReference id="reference" dataObjectRef="object"/></bpmn:subProcess>
    </bpmn:subProcess>""",
)
PYTHON = DIAGRAM.replace('=decision = "approve"', "__import__('os').system('id') == 0")
PYTHON_SAID_TO_BE_FEEL = DIAGRAM.replace('=decision = "approve"', "=().__class__.__base__")
FORGED_ROLE = DIAGRAM.replace('value="department_director"', 'value="superuser"')
COMPUTED_ROLE = DIAGRAM.replace('value="department_director"', 'value="=applicant"')
OTHER_TEMPLATE = DIAGRAM.replace("=&quot;overdue&quot;", "=&quot;you-have-won&quot;")
ACCOUNT_TEMPLATE = DIAGRAM.replace("=&quot;overdue&quot;", "profile-refused")
OTHER_AUDIENCE = DIAGRAM.replace("=&quot;applicant&quot;", "=&quot;the press&quot;")
ROUTING = {**ASK, "components": [{"type": "number", "key": "applicant", "label": "谁", "id": "x"}]}
TYPENAME = {**ASK, "components": [{"type": "number", "key": "typename", "label": "?", "id": "x"}]}
UNKNOWN_FIELD = {**ASK, "components": [{"type": "iframe", "url": "//example.org", "id": "x"}]}
DEEP = '{"id": "ask", "type": "default", "components": ' + "[" * 5000 + "]" * 5000 + "}"
NESTED = {**ASK, "properties": json.loads('{"a":' * 200 + "1" + "}" * 200)}
BAD_DECISION = definitions(table("UNIQUE", ["1"], [("-", "1 +")]))

REFUSALS = [
    # what, files, rule, a word of the reason in Chinese, in English
    ("python", [("a.bpmn", PYTHON)], "not-feel", "不是 FEEL", "no FEEL"),
    ("python as FEEL", [("a.bpmn", PYTHON_SAID_TO_BE_FEEL)], "bad-feel", "不是有效的", "is not"),
    ("entities", [("a.bpmn", ENTITIES)], "xml-doctype", "实体", "entities"),
    ("10 MB", [("a.bpmn", DIAGRAM + " " * 10_000_000)], "file-too-large", "超过", "is over"),
    ("hangs", [("a.bpmn", HANGS)], "unsupported-dataObject", "数据对象", "data objects"),
    ("forged role", [("a.bpmn", FORGED_ROLE)], "unknown-role", "superuser", "superuser"),
    ("computed role", [("a.bpmn", COMPUTED_ROLE)], "unknown-role", "=applicant", "=applicant"),
    ("routing field", [("a.form", ROUTING)], "form-routes", "由系统给出", "the system gives"),
    ("typename", [("a.form", TYPENAME)], "reserved-name", "保留", "reserved"),
    ("unknown field", [("a.form", UNKNOWN_FIELD)], "type", "iframe", "iframe"),
    ("no JSON", [("a.form", "{")], "form-json", "JSON", "JSON"),
    ("deep JSON", [("a.form", DEEP)], "form-json", "太深", "too deep"),
    ("nested JSON", [("a.form", NESTED)], "form-json", "太深", "too deep"),
    ("no form", [("a.form", {"id": "ask"})], "shape", "不是 form-js 表单", "no form of form-js"),
    ("path", [("a.form", {**ASK, "id": "../../x"})], "file-id", "标识", "its id"),
    ("decision", [("a.dmn", BAD_DECISION)], "bad-decision", "有误", "is faulty"),
    ("entities in a decision", [("a.dmn", ENTITIES)], "bad-decision", "文档类型", "document type"),
    ("template", [("a.bpmn", OTHER_TEMPLATE)], "input-choice", "you-have-won", "you-have-won"),
    ("account", [("a.bpmn", ACCOUNT_TEMPLATE)], "input-choice", "profile-refused", "cannot be"),
    ("audience", [("a.bpmn", OTHER_AUDIENCE)], "input-choice", "the press", "the press"),
    ("program", [("a.exe", b"MZ\x90\x00")], "file-kind", "只接受", "only"),
    ("latin", [("a.bpmn", "é".encode("latin-1"))], "file-encoding", "UTF-8", "UTF-8"),
    ("nothing", [], "no-file", "请选择", "choose"),
    ("two", [("a.bpmn", DIAGRAM), ("b.bpmn", DIAGRAM)], "several-diagrams", "一个", "one diagram"),
    ("many", [("a.form", ASK)] * 70, "too-many-files", "最多", "at most"),
]


@pytest.mark.parametrize(
    ("files", "rule", "zh", "en"),
    [each[1:] for each in REFUSALS],
    ids=[each[0] for each in REFUSALS],
)
def test_a_bad_upload_is_refused_with_its_reason_and_changes_nothing(
    client, in_force, manager, files, rule, zh, en
):
    browser = client(manager)
    for language, word in (("zh", zh), ("en", en)):
        browser.set_cookie("language", language)
        begun = time.monotonic()
        answer = upload(browser, *files)

        assert time.monotonic() - begun < SECONDS
        assert answer.status_code == 422
        assert f"<code>{rule}</code>" in answer.text
        assert word in re.sub(r"&#39;|&#34;", "'", answer.text)
    assert queries.in_force().digest == in_force.digest
    assert db.session.query(AuditEntry).filter_by(actor_id=manager.id).count() == 0


def test_all_that_is_wrong_is_said_at_once(client, in_force, manager):
    answer = upload(client(manager), ("a.bpmn", FORGED_ROLE), ("a.form", UNKNOWN_FIELD))
    assert "<code>unknown-role</code>" in answer.text
    assert "<code>type</code>" in answer.text
    assert "科室主任 (l2)" in answer.text


def test_a_diagram_that_keeps_the_reader_busy_is_given_up(client, in_force, manager, monkeypatch):
    monkeypatch.setattr(isolation.parse_isolated, "__defaults__", (0.001,))
    answer = upload(client(manager), ("a.bpmn", DIAGRAM.replace("查看", "看")))
    assert answer.status_code == 422
    assert "<code>too-much</code>" in answer.text
    assert queries.in_force().digest == in_force.digest


def test_more_than_a_request_may_hold_is_not_even_read(client, in_force, manager):
    answer = upload(client(manager), ("a.bpmn", b" " * 26 * 1024 * 1024))
    assert answer.status_code == 413


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.HOSPITAL_ADMINISTRATOR, Role.APPLICANT])
def test_nobody_else_publishes(client, in_force, role):
    answer = upload(client(make_person(role)), ("a.bpmn", DIAGRAM.replace("查看", "看")))
    assert answer.status_code == 403
    assert queries.in_force().digest == in_force.digest


def test_an_unknown_process_is_not_found(client, in_force, manager):
    browser = client(manager)
    assert browser.get("/processes/%00").status_code == 404
    assert browser.get("/processes/other").status_code == 404
    assert browser.get("/processes/consultation/versions/%00").status_code == 404
    answer = browser.post("/processes/other/versions", data={"files": (io.BytesIO(b""), "a.bpmn")})
    assert answer.status_code == 404


# -- The pages --------------------------------------------------------------------------------


def test_a_version_shows_its_steps_and_gives_its_files_back(client, in_force, manager):
    browser = client(manager)
    address = f"/processes/consultation/versions/{in_force.digest}"

    assert in_force.digest[:12] in browser.get("/processes").text
    assert address in browser.get("/processes/consultation").text
    page = browser.get(address).text
    assert "科室主任" in page
    assert f"{address}/files/decide.form" in page
    assert browser.get(f"/api{address}/diagram").json == {"xml": DIAGRAM, "elements": []}
    assert browser.get(f"{address}/files/consultation.bpmn").text == DIAGRAM
    form = browser.get(f"{address}/files/ask.form")
    assert form.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(form.text) == ASK
    assert browser.get(f"{address}/files/secret.key").status_code == 404


def test_a_reader_sees_no_way_to_publish(client, in_force):
    page = client(make_person(Role.AUDITOR)).get("/processes/consultation")
    assert page.status_code == 200
    assert 'type="file"' not in page.text
