"""A process goes out as one file and comes back byte for byte; what is not whole does not."""

import hashlib
import io
import json
import zipfile

import pytest

from app.permissions import Role
from app.processes import queries as processes
from app.processes.actions import publish
from app.studio.content import LARGEST
from bpmn import shipped
from bpmn.bundle import Bundle
from tests.app.diagrams import DIAGRAM, small_bundle
from tests.app.studio.managers import (
    RENAMED,
    URL,
    make_manager,
    propose_change,
    publish_small,
    save,
    take_files,
)
from tests.bpmn.test_dmn import definitions, table
from tests.makers import make_person

# As another tool writes it: its own namespace, colours, comments, odd spacing and order.
FOREIGN = (
    DIAGRAM.replace(
        '<bpmn:userTask id="look" name="查看"/>',
        """<bpmn:userTask   name='查看' id="look"><!-- drawn elsewhere -->
    <bpmn:extensionElements><other:cost xmlns:other="urn:other-tool" currency="CNY">12</other:cost>
    </bpmn:extensionElements></bpmn:userTask>""",
    ).replace("\n", "\r\n")
    + "\r\n<!-- end -->\n"
)


@pytest.fixture
def in_force(app):
    return publish_small()


@pytest.fixture
def li(client, in_force):
    return client(make_manager("李敏"))


def pack(li, **query):
    answer = li.get("/studio/consultation/pack", query_string=query)
    assert answer.status_code == 200
    return answer.data


