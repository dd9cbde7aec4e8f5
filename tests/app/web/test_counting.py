"""Rate limits of one process."""

import pytest

from app.web import counting
from app.web.counting import SWEEP_EVERY, Counts


@pytest.fixture
def moment(monkeypatch):
    held = [1000.0]
    monkeypatch.setattr(counting, "time", lambda: held[0])
    return held


def test_each_key_is_counted_until_its_window_ends(moment):
    counts = Counts()

    assert [counts.incr("a", 60), counts.incr("a", 60), counts.incr("b", 60, 3)] == [1, 2, 3]
    assert (counts.get("a"), counts.get_expiry("a")) == (2, 1060)
    moment[0] += 59
    assert counts.incr("a", 60) == 3  # which does not make the window longer
    moment[0] += 1
    assert (counts.get("a"), counts.get_expiry("a")) == (0, 1060)
    assert (counts.incr("a", 60), counts.get_expiry("a")) == (1, 1120)


def test_counts_can_be_forgotten(moment):
    counts = Counts()
    counts.incr("a", 60)
    counts.incr("b", 60)

    counts.clear("a")
    assert (counts.get("a"), counts.get("b")) == (0, 1)
    assert (counts.reset(), counts.get("b")) == (1, 0)


def test_who_stays_away_takes_no_room(moment):
    counts = Counts()
    for number in range(SWEEP_EVERY - 1):
        counts.incr(str(number), 60)
    moment[0] += 60

    counts.incr("late", 60)

    assert len(counts._held) == 1
