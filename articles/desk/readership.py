"""How often a story was read, hour by hour and day by day; and when hours become days.

The figures are a story's, for whoever may open it. Hours and days are the newsroom's own.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet, Sum

from articles import reads
from articles.desk import days
from articles.models import ReadsADay, ReadsAnHour
from articles.moments import newsroom_zone

HOURS, DAYS = 24, 30  # the last ones, today's among them; days before are kept as days only
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Readership:
    """A story's reads; hours (their beginnings, in the newsroom's zone) and days, oldest first."""

    hours: tuple[datetime, ...]
    by_hour: tuple[int, ...]
    days: tuple[date, ...]
    by_day: tuple[int, ...]
    total: int  # since it was first read


def of_story(story: int, t: datetime) -> Readership:
    """Return how often a story (its id) was read until t: three short queries by its index."""
    zone = newsroom_zone()
    today = t.astimezone(zone).date()
    shown = tuple(today - n * days.DAY for n in reversed(range(DAYS)))
    hours = tuple(reads.hour_of(t) - n * _HOUR for n in reversed(range(HOURS)))
    since = days.begins(shown[0], zone)
    rows = ReadsAnHour.objects.filter(story=story)
    by_hour: Counter[datetime] = Counter()
    by_day: Counter[date] = Counter()
    for hour, count in rows.filter(hour__gte=since, hour__lte=t).values_list("hour", "count"):
        by_hour[hour] += count
        by_day[hour.astimezone(zone).date()] += count
    before = _sum(rows.filter(hour__lt=since)) + _sum(ReadsADay.objects.filter(story=story))
    return Readership(
        hours=tuple(hour.astimezone(zone) for hour in hours),
        by_hour=tuple(by_hour[hour] for hour in hours),
        days=shown,
        by_day=tuple(by_day[day] for day in shown),
        total=before + by_day.total(),
    )


def _sum(rows: QuerySet) -> int:
    return rows.aggregate(sum=Sum("count"))["sum"] or 0


def fold(t: datetime) -> int:
    """Make days of all hours before the days that are shown hour by hour; return how many.

    Each day is folded whole and in a transaction of its own, so that it may be broken off.
    """
    zone = newsroom_zone()
    last = t.astimezone(zone).date() - DAYS * days.DAY
    folded = 0
    while (first := _first_hour()) and (day := first.astimezone(zone).date()) <= last:
        with transaction.atomic():
            reads.fold(day, days.begins(day, zone), days.begins(day + days.DAY, zone))
        folded += 1
    return folded


def _first_hour() -> datetime | None:
    first: datetime | None = ReadsAnHour.objects.aggregate(first=Min("hour"))["first"]
    return first
