"""Dates, times and durations: making them (10.3.4.1), asking them (10.3.4.8), and the clock."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bpmn.feel.functions.signature import builtin
from bpmn.feel.run import Failure, Run
from bpmn.feel.temporal import (
    offset,
    parse_date,
    parse_date_and_time,
    parse_duration,
    parse_time,
)
from bpmn.feel.values import Value, YearsMonths

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@builtin("now()")
def now(run: Run) -> datetime:
    return run.now()


@builtin("today()")
def today(run: Run) -> date:
    return run.now().date()


@builtin("date(from: string)")
def date_from_text(text: str) -> date:
    return parse_date(text)


@builtin("date(from: date | date and time)")
def date_of(value: Value) -> date:
    return value.date() if type(value) is datetime else value


@builtin("date(year: number, month: number, day: number)")
def date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> date:
    return date(_whole(year), _whole(month), _whole(day))


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value() or abs(value) > 9999:
        raise Failure("年、月、日、时、分须为整数", "parts of a date or time must be whole")
    return int(value)


@builtin("time(from: string)")
def time_from_text(text: str) -> time:
    return parse_time(text.removeprefix("T"))


@builtin("time(from: time | date and time | date)")
def time_of(value: Value) -> time:
    if type(value) is datetime:
        return value.timetz()
    return parse_time("00:00:00Z") if type(value) is date else value


@builtin(
    "time(hour: number, minute: number, second: number, offset?: days and time duration | null)"
)
def time_of_parts(
    hour: Decimal, minute: Decimal, second: Decimal, shift: timedelta | None = None
) -> time:
    if not 0 <= second < 60:
        raise Failure("秒须在 0 与 60 之间", "the seconds must lie between 0 and 60")
    micro = int(second % 1 * 1_000_000)
    zone = None if shift is None else offset(shift)
    return time(_whole(hour), _whole(minute), int(second), micro, zone)


@builtin("date and time(from: string)")
def date_and_time_from_text(text: str) -> datetime:
    return parse_date_and_time(text)


@builtin("date and time(from: date and time)")
def date_and_time_itself(value: datetime) -> datetime:
    return value


@builtin("date and time(date: date | date and time, time: time)")
def date_and_time(day: Value, clock: time) -> datetime:
    return datetime.combine(date_of(day), clock)


@builtin("duration(from: string)")
def duration(text: str) -> Value:
    return parse_duration(text)


@builtin("duration(from: days and time duration | years and months duration)")
def duration_itself(value: Value) -> Value:
    return value


@builtin("years and months duration(from: date | date and time, to: date | date and time)")
def years_and_months_duration(start: Value, end: Value) -> YearsMonths:
    """Whole months that lie between two days."""
    first, last = sorted((date_of(start), date_of(end)))
    months = (last.year - first.year) * 12 + last.month - first.month
    months -= last.day < first.day
    return YearsMonths(months if first == date_of(start) else -months)


@builtin("day of year(date: date | date and time)")
def day_of_year(day: Value) -> Decimal:
    return Decimal(day.timetuple().tm_yday)


@builtin("day of week(date: date | date and time)")
def day_of_week(day: Value) -> str:
    return _DAYS[day.weekday()]


@builtin("month of year(date: date | date and time)")
def month_of_year(day: Value) -> str:
    return _MONTHS[day.month - 1]


@builtin("week of year(date: date | date and time)")
def week_of_year(day: Value) -> Decimal:
    """The week of ISO 8601."""
    return Decimal(day.isocalendar().week)
