"""Everything hostile that was tried on the foundation, through the studio: files and content are
refused or judged in words, soon, and nothing that is in force is touched."""

import json
import time

import pytest

from app.db import db
from app.processes import queries
from app.studio.models import Draft, Proposal
from bpmn import isolation
from tests.app.diagrams import ASK, DIAGRAM
from tests.app.studio.managers import URL, make_manager, propose, publish_small, save, take_files
from tests.bpmn.test_dmn import definitions, table

SECONDS = isolation.SECONDS + 5  # the longest that any refusal may take


@pytest.fixture
def in_force(app):
    return publish_small()


@pytest.fixture
def li(client, in_force):
    return client(make_manager("李敏"))


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

BAD_FILES = [
    # what, files, rule, a word of the reason in Chinese, in English
    ("10 MB", [("a.bpmn", DIAGRAM + " " * 10_000_000)], "file-too-large", "超过", "is over"),
    ("no JSON", [("a.form", "{")], "form-json", "JSON", "JSON"),
    ("deep JSON", [("a.form", DEEP)], "form-json", "太深", "too deep"),
    ("nested JSON", [("a.form", NESTED)], "form-json", "太深", "too deep"),
    ("path", [("a.form", {**ASK, "id": "../../x"})], "file-id", "标识", "its id"),
    ("entities in a decision", [("a.dmn", ENTITIES)], "bad-decision", "文档类型", "document type"),
    ("program", [("a.exe", b"MZ\x90\x00")], "file-kind", "只接受", "only"),
    ("latin", [("a.bpmn", "é".encode("latin-1"))], "file-encoding", "UTF-8", "UTF-8"),
    ("nothing", [], "no-file", "请选择", "choose"),
    ("two", [("a.bpmn", DIAGRAM), ("b.bpmn", DIAGRAM)], "several-diagrams", "一个", "one diagram"),
    ("many", [("a.form", ASK)] * 70, "too-many-files", "最多", "at most"),
]
FORM = "forms/ask"
BAD_CONTENT = [
    # what, where it stands, the content, rule, a word of the reason in Chinese, in English
    ("python", "diagram", PYTHON, "not-feel", "不是 FEEL", "no FEEL"),
    ("as FEEL", "diagram", PYTHON_SAID_TO_BE_FEEL, "bad-feel", "不是有效的", "is not"),
    ("entities", "diagram", ENTITIES, "xml-doctype", "实体", "entities"),
    ("hangs", "diagram", HANGS, "unsupported-dataObject", "数据对象", "data objects"),
    ("forged role", "diagram", FORGED_ROLE, "unknown-role", "superuser", "superuser"),
    ("computed role", "diagram", COMPUTED_ROLE, "unknown-role", "=applicant", "=applicant"),
    ("template", "diagram", OTHER_TEMPLATE, "input-choice", "you-have-won", "you-have-won"),
    ("account", "diagram", ACCOUNT_TEMPLATE, "input-choice", "profile-refused", "cannot be"),
    ("audience", "diagram", OTHER_AUDIENCE, "input-choice", "the press", "the press"),
    ("no XML", "diagram", "<bpmn", "xml-syntax", "XML", "XML"),
    ("nothing", "diagram", "", "xml-syntax", "XML", "XML"),
    ("routing field", FORM, ROUTING, "form-routes", "由系统给出", "the system gives"),
    ("typename", FORM, TYPENAME, "reserved-name", "保留", "reserved"),
    ("unknown field", FORM, UNKNOWN_FIELD, "type", "iframe", "iframe"),
    ("no form", FORM, {"id": "ask"}, "shape", "不是 form-js 表单", "no form of form-js"),
    ("decision", "decisions/a", BAD_DECISION, "bad-decision", "有误", "is faulty"),
    ("bomb", "decisions/a", ENTITIES, "bad-decision", "文档类型", "document type"),
]


@pytest.mark.parametrize(
    ("files", "rule", "zh", "en"), [one[1:] for one in BAD_FILES], ids=[one[0] for one in BAD_FILES]
)
def test_bad_files_are_refused_with_their_reason_and_change_nothing(
    li, in_force, files, rule, zh, en
):
    before = li.get(URL).json["content"]
    for language, word in (("zh", zh), ("en", en)):
        li.set_cookie("language", language)
        begun = time.monotonic()
        answer = take_files(li, *files)

        assert time.monotonic() - begun < SECONDS
        assert answer.status_code == 422
        assert rule in [one["rule"] for one in answer.json["findings"]]
        assert any(word in one["text"] for one in answer.json["findings"])
    assert li.get(URL).json["content"] == before


@pytest.mark.parametrize(
    ("where", "given", "rule", "zh", "en"),
    [one[1:] for one in BAD_CONTENT],
    ids=[one[0] for one in BAD_CONTENT],
)
def test_bad_content_is_told_by_the_checks_and_never_gets_to_a_colleague(
    li, in_force, where, given, rule, zh, en
):
    member, _slash, key = where.partition("/")
    before = li.get(URL).json["content"]
    part = {member: {**before[member], key: given} if key else given}
    for language, word in (("zh", zh), ("en", en)):
        li.set_cookie("language", language)
        begun = time.monotonic()
        found = li.post(f"{URL}/checks", json={"content": {**before, **part}}).json["findings"]

        assert time.monotonic() - begun < SECONDS
        assert rule in [one["rule"] for one in found]
        assert any(word in one["text"] for one in found)

    assert save(li, **part).status_code == 200  # a draft may be wrong
    refused = propose(li)
    assert refused.status_code == 422
    assert rule in [one["rule"] for one in refused.json["findings"]]
    assert db.session.query(Proposal).count() == 0
    assert queries.in_force().digest == in_force.digest


def test_a_diagram_that_keeps_the_reader_busy_is_given_up(li, in_force, monkeypatch):
    monkeypatch.setattr(isolation.parse_isolated, "__defaults__", (0.001,))
    save(li, diagram=DIAGRAM.replace("查看", "看"))
    refused = propose(li)
    assert refused.status_code == 422
    assert [one["rule"] for one in refused.json["findings"]] == ["too-much"]
    assert queries.in_force().digest == in_force.digest


def test_more_than_a_request_may_hold_is_not_even_read(li):
    answer = take_files(li, ("a.bpmn", b" " * 26 * 1024 * 1024))
    assert answer.status_code == 413
    assert db.session.query(Draft).count() == 0


def test_a_draft_that_somebody_holds_takes_no_files(client, li, in_force):
    li.post(f"{URL}/lock")
    other = client(make_manager("王强"))
    answer = take_files(other, ("a.bpmn", DIAGRAM.replace("查看", "看")))
    assert answer.status_code == 409
    assert "李敏" in answer.json["message"]


def test_the_page_of_files_says_what_is_wrong(li):
    address = "/studio/consultation/import"
    answer = li.post(address, data={})
    assert answer.status_code == 422
    assert "<code>no-file</code>" in answer.text
    assert 'type="file"' in li.get(address).text