def opened(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def closed(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return out.getvalue()


def listed(files, **changes):
    """The files with a manifest that tells the truth about them."""
    manifest = json.loads(files["manifest.json"]) | changes
    rest = {name: data for name, data in files.items() if name != "manifest.json"}
    manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in rest.items()}
    return {"manifest.json": json.dumps(manifest), **rest}


def test_a_version_says_what_it_is_and_who_vouches_for_it(li, in_force):
    answer = li.get("/studio/consultation/pack?version=1")
    assert "consultation-1.zip" in answer.headers["Content-Disposition"]
    files = opened(answer.data)
    manifest = json.loads(files["manifest.json"])
    assert (manifest["key"], manifest["name"], manifest["number"]) == (
        "consultation",
        "远程会诊",
        1,
    )
    assert manifest["digest"] == in_force.digest
    assert manifest["signature"] == in_force.publication.signature
    assert manifest["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    assert files["consultation.bpmn"] == DIAGRAM.encode()
    assert set(manifest["files"]) == {"consultation.bpmn", "ask.form", "decide.form"}


def test_the_same_content_makes_the_same_file(li):
    assert pack(li, version=1) == pack(li, version=1)


def test_a_version_that_is_not_there_is_not_found(li):
    assert li.get("/studio/consultation/pack?version=9").status_code == 404


def test_everything_comes_back_from_a_pack(li):
    xml = definitions(table("UNIQUE", ["1"], [("-", "1")]))
    whole = {
        "diagram": FOREIGN,
        "decisions": {"d": xml},
        "notices": {"overdue": {"zh": {"title": "超时了"}}},
        "scenarios": [{"name": "同意", "steps": []}],
    }
    save(li, **whole)
    data = pack(li)
    save(li, diagram="", forms={}, decisions={}, notices={}, scenarios=[])

    answer = take_files(li, ("pack.zip", data))

    assert answer.status_code == 200
    content = li.get(URL).json["content"]
    assert content == {**whole, "forms": dict(small_bundle().forms)}
    assert opened(pack(li))["consultation.bpmn"] == FOREIGN.encode()


def test_a_diagram_of_another_tool_is_never_rewritten(client, li):
    take_files(li, ("drawn.bpmn", FOREIGN))
    second = client(make_manager("王强"))
    second.post(f"{propose_change(li)}/signature")

    assert processes.in_force().diagram == FOREIGN
    assert opened(pack(li, version=2))["consultation.bpmn"] == FOREIGN.encode()
    address = f"/processes/consultation/versions/{processes.in_force().digest}"
    assert li.get(f"{address}/files/consultation.bpmn").data == FOREIGN.encode()


def test_what_ships_goes_into_another_process(li):
    publish(None, "other", "另一个", Bundle(RENAMED, small_bundle().forms))
    bundle = shipped.bundle("consultation")
    save(
        li,
        diagram=bundle.process,
        forms=dict(bundle.forms),
        decisions=dict(bundle.decisions),
    )
    answer = take_files(li, ("pack.zip", pack(li)), url="/api/studio/other")
    assert answer.json["content"]["diagram"] == bundle.process


def test_plain_files_take_the_place_of_those_of_the_same_id(li):
    form = {**small_bundle().forms["ask"], "components": []}
    take_files(li, ("a.bpmn", RENAMED), ("anything.form", form))
    content = li.get(URL).json["content"]
    assert content["diagram"] == RENAMED
    assert content["forms"] == {**small_bundle().forms, "ask": form}


def bad_packs(files):
    changed = {**files, "ask.form": files["ask.form"].replace(b"reason", b"reasom")}
    extra = {**files, "virus.exe": b"MZ"}
    bomb = {**files, "scenarios.json": b" " * (LARGEST + 1)}
    twice = io.BytesIO(closed(files))
    with zipfile.ZipFile(twice, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("ask.form", b"{}")
    without = {name: data for name, data in files.items() if name != "ask.form"}
    return {
        "no zip": (b"PK\x03\x04 nothing", "pack-broken"),
        "cut off": (closed(files)[:-200], "pack-broken"),
        "damaged": (_damaged(closed(files)), "pack-broken"),
        "wrong hash": (closed(changed), "pack-hash"),
        "wrong digest": (closed(listed(changed)), "pack-digest"),
        "foreign file": (closed(extra), "pack-foreign-file"),
        "foreign and listed": (closed(listed(extra)), "pack-foreign-file"),
        "missing file": (closed(without), "pack-missing-file"),
        "traversal": (closed({**files, "../../etc/cron.d/x": b"x"}), "pack-path"),
        "absolute": (closed({**files, "/etc/passwd": b"x"}), "pack-path"),
        "windows": (closed({**files, "..\\x.form": b"{}"}), "pack-path"),
        "folder": (closed({**files, "forms/x.form": b"{}"}), "pack-path"),
        "bomb": (closed(bomb), "pack-too-large"),
        "many": (closed({f"{one}.form": b"{}" for one in range(500)}), "pack-too-large"),
        "twice": (twice.getvalue(), "pack-twice"),
        "no manifest": (closed({"a.bpmn": b"<x/>"}), "pack-manifest"),
        "list": (closed({**files, "manifest.json": "[]"}), "pack-manifest"),
        "other format": (closed(listed(files, format="zip")), "pack-manifest"),
        "deep": (closed({**files, "manifest.json": "[" * 100_000}), "pack-manifest"),
        "latin": (closed(listed({**files, "ask.form": b"\xe9"})), "file-encoding"),
    }


def _damaged(data):
    middle = data.index(b"consultation.bpmn") + 400
    return data[:middle] + bytes([data[middle] ^ 255]) + data[middle + 1 :]


def test_a_pack_that_is_not_whole_is_refused_and_changes_nothing(li):
    before = li.get(URL).json["content"]
    for what, (data, rule) in bad_packs(opened(pack(li))).items():
        answer = take_files(li, ("pack.zip", data))
        assert answer.status_code == 422, what
        assert rule in [one["rule"] for one in answer.json["findings"]], what
    assert li.get(URL).json["content"] == before


def test_a_pack_is_no_way_around_the_shape_of_content(li):
    files = opened(pack(li))
    for name, data in {"ask.form": b"[]", "notices.json": b"[]", "scenarios.json": b"{}"}.items():
        answer = take_files(li, ("pack.zip", closed(listed({**files, name: data}))))
        assert answer.status_code == 422, name


def test_auditors_take_packs_out_and_bring_none_in(client, in_force):
    auditor = client(make_person(Role.AUDITOR))
    assert opened(pack(auditor))["consultation.bpmn"] == DIAGRAM.encode()
    assert take_files(auditor, ("a.bpmn", RENAMED)).status_code == 403
