"""The archive by year, month and day on the newsroom's clock, of when a story was first published.

It counts nothing: it says of a year, month or day that there are stories, and which are the newest.
"""

from calendar import Calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.moments import moment_of, newsroom_zone
from articles.pages import cards, periods, since
from articles.pages.frame import render as render_page
from articles.pages.names import Names, look_up
from articles.pages.periods import Edges, Period, date_typed, day_of, month_of, year_of
from articles.pages.views import with_sections

A_MONTH = 3  # headlines of a month on its year's page
A_DAY = 5  # headlines of a day on its month's page


@dataclass(frozen=True)
class Shelf:
    """A month or day with its newest stories, and whether it has more of them."""

    of: Period
    stories: list[dict[str, Any]]
    has_more: bool


@dataclass(frozen=True)
class Cell:
    """A day in the calendar of a month; None: a day of another month."""

    of: Period | None
    has_stories: bool
    is_today: bool


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    t, zone = moment_of(request), newsroom_zone()
    ends = periods.edges(year_of(t.astimezone(zone).date(), zone), t)
    title = _("Archive")
    if ends.newest is None:
        return _render(request, "year", {"heading": title}, look_up(t), title, "/archive/")
    newest = year_of(ends.newest.astimezone(zone).date(), zone)
    return _year_page(request, newest, ends, title, "/archive/")


@require_safe
def year(request: HttpRequest, year: str) -> HttpResponse:
    found = year_of(date_typed(year), newsroom_zone())
    ends = periods.edges(found, moment_of(request))
    return _year_page(request, found, ends, found.words, found.path)


@require_safe
def month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    t, found = moment_of(request), month_of(date_typed(year, month), newsroom_zone())
    if request.path != found.path:
        return HttpResponsePermanentRedirect(found.path)
    known, ends = look_up(t), periods.edges(found, t)
    shelves = _shelves(request, found.days, known, most=A_DAY)
    this_year = year_of(found.first, found.zone)
    years = periods.years(ends, found.zone)
    standing = periods.with_a_story([*years, *this_year.months], t)
    context = {
        "of": found,
        "year": this_year,
        "years": [each for each in years if each in standing],
        "months": [(each, each in standing) for each in this_year.months],
        "weekdays": _weekdays(),
        "weeks": _weeks(found, shelves, t),
        "shelves": shelves[::-1],
        "before": _around(ends.before, month_of, found.zone),
        "after": _around(ends.after, month_of, found.zone),
    }
    return _render(request, "month", context, known, found.words, found.path, shelves)


@require_safe
def day(request: HttpRequest, year: str, month: str, day: str) -> HttpResponse:
    t, found = moment_of(request), day_of(date_typed(year, month, day), newsroom_zone())
    before = request.GET.get("before")
    query = f"?before={before}" if before else ""
    if request.path != found.path:
        return HttpResponsePermanentRedirect(found.path + query)
    page = cards.page_within(*found.span, t, before)
    if not page.stories:
        raise Http404("Nothing public was first published on this day.")
    known, ends = look_up(t), periods.edges(found, t)
    stories = with_sections(since.visible(request, page.stories), known)
    context = {
        "of": found,
        "month": month_of(found.first, found.zone),
        "year": year_of(found.first, found.zone),
        "stories": stories,
        "older": page.older,
        "is_first": before is None,
        "before": _around(ends.before, day_of, found.zone),
        "after": _around(ends.after, day_of, found.zone),
    }
    shelf = Shelf(found, stories, has_more=page.older is not None)
    return _render(request, "day", context, known, found.words, found.path + query, [shelf])


def _year_page(
    request: HttpRequest, found: Period, ends: Edges, title: str, path: str
) -> HttpResponse:
    t = moment_of(request)
    known = look_up(t)
    shelves = _shelves(request, found.months, known, most=A_MONTH)
    standing = [shelf.of for shelf in shelves]
    context = {
        "of": found,
        "heading": title,
        "year": found,
        "years": periods.with_a_story(periods.years(ends, found.zone), t),
        "months": [(each, each in standing) for each in found.months],
        "shelves": shelves[::-1],
    }
    return _render(request, "year", context, known, title, path, shelves)


def _shelves(
    request: HttpRequest, each: Sequence[Period], known: Names, *, most: int
) -> list[Shelf]:
    """The newest stories of each period that has any, in the periods' order.

    Raises Http404 where none has.
    """
    t = moment_of(request)
    found = periods.newest_of_each(each, t, most=most + 1)
    public = cards.public([story for ids in found for story in ids[:most]], t)
    shown = {row.article_id: row for row in since.visible(request, public)}
    shelves = [
        Shelf(
            period,
            with_sections([shown[story] for story in ids[:most] if story in shown], known),
            has_more=len(ids) > most,
        )
        for period, ids in zip(each, found, strict=True)
        if ids
    ]
    if not shelves:
        raise Http404("Nothing public was first published then.")
    return [shelf for shelf in shelves if shelf.stories]


def _around(
    moment: datetime | None, scale: Callable[[date, ZoneInfo], Period], zone: ZoneInfo
) -> Period | None:
    """The period that a story's moment is in."""
    return scale(moment.astimezone(zone).date(), zone) if moment else None


def _weekdays() -> list[tuple[str, str]]:
    """The days of a week, short and in full, in the order that the language begins it with."""
    return [
        (WEEKDAYS_ABBR[day], WEEKDAYS[day]) for day in Calendar(_first_weekday()).iterweekdays()
    ]


def _weeks(month: Period, shelves: Sequence[Shelf], t: datetime) -> list[list[Cell]]:
    with_stories = [shelf.of for shelf in shelves]
    days = {day.first: day for day in month.days}
    today = t.astimezone(month.zone).date()
    weeks = Calendar(_first_weekday()).monthdatescalendar(month.first.year, month.first.month)
    return [
        [Cell(days.get(day), days.get(day) in with_stories, day == today) for day in week]
        for week in weeks
    ]


def _first_weekday() -> int:
    """Monday is 0, as Python counts; Django's formats count from Sunday."""
    return (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def _render(
    request: HttpRequest,
    scale: str,
    context: dict[str, Any],
    known: Names,
    title: str,
    path: str,
    shelves: Sequence[Shelf] = (),
) -> HttpResponse:
    return render_page(
        request,
        f"pages/archive_{scale}.html",
        context,
        names=known,
        moment=moment_of(request),
        shown=[item["story"] for shelf in shelves for item in shelf.stories],
        title=title if path == "/archive/" else _("Archive: %(period)s") % {"period": title},
        description=_("Every story that we published, by the day it first came out."),
        path=path,
    )
