"""The engine refuses what is not, byte for byte, what was signed (O-4)."""

import base64
import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import text

from app.audit import AuditEntry, Deed
from app.config import SIGNING
from app.consultations.models import Consultation
from app.db import db
from app.processes import queries, signing
from app.processes.actions import publish, sign_unsigned
from app.processes.models import Publication
from app.signing import SIGNERS
from bpmn import parser
from bpmn.bundle import Bundle
from tests.app.cases import do, make_people, open_case
from tests.app.diagrams import DIAGRAM, small_bundle
from tests.bpmn.test_dmn import definitions, table

NOTICE = {"overdue": {"zh": {"title": "超时了"}, "en": {"title": "Overdue"}}}


@pytest.fixture
def people(app):
    return make_people()


@pytest.fixture
def case(people):
    xml = definitions(table("UNIQUE", ["1"], [("-", "1")]))
    return open_case(people.applicant, Bundle(DIAGRAM, small_bundle().forms, {"d": xml}, NOTICE))


def forget():
    """As a process that has just started."""
    queries.definition.cache_clear()
    queries.notices.cache_clear()
    parser._kept.clear()


def alter(statement):
    if db.engine.dialect.name == "postgresql":
        statement = re.sub(r"= (replace\(CAST.*)", r"= CAST(\1 AS JSON)", statement)
    assert db.session.execute(text(statement)).rowcount == 1
    db.session.commit()
    db.session.expire_all()
    forget()


def _in_json(column, old, new):
    text_of = f"replace(CAST({column} AS TEXT), '{old}', '{new}')"
    return f"UPDATE process_versions SET {column} = {text_of}"


def _with_signature(value):
    return f"UPDATE publications SET signature = '{value}'"


ONE_BYTE = {
    "diagram": "UPDATE process_versions SET diagram = replace(diagram, '查看', '查阅')",
    "forms": _in_json("forms", "f_reason", "f_reasom"),
    "decisions": _in_json("decisions", "UNIQUE", "UNIQUF"),
    "notices": _in_json("notices", "Overdue", "Overdua"),
    "its number": "UPDATE publications SET number = 7",
    "who signed": "UPDATE publications SET published_by_id = proposed_by_id, note = 'x'",
    "no signature": "UPDATE publications SET signature = '{}'",
    "another": _with_signature('{"algorithm": "ed25519", "value": "AAAA"}'),
    "by nothing": _with_signature('{"algorithm": "none", "value": ""}'),
}


@pytest.mark.parametrize("statement", ONE_BYTE.values(), ids=ONE_BYTE)
def test_one_altered_byte_keeps_cases_from_starting_and_is_noted(client, people, case, statement):
    alter(statement)

    answer = client(people.applicant).post("/consultations")

    assert answer.status_code == 409
    assert "与签名不符" in answer.text
    assert db.session.query(Consultation).count() == 1
    noted = db.session.query(AuditEntry).filter_by(deed=Deed.PROCESS_TAMPERED).one()
    assert noted.actor_id == people.applicant.id
    assert noted.details["version"] == case.instance.digest


def test_a_case_under_way_does_not_go_on_by_what_was_altered(client, people, case):
    alter(ONE_BYTE["diagram"])
    with pytest.raises(queries.Tampered):
        do(case, people.applicant, reason="请会诊")


def test_notices_fall_back_to_the_words_that_ship(case):
    digest = case.instance.digest
    assert queries.notices(digest) == NOTICE
    alter(ONE_BYTE["notices"])
    assert queries.notices(digest) == {}


def test_an_older_version_cannot_be_put_in_force_behind_the_managers_backs(client, people, case):
    publish(None, "consultation", "会诊", small_bundle())
    alter(
        "INSERT INTO publications (process_id, number, digest, note, scenarios, published_at,"
        " signature) SELECT process_id, 3, digest, note, scenarios, published_at, signature"
        " FROM publications WHERE number = 1"
    )
    assert client(people.applicant).post("/consultations").status_code == 409


def test_publishing_it_once_more_mends_what_was_altered(client, people, case):
    alter(ONE_BYTE["diagram"])
    held = db.session.query(Publication).one()
    bundle = Bundle(DIAGRAM, held.version.forms, held.version.decisions, held.version.notices)
    publish(None, "consultation", "会诊", bundle)
    assert client(people.applicant).post("/consultations").status_code == 302


def test_the_public_key_proves_a_signature_without_the_product(case):
    publication = db.session.query(Publication).one()
    value = base64.b64decode(publication.signature["value"])
    key = load_pem_public_key(signing.public_key().encode())
    key.verify(value, signing.statement(publication))  # raises unless it is genuine


def test_what_was_published_before_there_were_signatures_is_signed_once(client, people, case):
    alter(ONE_BYTE["no signature"])
    assert [one.number for one in sign_unsigned()] == [1]
    assert sign_unsigned() == []
    assert client(people.applicant).post("/consultations").status_code == 302


@pytest.fixture
def by_sm2(app, settings):
    app.config["SETTINGS"] = replace(settings, signing="sm2")
    yield
    app.config["SETTINGS"] = settings


def test_sm2_can_be_chosen_and_what_was_signed_before_stays_genuine(client, people, case, by_sm2):
    changed = replace(small_bundle(), process=DIAGRAM.replace("查看", "另看"))
    publish(None, "consultation", "会诊", changed)

    old, new = db.session.query(Publication).order_by(Publication.number)
    assert (old.signature["algorithm"], new.signature["algorithm"]) == ("ed25519", "sm2")
    assert signing.is_genuine(old)
    assert signing.is_genuine(new)
    assert client(people.applicant).post("/consultations").status_code == 302

    new.note = "另一个理由"
    assert not signing.is_genuine(new)


@pytest.mark.parametrize("algorithm", SIGNING)
def test_a_signer_knows_its_own_signature_and_no_other(algorithm):
    signer, other = (SIGNERS[algorithm](seed * 32) for seed in (b"a", b"b"))
    signature = signer.sign(b"message")
    assert signer.is_genuine(signature, b"message")
    assert not signer.is_genuine(signature, b"massage")
    assert not signer.is_genuine(signature[:-1] + b"\x00", b"message")
    assert not signer.is_genuine(b"", b"message")
    assert not signer.is_genuine(b"\xff" * 70, b"message")
    assert not other.is_genuine(signature, b"message")
    assert other.public_key() != signer.public_key()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to compare with")
def test_openssl_proves_an_sm2_signature(tmp_path):
    signer = SIGNERS["sm2"](b"a" * 32)
    (tmp_path / "key.pem").write_text(signer.public_key())
    (tmp_path / "said").write_bytes("会诊".encode())
    (tmp_path / "signature").write_bytes(signer.sign("会诊".encode()))
    words = "pkeyutl -verify -pubin -inkey key.pem -rawin -digest sm3 -in said -sigfile signature"
    identity = ["-pkeyopt", "distid:1234567812345678"]
    done = subprocess.run(
        ["openssl", *words.split(), *identity], cwd=tmp_path, capture_output=True, text=True
    )
    assert "Verified Successfully" in done.stdout, done.stderr


def test_every_algorithm_of_the_settings_can_sign():
    assert set(SIGNING) == set(SIGNERS)
