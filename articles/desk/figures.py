"""How the desk runs, in numbers: what was published, how long it took, what was corrected.

They count the house, whatever the sections of the person who looks: a number per section says
nothing that readers could not count on the site, and no headline stands here. The database counts;
days and weeks are the newsroom's own, so that one may have 23 or 25 hours.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.utils.translation import gettext as _

from articles.desk import days
from articles.models import Move, Publication
from articles.moments import newsroom_zone
from articles.states import Change

DAYS, WEEKS = 14, 12
SECTIONS = 8  # more of them are counted together
TIMED = 100  # stories a day at most whose way to readers is measured: the last ones of the day

_COUNTED = (Change.CORRECTION, Change.CLARIFICATION)


@dataclass(frozen=True)
class Row:
    """One thing that is counted, day by day or week by week."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class Figures:
    """The numbers of the three charts. Days, and weeks (their first days), are the oldest first."""

    days: tuple[date, ...]
    published: tuple[Row, ...]  # a section each, the busiest first
    hours: tuple[float | None, ...]  # the median a day; None: nothing to measure
    weeks: tuple[date, ...]
    corrections: tuple[Row, ...]  # corrections, then clarifications

    @property
    def all_published(self) -> Row:
        """What was published in all sections together."""
        counts = [row.counts for row in self.published] or [(0,) * len(self.days)]
        return Row(_("All"), tuple(map(sum, zip(*counts, strict=True))))


def figures(t: datetime) -> Figures:
    """Return the numbers as they stand at t: two queries, of the last weeks only."""
    today = t.astimezone(newsroom_zone()).date()
    fortnight = _back(today, DAYS, days.DAY)
    weeks = _back(days.week_of(today)[0], WEEKS, 7 * days.DAY)
    counted = _counted(fortnight, weeks, t)
    return Figures(
        fortnight,
        _of_sections(counted[_PUBLISHED], DAYS),
        _hours(fortnight, t),
        weeks,
        tuple(_row(str(_NAMES[kind]()), counted[_CORRECTED], kind, WEEKS) for kind in _COUNTED),
    )


_NAMES = {
    Change.CORRECTION: lambda: _("Corrections"),
    Change.CLARIFICATION: lambda: _("Clarifications"),
}


def _back(last: date, count: int, step: timedelta) -> tuple[date, ...]:
    return tuple(last - step * n for n in reversed(range(count)))


def _begins(day: date) -> datetime:
    return days.begins(day, newsroom_zone())


# --- What the database counts ----------------------------------------------------------------

_PUBLISHED, _CORRECTED = "published", "corrected"
Counts = dict[str, dict[int, int]]  # of what, in which place, how many


def _counted(fortnight: Sequence[date], weeks: Sequence[date], t: datetime) -> dict[str, Counts]:
    """What was first published, by section, and what was corrected: one query."""
    begun = Publication.objects.filter(starts_at__lte=t, withheld=False)
    first = begun.filter(starts_at__gte=_begins(fortnight[0]), starts_at=F("first_published_at"))
    # That a note is not empty is true of both kinds, and said so that the short index is read.
    noted = begun.filter(~Q(note=""), starts_at__gte=_begins(weeks[0]), change__in=[*_COUNTED])
    published = _grouped(_PUBLISHED, first, "section__name", fortnight)
    corrected = _grouped(_CORRECTED, noted, "change", weeks)
    rows: Any = published.union(corrected, all=True).order_by()
    found: dict[str, Counts] = {_PUBLISHED: {}, _CORRECTED: {}}
    for chart, of, place, count in rows:
        found[chart].setdefault(of, {})[place] = count
    return found


def _grouped(chart: str, rows: Any, of: str, starts: Sequence[date]) -> Any:
    # Compared with moments, as SQLite would call Python for each row's day.
    later = [When(starts_at__lt=_begins(day), then=n) for n, day in enumerate(starts[1:])]
    place = Case(*later, default=len(starts) - 1, output_field=IntegerField())
    told = rows.order_by().values(chart=Value(chart, CharField()), of=F(of), place=place)
    return told.annotate(count=Count("pk")).values_list("chart", "of", "place", "count")


def _of_sections(counts: Counts, length: int) -> tuple[Row, ...]:
    rows = [_row(name, counts, name, length) for name in sorted(counts)]
    rows.sort(key=lambda row: -row.total)
    kept, others = rows[:SECTIONS], rows[SECTIONS:]
    if others:
        sums = zip(*(row.counts for row in others), strict=True)
        kept.append(Row(_("Other sections"), tuple(map(sum, sums))))
    return tuple(kept)


def _row(name: str, counts: Counts, of: str, length: int) -> Row:
    held = counts.get(of, {})
    return Row(name, tuple(held.get(place, 0) for place in range(length)))


# --- How long it took ------------------------------------------------------------------------


def _hours(fortnight: Sequence[date], t: datetime) -> tuple[float | None, ...]:
    """The median hours from a story's first submission to its readers, by the day they got it.

    Of a story that goes out by schedule, until then; one that nobody submitted is not measured.
    """
    ends = [*map(_begins, fortnight[1:]), t + timedelta(microseconds=1)]
    first, *others = (
        _timed(place, _begins(day), end)
        for place, (day, end) in enumerate(zip(fortnight, ends, strict=True))
    )
    rows: Iterable[Any] = first.union(*others, all=True).order_by()
    took: dict[int, list[float]] = defaultdict(list)
    for place, starts_at, submitted in rows:
        if submitted is not None:
            took[place].append((starts_at - submitted) / timedelta(hours=1))
    return tuple(
        round(median(took[place]), 1) if place in took else None for place in range(len(fortnight))
    )


def _timed(place: int, since: datetime, until: datetime) -> Any:
    """The last stories that were first published in a span, and when each was submitted."""
    rows = Publication.objects.filter(
        starts_at__gte=since,
        starts_at__lt=until,
        starts_at=F("first_published_at"),
        withheld=False,
    )
    last = Publication.objects.filter(pk__in=rows.order_by("-starts_at").values("pk")[:TIMED])
    asked = Move.objects.filter(
        article=OuterRef("article_id"), verb="submit", at__lte=OuterRef("starts_at")
    )
    submitted = Subquery(asked.order_by("pk").values("at")[:1])
    told = last.order_by().annotate(place=Value(place, IntegerField()), submitted=submitted)
    return told.values_list("place", "starts_at", "submitted")
