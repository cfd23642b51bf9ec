"""Which stories and pages are listed in which sitemap, and when one last changed.

Stories stand in files by the month (UTC) of their first publication. No file can hold more than
20,000 addresses, and nothing has to be counted for that: a month whose ids are not all of the
same 20,000 is cut by them. Pages of authors and tags
are left out: they repeat stories that are listed, and there are thousands of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from articles.models import ListKind, ListRow, Publication
from articles.models.listing import ListRowQuerySet
from articles.models.months import in_month
from articles.models.publication import LATER
from articles.pages import cards, periods
from articles.pages.names import Names
from articles.pages.periods import Period, month_of
from articles.pages.spans import HIGH, LOW, SINCE, UNTIL, Part, of_each

# Addresses a file, and so ids a part: sitemaps.org allows 50,000, but a file stays below the
# 5 MB that the receipt of a takedown reads of an answer.
MOST = 20_000
NEWS_FOR = timedelta(hours=48)  # Google: what was created in the last two days
MOST_NEWS = 1000  # stories a file of them
_NEWS_READ = 50 * MOST_NEWS  # no newspaper prints more in two days
# Not the newsroom's: no story changes its file when that is another.
_ZONE = ZoneInfo("UTC")
_PAGES = ("home", "archive", "authors", "topics", "corrections")


@dataclass(frozen=True)
class File:
    """A file of the index, and when what stands in it last changed (None: not known)."""

    path: str
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Month:
    """The stories of a month; with a part, those whose ids are in the range of that number."""

    of: Period
    part: int | None = None

    @property
    def path(self) -> str:
        part = "" if self.part is None else f"-part-{self.part}"
        return f"/sitemaps/{self.of.first:%Y-%m}{part}.xml"


def files(t: datetime) -> list[File]:
    """Every file of the index at t: the site's pages, then each month that has a story, in order.

    A month costs a few steps in indexes, however many stories it has.
    """
    years = periods.years(periods.edges(month_of(t.date(), _ZONE), t), _ZONE)
    months = [month for year in reversed(years) for month in year.months]
    found = of_each([month.span for month in months], _questions(t))
    listed = {month: row for month, row in zip(months, found, strict=True) if row[0]}
    ids = {month: row[3:] for month, row in listed.items()}
    changed = {month: max(filter(None, row[:3])) for month, row in listed.items()}
    parts = [File(part.path, changed[part.of]) for part in _parts(ids, t)]
    return [File(reverse("sitemap_pages")), *parts]


def _questions(t: datetime) -> list[QuerySet]:
    """Of a month: when its newest story came out, when one was last printed again and when one
    left, and the lowest and the highest id in it."""
    versions = Publication.objects.filter(in_month("first_published_at", SINCE))
    stories = _by_id(SINCE, t)
    return [
        cards.within(SINCE, UNTIL, t).values("first_published_at"),
        versions.begun(t).filter(LATER).order_by("-starts_at").values("starts_at"),
        versions.left(t).order_by("-ends_at").values("ends_at"),
        stories.values("story"),
        stories.reverse().values("story"),
    ]


def _by_id(moment: datetime, t: datetime) -> ListRowQuerySet:
    """The stories of a moment's month that are public at t, by their ids."""
    rows = ListRow.objects.standing(t).filter(in_month("first_published_at", moment))
    return rows.filter(kind=ListKind.ALL).order_by("story_id")


def _parts(ids: Mapping[Period, Sequence[int]], t: datetime) -> Iterator[Month]:
    """The files of months, by the lowest and the highest id in each; of parts those not empty."""
    ranges = {month: range(low // MOST, high // MOST + 1) for month, (low, high) in ids.items()}
    # The first and the last part hold those ids; of the ones between it is asked.
    between = [(month, part) for month, parts in ranges.items() for part in parts[1:-1]]
    spans = [Part(*month.span, part * MOST, (part + 1) * MOST) for month, part in between]
    stories = _by_id(SINCE, t).filter(story__gte=LOW, story__lt=HIGH)
    found = of_each(spans, [stories.values("story")]) if spans else []
    empty = {of for of, (story,) in zip(between, found, strict=True) if not story}
    for month, parts in ranges.items():
        if len(parts) == 1:
            yield Month(month)
        else:
            yield from (Month(month, part) for part in parts if (month, part) not in empty)


def paths_of(moment: datetime, story: int) -> list[str]:
    """The files in which a story (id) first published at a moment could stand."""
    of = month_of(moment.astimezone(_ZONE).date(), _ZONE)
    return [Month(of).path, Month(of, story // MOST).path]


def month_named(name: str) -> Month:
    """The month or part that a file's name says; Http404 for anything else."""
    named = re.fullmatch(r"(\d{4})-(\d\d)(?:-part-(0|[1-9]\d{0,9}))?", name, re.ASCII)
    if named is None:
        raise Http404("No such sitemap.")
    of = month_of(periods.date_typed(named[1], named[2]), _ZONE)
    return Month(of, int(named[3]) if named[3] else None)


def stories_of(month: Month, t: datetime) -> QuerySet[Publication]:
    """What readers see at t of a month's stories, MOST at most, in no order."""
    if month.part is None:
        rows = cards.within(*month.of.span, t)
    else:
        low = month.part * MOST
        rows = _by_id(month.of.span.since, t).filter(story__gte=low, story__lt=low + MOST)
    return cards.current(rows[:MOST], t).only("path", "updated_at", "article")


def pages(known: Names) -> list[str]:
    """The addresses of the pages that list stories, but for authors and tags."""
    return [*(reverse(name) for name in _PAGES), *(name.path for name in known.navigation)]


class News(NamedTuple):
    """The stories (ids) of the last 48 hours, newest first; and when the oldest one is too old."""

    stories: list[int]
    until: datetime | None


def news(t: datetime) -> News:
    """The stories first published less than 48 hours before t."""
    rows = cards.younger_than(NEWS_FOR, t).values_list("story", "first_published_at")
    found = list(rows[:_NEWS_READ])
    until = found[-1][1] + NEWS_FOR if found else None
    return News([story for story, _first in found], until)


def news_files(stories: Sequence[int]) -> list[File]:
    """The files that so many stories take, where they are more than one holds."""
    count = -(-len(stories) // MOST_NEWS)
    return [File(f"/news-sitemap-{number}.xml") for number in range(1, count + 1)]


def news_path_of(moment: datetime, story: int, t: datetime) -> str:
    """The file in which a story (id) first published at a moment would stand; empty: in none."""
    if t - moment >= NEWS_FOR:
        return ""
    newer = cards.younger_than(NEWS_FOR, t).filter(first_published_at__gte=moment)
    newer = newer.exclude(story=story)
    place = len(newer.values_list("story", flat=True)[:_NEWS_READ])
    return f"/news-sitemap-{place // MOST_NEWS + 1}.xml"


def news_part(stories: Sequence[int], number: str) -> Sequence[int]:
    """The stories of a file by its number in the index; Http404 where there is none."""
    if re.fullmatch(r"[1-9]\d?", number, re.ASCII):
        part = stories[(int(number) - 1) * MOST_NEWS : int(number) * MOST_NEWS]
        if part:
            return part
    raise Http404("No such sitemap.")
