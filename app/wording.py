"""Times and lengths in words, for pages."""

from datetime import datetime

from flask import Flask
from flask_babel import format_datetime, get_locale, ngettext
from flask_babel import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86400


def init_app(app: Flask) -> None:
    """Give templates the filters `remaining`, `duration`, `moment` and `datetimeformat`."""
    app.jinja_env.filters.update(
        remaining=remaining, duration=duration, moment=moment, datetimeformat=datetimeformat
    )


def remaining(due_at: datetime, now: datetime) -> str:
    """还剩 2 小时, 已逾期 3 天."""
    seconds = int((due_at - now).total_seconds())
    if seconds < 0:
        return str(_("已逾期 %(time)s", time=duration(-seconds)))
    return str(_("还剩 %(time)s", time=duration(seconds)))


def duration(seconds: int) -> str:
    """The largest unit that fits, and for hours the minutes too."""
    if seconds >= DAY:
        return str(ngettext("%(num)s 天", "%(num)s 天", seconds // DAY))
    if seconds >= HOUR:
        return str(ngettext("%(num)s 小时", "%(num)s 小时", seconds // HOUR))
    return str(ngettext("%(num)s 分钟", "%(num)s 分钟", max(1, seconds // MINUTE)))


def datetimeformat(at: datetime, form: str | None = None, rebase: bool = True) -> str:
    """Flask-Babel's filter, but English short times name the month: 11/12 has two meanings."""
    if form == "short" and get_locale().language == "en":
        form = "d MMM y, HH:mm"
    return str(format_datetime(at, form, rebase))


def moment(text: str) -> str:
    """An ISO time from a form, as a person reads it; unreadable text stays as it is."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return text
    return datetimeformat(parsed, "short", rebase=parsed.tzinfo is not None)
