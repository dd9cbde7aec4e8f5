"""When a timer is due: ISO 8601 and FEEL values as moments and repetitions. Reads no clock."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

_DURATION = re.compile(
    r"P(?=[\dT])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)


class NotATime(ValueError):
    """A timer's text or value that names no moment."""


@dataclass(frozen=True)
class Duration:
    """Months follow the calendar, the rest does not."""

    months: int
    rest: timedelta

    def after(self, start: datetime, times: int = 1) -> datetime:
        """So often the duration later. The 31st plus a month is the last of the next month."""
        try:
            count = start.year * 12 + start.month - 1 + self.months * times
            year, month = divmod(count, 12)
            day = min(start.day, monthrange(year, month + 1)[1])
            return start.replace(year=year, month=month + 1, day=day) + self.rest * times
        except (ValueError, OverflowError) as error:
            raise NotATime("out of the calendar") from error


@dataclass(frozen=True)
class Cycle:
    """Repetitions: the first moment, the time between, and how many (None: without end)."""

    first: datetime
    every: Duration
    count: int | None


def duration(value: Any) -> Duration:
    """A duration from ISO text or FEEL's durations. Raises NotATime."""
    if isinstance(value, timedelta):
        return Duration(0, value)
    if (months := getattr(value, "months", None)) is not None:
        return Duration(int(months), timedelta())
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise NotATime(f"{value!r} is no duration")
    years, months, weeks, days, hours, minutes = (int(one or 0) for one in match.groups()[:6])
    try:
        rest = timedelta(days, float(match[7] or 0), 0, 0, minutes, hours, weeks)
    except OverflowError as error:
        raise NotATime("out of the calendar") from error
    return Duration(years * 12 + months, rest)


def moment(value: Any, now: datetime) -> datetime:
    """An aware moment from a date, date-time, duration from now, or ISO text of one of them.

    What names no zone is in the zone of `now`; a date alone is its midnight. Raises NotATime.
    """
    if isinstance(value, str):
        value = _read(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=now.tzinfo)
    if isinstance(value, date):
        return datetime.combine(value, time(), now.tzinfo)
    return duration(value).after(now)


def cycle(value: Any, now: datetime) -> Cycle:
    """Repetitions from ISO text (R3/PT1H, R/2026-01-01T08:00:00Z/P1D) or a FEEL duration."""
    if not isinstance(value, str):
        every = _every(value, now)
        return Cycle(every.after(now), every, None)
    head, _, rest = value.partition("/")
    if not re.fullmatch(r"R\d*", head) or not rest:
        raise NotATime(f"{value!r} is no repetition")
    count = int(head[1:]) if head[1:] else None
    start, divider, length = rest.rpartition("/")
    every = _every(length, now)
    return Cycle(moment(start, now) if divider else every.after(now), every, count)


def _every(value: Any, now: datetime) -> Duration:
    every = duration(value)
    if every.after(now) <= now:
        raise NotATime("repeats without time between")
    return every


def _read(text: str) -> datetime | date | Duration | str:
    if text.startswith("P"):
        return text
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError as error:
        raise NotATime(f"{text!r} is no date") from error
