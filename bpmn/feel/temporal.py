"""Dates, times and durations as the standard writes them, and their parts.

Years run from 1 to 9999 and seconds carry microseconds: what Python's own types hold.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from bpmn.feel.values import NUMBERS, Value, YearsMonths

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[\w/+-]{1,64})?", re.ASCII
)
_YEARS_MONTHS = re.compile(r"(-?)P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
_DAYS_TIME = re.compile(
    r"(-?)P(?:(\d{1,12})D)?(?:T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{1,9}))?S)?)?",
    re.ASCII,
)
_MICROSECOND = timedelta(microseconds=1)


def parse_date(text: str) -> date:
    """Raises ValueError, as all readers here."""
    return date(*map(int, _match(_DATE, text)))


def parse_time(text: str) -> time:
    hour, minute, second, fraction, zone = _match(_TIME, text)
    return time(int(hour), int(minute), int(second), _micro(fraction), _zone(zone))


def parse_date_and_time(text: str) -> datetime:
    """A date alone is its midnight."""
    day, divider, clock = text.partition("T")
    return datetime.combine(parse_date(day), parse_time(clock) if divider else time())


def parse_duration(text: str) -> timedelta | YearsMonths:
    if text.endswith(("P", "T")):
        raise ValueError("a duration without a number")
    if match := _YEARS_MONTHS.fullmatch(text):
        sign, years, months = match.groups()
        return YearsMonths(_signed(sign, int(years or 0) * 12 + int(months or 0)))
    sign, days, hours, minutes, seconds, fraction = _match(_DAYS_TIME, text)
    span = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=int(seconds or 0),
        microseconds=_micro(fraction),
    )
    return -span if sign else span


def parse_any(text: str) -> Value:
    """What `@"…"` stands for."""
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if "T" in text:
        return parse_date_and_time(text)
    return parse_time(text) if ":" in text else parse_date(text)


def _match(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError("not written as the standard asks")
    return match.groups()


def _micro(fraction: str | None) -> int:
    return int((fraction or "").ljust(6, "0")[:6])


def _signed(sign: str, value: int) -> int:
    return -value if sign else value


@lru_cache(maxsize=512)
def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text == "Z":
        return UTC
    if text.startswith("@"):
        try:
            return ZoneInfo(text[1:])
        except (OSError, KeyError) as error:  # a folder's name, or no such zone
            raise ValueError("no such time zone") from error
    hours, minutes, *seconds = map(int, text[1:].split(":"))
    if hours > 14 or minutes > 59:
        raise ValueError("no such offset")
    offset = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    return timezone(-offset if text[0] == "-" else offset)


def offset(seconds: timedelta) -> tzinfo:
    """A fixed distance from UTC. Raises ValueError beyond a day."""
    return UTC if not seconds else timezone(seconds)


def write(value: Value) -> str:
    """A temporal value as the standard writes it."""
    return _WRITERS[type(value)](value)


def _write_time(value: time) -> str:
    text = value.replace(microsecond=0, tzinfo=None).isoformat()
    if value.microsecond:
        text += f".{value.microsecond:06}".rstrip("0")
    return text + _write_zone(value.tzinfo, value.utcoffset())


def _write_date_and_time(value: datetime) -> str:
    clock = _write_time(value.time())
    return f"{value.date().isoformat()}T{clock}{_write_zone(value.tzinfo, value.utcoffset())}"


def _write_zone(zone: tzinfo | None, shift: timedelta | None) -> str:
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    if shift is None:
        return ""
    if not shift:
        return "Z"
    total = abs(int(shift.total_seconds()))
    text = f"{'-' if shift < timedelta() else '+'}{total // 3600:02}:{total // 60 % 60:02}"
    return text + (f":{total % 60:02}" if total % 60 else "")


def _write_days_time(value: timedelta) -> str:
    total = abs(value)
    hours, rest = divmod(total.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{total.microseconds:06}".rstrip("0") if total.microseconds else ""
    clock = f"{hours}H" if hours else ""
    clock += f"{minutes}M" if minutes else ""
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    text = (f"{total.days}D" if total.days else "") + (f"T{clock}" if clock else "")
    return ("-" if value < timedelta() else "") + "P" + (text or "T0S")


def _write_years_months(value: YearsMonths) -> str:
    years, months = divmod(abs(value.months), 12)
    text = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value.months < 0 else "") + "P" + (text or "0M")


_WRITERS: dict[type, Callable[[Value], str]] = {
    date: date.isoformat,
    time: _write_time,
    datetime: _write_date_and_time,
    timedelta: _write_days_time,
    YearsMonths: _write_years_months,
}


def seconds(span: timedelta) -> Decimal:
    """Exactly."""
    return NUMBERS.divide(Decimal(span // _MICROSECOND), Decimal(1_000_000))


def span(length: Decimal) -> timedelta:
    """A duration of so many seconds. Raises OverflowError."""
    return timedelta(microseconds=int(NUMBERS.multiply(length, Decimal(1_000_000))))


def midnight(day: date, like: datetime) -> datetime:
    """A date as a date and time, in UTC where it meets one that has an offset."""
    return datetime.combine(day, time(tzinfo=UTC if like.tzinfo else None))


def later(value: datetime, by: timedelta) -> datetime:
    """Real time passes, also across a change of the clocks."""
    if value.tzinfo is None:
        return value + by
    return (value.astimezone(UTC) + by).astimezone(value.tzinfo)


def months_later(value: date, months: int) -> date:
    """The same day of a later month, or its last day. Works for dates with times too."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("beyond the calendar")
    last = monthrange(year, month + 1)[1]
    return value.replace(year=year, month=month + 1, day=min(value.day, last))


def _part(name: str) -> Callable[[Value], Value]:
    return lambda value: Decimal(getattr(value, name))


def _time_offset(value: time | datetime) -> timedelta | None:
    return value.utcoffset()


def _timezone(value: time | datetime) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _truncated(unit: timedelta, of: timedelta | None = None) -> Callable[[timedelta], Decimal]:
    """So many whole units, counted within a larger unit, with the duration's sign."""

    def count(value: timedelta) -> Decimal:
        whole = abs(value) % of if of else abs(value)
        return Decimal(whole // unit if value >= timedelta() else -(whole // unit))

    return count


def _signed_divmod(value: YearsMonths, years: bool) -> Decimal:
    whole = divmod(abs(value.months), 12)[0 if years else 1]
    return Decimal(whole if value.months >= 0 else -whole)


_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)

_DATE_PARTS: dict[str, Callable[[Value], Value]] = {
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "weekday": lambda value: Decimal(value.isoweekday()),
}
_TIME_PARTS: dict[str, Callable[[Value], Value]] = {
    "hour": _part("hour"),
    "minute": _part("minute"),
    "second": lambda value: Decimal(value.second) + Decimal(value.microsecond) / 1_000_000,
    "time offset": _time_offset,
    "timezone": _timezone,
}

# What may stand after a dot.
PARTS: dict[type, dict[str, Callable[[Value], Value]]] = {
    date: _DATE_PARTS,
    time: _TIME_PARTS,
    datetime: _DATE_PARTS | _TIME_PARTS,
    timedelta: {
        "days": _truncated(_DAY),
        "hours": _truncated(_HOUR, _DAY),
        "minutes": _truncated(_MINUTE, _HOUR),
        "seconds": lambda value: NUMBERS.remainder(seconds(value), Decimal(60)),
    },
    YearsMonths: {
        "years": lambda value: _signed_divmod(value, years=True),
        "months": lambda value: _signed_divmod(value, years=False),
    },
}
