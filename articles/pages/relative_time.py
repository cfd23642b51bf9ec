"""How long ago: the one rule for relative times, and when its words next change.

Under 1 minute “just now”; then minutes to 59, hours to 23, days to 6, all rounded down; older,
the date in the newsroom's zone. A moment in the future is its date and time, never “ago”.
static/site/labels.js keeps the same rule in an open tab.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Label(NamedTuple):
    """The words for a moment, and the moment (UTC) at which they next change; None: never."""

    words: str
    until: datetime | None


@dataclass(frozen=True)
class _Unit:
    name: str
    length: timedelta
    most: int  # so many at most, then the next unit


_UNITS = (_Unit("minute", _MINUTE, 59), _Unit("hour", _HOUR, 23), _Unit("day", _DAY, 6))


def relative_time(then: datetime, now: datetime, zone: ZoneInfo) -> Label:
    """Return the label of a moment as it reads at another; both aware."""
    age = now - then
    if age < timedelta(0):
        return Label(exact_time(then, zone), then)
    if age < _MINUTE:
        return Label(gettext("just now"), then + _MINUTE)
    for unit in _UNITS:
        count = age // unit.length
        if count <= unit.most:
            return Label(_ago(unit.name, count), then + (count + 1) * unit.length)
    return Label(date(then, zone), None)


def date(then: datetime, zone: ZoneInfo) -> str:
    """Return the date of a moment in the zone, as “19 Jun 2024”."""
    return date_format(then.astimezone(zone), pgettext("date format", "j M Y"))


def exact_time(then: datetime, zone: ZoneInfo) -> str:
    """Return the exact moment in the zone, as “19 June 2024, 09:30”."""
    return date_format(then.astimezone(zone), pgettext("date format", "j F Y, H:i"))


def words_for_script() -> str:
    """Return the language's words as JSON for labels.js.

    {"now": …, "minute": [templates, form of 1, form of 2, …], …}: the templates hold “%d”, and
    the forms say which one a number takes, so that a script needs no plural rule of its own.
    """
    return _words_for_script(get_language() or "")


@lru_cache(maxsize=8)
def _words_for_script(_language: str) -> str:
    words: dict[str, object] = {"now": gettext("just now")}
    for unit in _UNITS:
        said = [_template(unit.name, number) for number in range(1, unit.most + 1)]
        templates = list(dict.fromkeys(said))
        words[unit.name] = [templates, "".join(str(templates.index(text)) for text in said)]
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def _ago(unit: str, count: int) -> str:
    return _template(unit, count).replace("%d", str(count))


def _template(unit: str, count: int) -> str:
    if unit == "minute":
        return ngettext("%d minute ago", "%d minutes ago", count)
    if unit == "hour":
        return ngettext("%d hour ago", "%d hours ago", count)
    return ngettext("%d day ago", "%d days ago", count)
