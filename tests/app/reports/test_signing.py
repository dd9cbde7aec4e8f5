"""A signature covers all that a report says, and who signed it when (E-4, S4-30)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.reports import signing
from app.reports.models import Report

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def report(app):
    found = Report(
        consultation_id=1,
        number=1,
        content={"analysis": "甲", "diagnosis": "乙", "plan": "丙"},
        author_id=2,
        written_at=AT,
        signed_by_id=3,
        signed_at=AT,
    )
    found.signature = signing.sign(found)
    return found


def test_a_signed_report_is_genuine_in_any_zone(report):
    assert signing.is_genuine(report)
    report.signed_at = AT.astimezone(timezone(timedelta(hours=8)))
    assert signing.is_genuine(report)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", {"analysis": "甲", "diagnosis": "乙", "plan": "丁"}),
        ("signed_by_id", 4),
        ("signed_at", AT + timedelta(seconds=1)),
        ("number", 2),
        ("consultation_id", 9),
        ("signature", None),
    ],
)
def test_whatever_is_altered_shows(report, field, value):
    setattr(report, field, value)
    assert not signing.is_genuine(report)
