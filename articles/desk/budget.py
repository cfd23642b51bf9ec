"""The day's list of stories, as editors read it at the morning meeting.

On it stand the stories that are due, go out or went out that day. Today's also holds what must
run and has no due time, until it is live: else nobody would see it in time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import calendar, days, overview, rights
from articles.desk.calendar import Kind
from articles.desk.overview import Pair
from articles.desk.rights import Actor
from articles.models import Article, Byline, Section
from articles.moments import newsroom_zone
from articles.states import Priority

_LIVE = ("live", "changes")
_AT = {
    Kind.DUE: gettext_lazy("due %(clock)s"),
    Kind.SCHEDULED: gettext_lazy("goes out %(clock)s"),
    Kind.CHANGES: gettext_lazy("changes %(clock)s"),
    Kind.PUBLISHED: gettext_lazy("went live %(clock)s"),
}
# Of the stories that must run and have no due time, the newest of which it is asked what is live.
_MUST = 100


@dataclass(frozen=True)
class Line:
    """A story on the list."""

    story: Article
    pair: Pair
    by: str  # who signs it, or else whose it is
    times: str  # “due 11:00, goes out 12:30”
    is_late: bool

    @property
    def is_live(self) -> bool:
        """Whether readers have it."""
        return self.pair.public.kind in _LIVE

    @property
    def must_run(self) -> bool:
        """Whether the day's plan holds it for sure."""
        return self.story.priority == Priority.MUST


@dataclass(frozen=True)
class Part:
    """The lines of a section."""

    section: Section
    lines: list[Line]


@dataclass(frozen=True)
class Budget:
    """A day's list: its sections in the paper's order, and what they come to."""

    parts: list[Part]
    is_cut: bool  # whether there are more than are shown

    @property
    def lines(self) -> list[Line]:
        return [line for part in self.parts for line in part.lines]

    @property
    def words(self) -> int:
        """Words that are written."""
        return sum(line.story.words for line in self.lines)

    @property
    def length(self) -> int:
        """Words that were asked for."""
        return sum(line.story.length or 0 for line in self.lines)

    @property
    def done(self) -> int:
        """Words that are written of those that were asked for."""
        return sum(line.story.words for line in self.lines if line.story.length)

    @property
    def live(self) -> int:
        """Stories that readers have."""
        return sum(line.is_live for line in self.lines)


def of_day(by: Actor, day: date, *, t: datetime) -> Budget:
    """The list of a day of the newsroom's, of the stories that the actor may open."""
    zone = newsroom_zone()
    since, until = days.begins(day, zone), days.begins(day + days.DAY, zone)
    found = calendar.slots(by, since, until, t=t, but=(Kind.ENDS, Kind.EMBARGO))
    moments = {slot.story.pk: slot.at for slot in reversed(found.slots)}
    times: dict[int, list[str]] = {}
    for slot in found.slots:
        clock = time_format(slot.at.astimezone(zone), "H:i")
        times.setdefault(slot.story.pk, []).append(str(_AT[slot.kind]) % {"clock": clock})
    must = _must_run(by) if since <= t < until else []
    stories = _read([*moments, *must], t)
    pairs = overview.pairs_of(stories, t)
    lines = [_line(story, pairs[story.pk], times.get(story.pk, []), t) for story in stories]
    # Without a moment that day it is here because it must run: until it is live.
    kept = [line for line in lines if line.story.pk in moments or not line.is_live]
    kept.sort(key=lambda line: _place(line, moments, until))
    parts = groupby(kept, key=lambda line: line.story.section)
    return Budget([Part(section, list(some)) for section, some in parts], found.is_cut)


def _place(line: Line, moments: dict[int, datetime], last: datetime) -> Any:
    story = line.story
    section = (story.section.order, story.section.name)
    return (section, story.priority, moments.get(story.pk, last), story.pk)


def _must_run(by: Actor) -> Iterable[int]:
    openable = rights.stories_for(by).filter(pk=OuterRef("pk"))
    rows = Article.objects.filter(Exists(openable), priority=Priority.MUST, due_at=None)
    return rows.order_by("-pk").values_list("pk", flat=True)[:_MUST]


def _read(stories: Iterable[int], t: datetime) -> list[Any]:
    signed = Prefetch("bylines", Byline.objects.select_related("author"))
    rows = Article.objects.filter(pk__in=set(stories)).select_related("section", "assignee")
    rows = overview.with_public_state(rows, t).prefetch_related(signed)
    return list(rows.defer("body").order_by())  # in the list's own order below


def _line(story: Article, pair: Pair, times: list[str], t: datetime) -> Line:
    names = [byline.author.name for byline in story.bylines.all()]
    if story.assignee and not names:
        names = [str(story.assignee)]
    is_late = bool(story.due_at and story.due_at < t and pair.public.kind not in _LIVE)
    said = ", ".join(times) or _("no time")
    return Line(story, pair, ", ".join(names), said, is_late)
