"""The calendar of what is due, goes out and went out: a month, or a week."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from articles.desk import calendar, days, plan_forms, rights
from articles.desk.calendar import Kind, Slot
from articles.models import Section
from articles.moments import moment_of, newsroom_zone

SHOWN = 4  # chips of a day in a month: with more, the last of them leads to the week

_WORDS = {
    Kind.DUE: gettext_lazy("due"),
    Kind.SCHEDULED: gettext_lazy("goes out"),
    Kind.CHANGES: gettext_lazy("changes"),
    Kind.PUBLISHED: gettext_lazy("went live"),
    Kind.ENDS: gettext_lazy("ends"),
    Kind.EMBARGO: gettext_lazy("embargo ends"),
}
# What the shapes stand for, below the calendar.
_KEY = (
    ("live", "c-published", gettext_lazy("went live")),
    ("scheduled", "c-scheduled", gettext_lazy("goes out, or changes, by itself")),
    ("review", "c-due", gettext_lazy("due at the desk: draft, in review or ready")),
    ("down", "c-ends", gettext_lazy("ends by itself")),
    ("private", "c-embargo", gettext_lazy("embargo ends")),
)


@dataclass(frozen=True)
class Asked:
    """What of the calendar somebody looks at: a month or a week, and one section or all."""

    view: str  # “month” or “week”
    day: date  # in it
    section: Section | None = None

    def address(self, view: str = "", day: date | None = None) -> str:
        """The page of the same section that shows a day in a month or a week."""
        view, day = view or self.view, day or self.day
        name = days.week_name(day) if view == "week" else days.month_name(day)
        section = {"section": self.section.slug} if self.section else {}
        return f"{reverse('calendar')}?{urlencode({view: name, **section})}"

    @property
    def weeks(self) -> list[list[date]]:
        """The days that are shown."""
        return [days.week_of(self.day)] if self.view == "week" else days.weeks_of_month(self.day)


@dataclass(frozen=True)
class Chip:
    """A slot as the calendar shows it."""

    slot: Slot
    clock: str
    words: str
    move: str  # the page that moves it; empty: it stays
    wall: str  # its moment as a browser's picker types it

    @property
    def title(self) -> str:
        """What the desk calls the story."""
        return self.slot.story.slugline or self.slot.story.headline


@dataclass(frozen=True)
class Day:
    """A day of the calendar."""

    day: date
    is_out: bool  # of the month before or after
    is_today: bool
    gone: list[Chip]  # today's until now, or all
    chips: list[Chip]

    @property
    def shown(self) -> list[Chip]:
        """The chips of a month’s day: where not all have room, first what is still to be done."""
        if len(self.chips) <= SHOWN:
            return self.chips
        by_need = sorted(self.chips, key=lambda chip: chip.slot.kind == Kind.PUBLISHED)
        kept = {id(chip) for chip in by_need[: SHOWN - 1]}
        return [chip for chip in self.chips if id(chip) in kept]

    @property
    def more(self) -> int:
        return len(self.chips) - len(self.shown)

    @property
    def coming(self) -> list[Chip]:
        return self.chips[len(self.gone) :]

    @property
    def week(self) -> str:
        return days.week_name(self.day)


@require_safe
def calendar_view(request: HttpRequest) -> HttpResponse:
    """A month, the present one or `?month=2026-11`, or a week, `?week=2026-W48`."""
    rights.require(request.user, "articles.view_article")
    t, zone = moment_of(request), newsroom_zone()
    sections = list(Section.objects.all())
    asked = read(request, sections, t)
    shown = asked.weeks
    found = calendar.slots(
        request.user,
        days.begins(shown[0][0], zone),
        days.begins(shown[-1][-1] + days.DAY, zone),
        t=t,
        section=asked.section.pk if asked.section else None,
    )
    weeks = list(_weeks(asked, found.slots, t))
    earlier, later = _neighbours(asked)
    context = {
        **admin.site.each_context(request),
        "title": _title(asked),
        "asked": asked,
        "sections": sections,
        "weeks": weeks,
        "week": weeks[0],
        "is_cut": found.is_cut,
        "now": time_format(t.astimezone(zone), "H:i"),
        "key": _KEY,
        "earlier": asked.address(day=earlier),
        "later": asked.address(day=later),
        "today": asked.address(day=t.astimezone(zone).date()),
        "as_month": asked.address("month"),
        "as_week": asked.address("week", _day_of_week(asked, t)),
    }
    return TemplateResponse(request, f"admin/calendar_{asked.view}.html", context)


def read(request: HttpRequest, sections: list[Section], t: datetime) -> Asked:
    """What an address asks for; raises Http404 where it names no month, week or section."""
    day: date | None = t.astimezone(newsroom_zone()).date()
    view = "week" if "week" in request.GET else "month"
    if view in request.GET:
        day = {"week": days.read_week, "month": days.read_month}[view](request.GET[view])
    slug = request.GET.get("section", "")
    section = next((one for one in sections if one.slug == slug), None)
    if day is None or (slug and section is None):
        raise Http404
    return Asked(view, day, section)


def _weeks(asked: Asked, slots: list[Slot], t: datetime) -> Iterator[list[Day]]:
    zone = newsroom_zone()
    by_day: dict[date, list[Slot]] = {}
    for slot in slots:
        by_day.setdefault(slot.at.astimezone(zone).date(), []).append(slot)
    today = t.astimezone(zone).date()
    for week in asked.weeks:
        yield [
            Day(
                day,
                is_out=asked.view == "month" and day.month != asked.day.month,
                is_today=day == today,
                gone=[_chip(asked, slot) for slot in by_day.get(day, ()) if slot.at <= t],
                chips=[_chip(asked, slot) for slot in by_day.get(day, ())],
            )
            for day in week
        ]


def _chip(asked: Asked, slot: Slot) -> Chip:
    there = slot.at.astimezone(newsroom_zone())
    wall = plan_forms.typed(slot.at)
    clock = time_format(there, "H:i")
    if len(wall) > len("2026-06-19T09:30"):
        clock = f"{clock} {there:%Z}"  # the hour comes twice that day
    move = ""
    if slot.may_move:
        asks = {
            "story": slot.story.pk,
            "what": slot.what,
            "start": slot.at.isoformat(),
            "seen": slot.story.pressed,
            "view": asked.view,
            "section": asked.section.slug if asked.section else "",
        }
        move = f"{reverse('calendar_move')}?{urlencode(asks)}"
    return Chip(slot, clock, str(_WORDS[slot.kind]), move, wall)


def _title(asked: Asked) -> str:
    if asked.view == "month":
        return date_format(asked.day, pgettext("date format", "F Y"))
    first, last = asked.weeks[0][0], asked.weeks[0][-1]
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, pgettext("date format", "j F")),
        "last": date_format(last, pgettext("date format", "j F Y")),
    }


def _neighbours(asked: Asked) -> tuple[date, date]:
    if asked.view == "week":
        return asked.day - 7 * days.DAY, asked.day + 7 * days.DAY
    first = asked.day.replace(day=1)
    return first - days.DAY, first + 31 * days.DAY


def _day_of_week(asked: Asked, t: datetime) -> date:
    """The week that a month leads to: today's, or its first."""
    today = t.astimezone(newsroom_zone()).date()
    if asked.view == "month":
        is_now = days.month_name(today) == days.month_name(asked.day)
        return today if is_now else asked.day.replace(day=1)
    return asked.day
