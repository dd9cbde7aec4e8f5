"""Papers of a case: taken by content, cleaned, sealed, and seen by the case's people only."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from app.audit import AuditEntry, Deed
from app.consultations.models import Status
from app.db import db
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.records import actions
from app.records.inspection import inspect
from tests.app.cases import do, make_people, open_case


@pytest.fixture
def people(app):
    return make_people()


@pytest.fixture
def case(people):
    return open_case(people.applicant)


def jpeg(orientation=None, size=(40, 20)):
    image, out = Image.new("RGB", size, "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "Camera of somebody"  # model
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    if orientation:
        exif[0x0112] = orientation
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def png(size=(10, 10)):
    out = io.BytesIO()
    Image.new("RGB", size).save(out, "PNG")
    return out.getvalue()


def pdf(script=False, password=None):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if script:
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {
                NameObject("/S"): NameObject("/JavaScript"),
                NameObject("/JS"): TextStringObject("app.alert('hello')"),
            }
        )
        writer.add_metadata({"/Author": "Somebody"})
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_photo_loses_where_and_how_it_was_taken():
    """ASVS 14.2.8: EXIF, GPS included, does not survive; the picture stands upright."""
    found, cleaned = inspect(jpeg(orientation=6))
    assert (found.media_type, found.width, found.height) == ("image/jpeg", 20, 40)
    with Image.open(io.BytesIO(cleaned)) as image:
        assert not dict(image.getexif())
    assert b"Camera" not in cleaned


def test_a_pdf_loses_scripts_and_authors():
    given = pdf(script=True)
    assert b"/JavaScript" in given
    found, cleaned = inspect(given)
    assert found.pages == 1
    assert b"/JavaScript" not in cleaned
    assert not (PdfReader(io.BytesIO(cleaned)).metadata or {}).get("/Author")


def test_a_paper_is_kept_sealed_and_its_reading_is_noted(people, case):
    """S4-13: reading is a deed too; S4-11: the disk holds no picture."""
    kept = actions.add_record(case.id, people.applicant, jpeg(), "胸片.jpg", "imaging")
    _, data = actions.read_record(kept.id, people.applicant)
    assert data.startswith(b"\xff\xd8\xff")
    deeds = [entry.deed for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert deeds[-2:] == [Deed.RECORD_ADDED, Deed.RECORD_READ]


def test_the_disk_holds_no_picture(people, case, settings):
    actions.add_record(case.id, people.applicant, png(), "单.png", "lab")
    files = [path for path in (settings.folder / "records").rglob("*") if path.is_file()]
    assert files
    assert not any(path.read_bytes().startswith(b"\x89PNG") for path in files)


def test_only_the_people_of_the_case_see_it(people, case):
    kept = actions.add_record(case.id, people.applicant, png(), "单.png", "lab")
    for stranger in (people.stranger, people.invited_affairs, people.experts[0]):
        with pytest.raises(Forbidden):
            actions.read_record(kept.id, stranger)
    assert actions.read_record(kept.id, people.director)


def test_only_the_applicant_adds_and_not_after_the_end(people, case):
    for other in (people.director, people.stranger):
        with pytest.raises(Forbidden):
            actions.add_record(case.id, other, png(), "单.png", "lab")
    case.status = Status.COMPLETED
    db.session.commit()
    with pytest.raises(Conflict):
        actions.add_record(case.id, people.applicant, png(), "单.png", "lab")


def test_a_paper_leaves_only_a_draft(people, case):
    first, second = (
        actions.add_record(case.id, people.applicant, png(), name, "lab") for name in "甲乙"
    )
    actions.remove_record(first.id, people.applicant)
    with pytest.raises(NotFound):
        actions.read_record(first.id, people.applicant)
    do(case, people.applicant, reason="请会诊")
    with pytest.raises(Conflict):
        actions.remove_record(second.id, people.applicant)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"MZ\x90\x00 a program", "kind"),
        (b"<html><script>alert(1)</script>", "kind"),
        (jpeg()[:60], "damaged"),
        (png()[:40], "damaged"),
        (b"%PDF-1.7 nothing more", "damaged"),
        (pdf(password="secret"), "encrypted"),
    ],
)
def test_what_is_no_paper_is_refused_with_a_reason(people, case, data, reason):
    """ASVS 5.2.2: the content decides, not the name."""
    with pytest.raises(Invalid) as refused:
        actions.add_record(case.id, people.applicant, data, "胸片.jpg", "imaging")
    assert refused.value.errors["file"] == actions.REASONS[reason]


def test_a_pixel_flood_is_refused(people, case):
    """ASVS 5.2.6: 900 million pixels in a few kilobytes."""
    bomb = bytearray(png())
    bomb[16:24] = (30_000).to_bytes(4, "big") * 2
    with pytest.raises(Invalid):
        actions.add_record(case.id, people.applicant, bytes(bomb), "大.png", "imaging")


def test_uploading_over_http(people, case, client):
    browser = client(people.applicant)
    answer = browser.post(
        f"/consultations/{case.id}/records",
        data={"file": (io.BytesIO(png()), "化验单.png"), "category": "lab", "next": "/inbox"},
    )
    assert answer.status_code == 302
    listed = browser.get(f"/api/consultations/{case.id}/records").get_json()
    assert [(one["title"], one["kind"], one["width"]) for one in listed] == [
        ("化验单.png", "image", 10)
    ]
    content = browser.get(listed[0]["url"])
    assert content.content_type == "image/png"
    assert content.headers["X-Content-Type-Options"] == "nosniff"
    assert content.headers["Cache-Control"] == "no-store"
    assert client(people.stranger).get(listed[0]["url"]).status_code == 403
