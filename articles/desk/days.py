"""The newsroom's days, weeks and months: where each begins, and how an address names it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import get_format

DAY = timedelta(days=1)
FIRST, LAST = date(1800, 1, 1), date(2999, 12, 31)  # days that a page is shown for


def first_weekday() -> int:
    """The day on which a week begins here, as date.weekday() counts: 0 is Monday."""
    # Django counts from Sunday.
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def begins(day: date, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which a day begins in a zone.

    Where the clocks skip midnight, that at which they go forward.
    """
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def week_of(day: date) -> list[date]:
    """The seven days of the week that a day is in."""
    first = day - (day.weekday() - first_weekday()) % 7 * DAY
    return [first + n * DAY for n in range(7)]


def weeks_of_month(day: date) -> list[list[date]]:
    """The weeks that a day's month touches, with the days of its neighbours in them."""
    first = day.replace(day=1)
    found = [week_of(first)]
    while (following := found[-1][-1] + DAY).month == first.month:
        found.append(week_of(following))
    return found


def month_name(day: date) -> str:
    """What an address calls a day's month: “2026-11”."""
    return f"{day:%Y-%m}"


def week_name(day: date) -> str:
    """What an address calls a day's week: “2026-W48”, as ISO 8601 names that of its Thursday."""
    thursday = next(one for one in week_of(day) if one.weekday() == 3)
    year, week, _day = thursday.isocalendar()
    return f"{year}-W{week:02}"


def read_month(typed: str) -> date | None:
    """The first day of a month that an address names; None for no month."""
    return _read(r"([0-9]{4})-([0-9]{2})", typed, lambda year, month: date(year, month, 1))


def read_week(typed: str) -> date | None:
    """The Thursday of a week that an address names; None for no week."""
    return _read(
        r"([0-9]{4})-W([0-9]{2})", typed, lambda year, week: date.fromisocalendar(year, week, 4)
    )


def read_day(typed: str) -> date | None:
    """The day that an address names: “2026-11-24”; None for no day."""
    return _read(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", typed, date)


def _read(pattern: str, typed: str, made: Callable[..., date]) -> date | None:
    found = re.fullmatch(pattern, typed)
    if not found:
        return None
    try:
        day = made(*map(int, found.groups()))
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
