"""Years, months and days on a clock, and which of them have a story.

Whatever a period holds, each question is a step or a few in the index of all stories.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import pgettext_lazy

from articles.models import ListKind, ListRow
from articles.pages.cards import within
from articles.pages.spans import SINCE, UNTIL, Span, of_each


class Scale(Enum):
    """What kinds of period there are: the address of each, and its name in words."""

    YEAR = ("/archive/%Y/", pgettext_lazy("date format", "Y"))
    MONTH = ("/archive/%Y/%m/", pgettext_lazy("date format", "F Y"))
    DAY = ("/archive/%Y/%m/%d/", pgettext_lazy("date format", "j F Y"))


@dataclass(frozen=True)
class Period:
    """A year, month or day: the days from one until another, which is not in it."""

    scale: Scale
    first: date
    after: date
    zone: ZoneInfo  # of the clock

    @property
    def path(self) -> str:
        return self.first.strftime(self.scale.value[0])

    @property
    def words(self) -> str:
        return date_format(self.first, str(self.scale.value[1]))

    @property
    def span(self) -> Span:
        return Span(_midnight(self.first, self.zone), _midnight(self.after, self.zone))

    @property
    def months(self) -> list["Period"]:
        """The twelve months of a year, in their order."""
        return [month_of(self.first.replace(month=number), self.zone) for number in range(1, 13)]

    @property
    def days(self) -> list["Period"]:
        """The days of a month, in their order."""
        count = (self.after - self.first).days
        return [day_of(self.first + timedelta(days=number), self.zone) for number in range(count)]

    def get_absolute_url(self) -> str:
        return self.path


def year_of(day: date, zone: ZoneInfo) -> Period:
    return Period(Scale.YEAR, date(day.year, 1, 1), date(day.year + 1, 1, 1), zone)


def month_of(day: date, zone: ZoneInfo) -> Period:
    first = day.replace(day=1)
    return Period(Scale.MONTH, first, (first + timedelta(days=31)).replace(day=1), zone)


def day_of(day: date, zone: ZoneInfo) -> Period:
    return Period(Scale.DAY, day, day + timedelta(days=1), zone)


def date_typed(year: str, month: str = "1", day: str = "1") -> date:
    """The date that an address says; a month and a day have one digit or two.

    Raises Http404 for anything else. Years are 1000 to 9998: every day has one after it.
    """
    if re.fullmatch(r"[1-9]\d{3} \d\d? \d\d?", f"{year} {month} {day}", re.ASCII) and year < "9999":
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            pass
    raise Http404("No such day.")


@dataclass(frozen=True)
class Edges:
    """When stories that are public were first published; None: there is no such story."""

    oldest: datetime | None
    newest: datetime | None
    before: datetime | None  # the last one before a period
    after: datetime | None  # the first one after it


def edges(period: Period, t: datetime) -> Edges:
    """The ends of the whole archive at t and the nearest stories around a period, in one query."""
    standing = ListRow.objects.at(t)
    before, after = ListRow.objects.before(SINCE, t), standing.filter(first_published_at__gte=UNTIL)
    found = of_each(
        [period.span],
        [
            standing.of(ListKind.ALL).reverse().values("first_published_at"),
            standing.of(ListKind.ALL).values("first_published_at"),
            before.of(ListKind.ALL).values("first_published_at"),
            after.of(ListKind.ALL).reverse().values("first_published_at"),
        ],
    )
    return Edges(*found[0])


def years(ends: Edges, zone: ZoneInfo) -> list[Period]:
    """Every year from the oldest story's to the newest's, the newest first."""
    if ends.oldest is None or ends.newest is None:
        return []
    first, last = (moment.astimezone(zone).year for moment in (ends.oldest, ends.newest))
    return [year_of(date(year, 1, 1), zone) for year in range(last, first - 1, -1)]


def newest_of_each(periods: Sequence[Period], t: datetime, *, most: int) -> list[list[int]]:
    """The newest stories (ids) of each period that are public at t, `most` of each, in order."""
    stories = within(SINCE, UNTIL, t).values("story")
    found = of_each([period.span for period in periods], [stories[n:] for n in range(most)])
    return [[story for story in ids if story] for ids in found]


def with_a_story(periods: Sequence[Period], t: datetime) -> list[Period]:
    """Those of the periods in which a story was first published that is public at t."""
    ids = newest_of_each(periods, t, most=1)
    return [period for period, found in zip(periods, ids, strict=True) if found]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    # Where clocks go forward over midnight it is the moment at which they do (fold=0: as they
    # stood before), and where they show it twice the first of both.
    return datetime.combine(day, time(), zone).astimezone(UTC)
