"""A story's two states in one glance: where it is on the desk, and what readers see of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.desk import checks, rights
from articles.desk.rights import Actor
from articles.models import Article, Publication, Revision, RevisionKind, state_after
from articles.moments import in_newsroom_words, newsroom_zone
from articles.states import VERBS, DeskStatus, PublicState, Standing, possible


@dataclass(frozen=True)
class State:
    """One of a story's two states as the desk shows it: its shape, its words, and what to note."""

    kind: str  # the shape: draft, review, ready; private, scheduled, live, changes, down
    words: str
    unpublished: int = 0  # saves that readers have not seen
    coming: str = ""  # “changes 19:30”

    @property
    def more(self) -> str:
        """What there is to note of it, in words; empty where there is nothing."""
        saves = _("%(n)d unpublished") % {"n": self.unpublished} if self.unpublished else ""
        return ", ".join(part for part in (saves, self.coming) if part)


@dataclass(frozen=True)
class Pair:
    """A story's two states, never one without the other."""

    desk: State
    public: State


@dataclass(frozen=True)
class Overview:
    """What the desk is told of a story at a moment."""

    article: Article
    moment: datetime
    state: PublicState
    live: Publication | None
    newest: Publication | None  # the newest version that has begun, live or not
    pending: list[Publication]
    unpublished: int  # saves since the version that readers see

    @property
    def standing(self) -> Standing:
        """Where the story stands, as the table of verbs asks."""
        article = self.article
        return Standing(
            desk=DeskStatus(article.status),
            public=self.state,
            is_pending=bool(self.pending),
            is_held=article.held,
            is_embargoed=article.embargo is not None and article.embargo > self.moment,
            is_erased=article.erased,
        )

    @property
    def sections(self) -> set[int]:
        """The sections (ids) that readers see the story in, or were to; else the one it is filed
        under."""
        rows = [*self.pending, *([self.newest] if self.newest else [])]
        return {row.section_id for row in rows} or {self.article.section_id}

    @property
    def words(self) -> str:
        """Both states as one line: “in review · live, 3 unpublished changes”."""
        ends = self.live.ends_at if self.live and not self.pending else None
        coming = [row.starts_at for row in self.pending]
        public = _public_words(self.state, self.unpublished, ends, coming, self.moment)
        return f"{desk_words(self.article, self.moment)} · {public}"

    @property
    def pair(self) -> Pair:
        """Both states, as the desk shows them."""
        coming = self.pending[0].starts_at if self.pending else None
        public = _public_state(self.state, self.unpublished, coming, self.moment)
        return Pair(_desk_state(self.article, self.moment), public)

    @property
    def since(self) -> str:
        """Which revision readers have and since when; empty where they have none."""
        if not self.live:
            return ""
        said = {"number": self.live.revision, "when": when(self.live.starts_at, self.moment)}
        return _("revision %(number)d, since %(when)s") % said


def overview(article: Article, t: datetime) -> Overview:
    """Return what the desk is told of a story at a moment."""
    story = Publication.objects.filter(article=article)
    line = Publication.objects.line(article.pk, t)
    live = next((row for row in line if row.starts_at <= t and not row.withheld), None)
    newest = live or story.filter(starts_at__lte=t).order_by("-starts_at", "-pk").first()
    unpublished = 0
    if live and article.version != live.revision:
        saves = Revision.objects.filter(article=article, number__gt=live.revision)
        known: int | None = getattr(article, "saves_since", None)  # of with_public_state
        unpublished = saves.filter(kind=RevisionKind.SAVE).count() if known is None else known
    return Overview(
        article,
        t,
        state_after(newest, t),
        live,
        newest,
        [row for row in line if row.starts_at > t],
        unpublished,
    )


def verbs(seen: Overview, by: Actor) -> list[str]:
    """The verbs that the story's state allows and that the actor may do, in the table's order."""
    article = seen.article
    sections = {article.section_id, *seen.sections}
    names = [
        name
        for name in possible(seen.standing)
        if rights.may(by, VERBS[name].permission, sections)
        and (not VERBS[name].needs_edit or rights.may_edit(by, article))
    ]
    if "approve" in names and article.section.four_eyes and checks.wrote_last(article, by):
        names.remove("approve")
    return names


class WithPublicState(Protocol):
    """A story of with_public_state: its newest version that has begun, and the next start."""

    pk: int
    saves_since: int | None
    newest: int | None  # a Publication's id
    next_start: datetime | None


def with_public_state(stories: QuerySet[Article], t: datetime) -> QuerySet[Article]:
    """Annotate stories with what WithPublicState names, each one look at an index."""
    versions = Publication.objects.filter(article=OuterRef("pk")).order_by("-starts_at", "-pk")
    begun = versions.filter(starts_at__lte=t)
    coming = versions.filter(starts_at__gt=t).order_by("starts_at")
    # Of the story, not of each revision: so it is looked up once, and bounds an index's range.
    of_the_story = Publication.objects.filter(article=OuterRef(OuterRef("pk")), starts_at__lte=t)
    since = of_the_story.order_by("-starts_at", "-pk").values("revision")[:1]
    saves = Revision.objects.filter(
        article=OuterRef("pk"), kind=RevisionKind.SAVE, number__gt=Subquery(since)
    )
    return stories.annotate(
        saves_since=count_of(saves),
        newest=Subquery(begun.values("pk")[:1]),
        next_start=Subquery(coming.values("starts_at")[:1]),
    )


def count_of(rows: QuerySet) -> Subquery:
    """How many rows there are, as a column of another query: without grouping, which sorts."""
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT")).values("n")
    return Subquery(counted, output_field=IntegerField())


def pairs_of(stories: Iterable[WithPublicState], t: datetime) -> dict[int, Pair]:
    """Both states of stories annotated by with_public_state, by story: one query."""
    rows: list[Any] = list(stories)
    begun = Publication.objects.only("starts_at", "ends_at", "ends_as", "withheld")
    newest = begun.in_bulk([row.newest for row in rows if row.newest])
    return {
        row.pk: Pair(
            _desk_state(row, t),
            _public_state(
                state_after(newest[row.newest] if row.newest else None, t),
                row.saves_since or 0,
                row.next_start,
                t,
            ),
        )
        for row in rows
    }


_DESK_SHAPES = {
    DeskStatus.DRAFT: "draft",
    DeskStatus.IN_REVIEW: "review",
    DeskStatus.READY: "ready",
}


def _desk_state(article: Article, t: datetime) -> State:
    return State(_DESK_SHAPES[DeskStatus(article.status)], desk_words(article, t))


def _public_state(
    state: PublicState, unpublished: int, coming: datetime | None, t: datetime
) -> State:
    if state == PublicState.LIVE:
        changes = _("changes %(when)s") % {"when": soon(coming, t)} if coming else ""
        kind = "changes" if unpublished else "live"
        return State(kind, str(state.label), unpublished, changes)
    if coming:
        return State("scheduled", _("goes out %(when)s") % {"when": soon(coming, t)})
    return State("private" if state == PublicState.NEVER else "down", str(state.label))


def desk_words(article: Article, t: datetime) -> str:
    """Where a story is on the desk: “in review”, “draft, held”, “ready, embargo until …”."""
    said = [str(article.get_status_display())]
    if article.erased:
        said = [_("erased")]
    if article.held:
        said.append(_("held"))
    if article.embargo and article.embargo > t:
        said.append(_("embargo until %(when)s") % {"when": when(article.embargo, t)})
    return ", ".join(said)


def when(moment: datetime, t: datetime) -> str:
    """A moment as editors say it: “tomorrow 06:00”; the date where that is further away."""
    zone = newsroom_zone()
    there, here = moment.astimezone(zone), t.astimezone(zone)
    days = (there.date() - here.date()).days
    day = {-1: _("yesterday %(time)s"), 0: _("today %(time)s"), 1: _("tomorrow %(time)s")}.get(days)
    return day % {"time": time_format(there, "H:i")} if day else in_newsroom_words(moment)


def soon(moment: datetime, t: datetime) -> str:
    """A moment where there is little room: “19:30” while it is today, else as `when` says it."""
    zone = newsroom_zone()
    there = moment.astimezone(zone)
    if there.date() == t.astimezone(zone).date():
        return time_format(there, "H:i")
    return when(moment, t)


def how_far(moment: datetime, t: datetime) -> str:
    """How far away a moment is, for who waits for it: “in 3 h 12 min”, “12 min ago”."""
    minutes = int(abs(moment - t) / timedelta(minutes=1))
    if not minutes:
        return _("in less than a minute") if moment > t else _("just now")
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [
        (days, _("%(n)d d")),
        (hours, _("%(n)d h")),
        (minutes if not days else 0, _("%(n)d min")),
    ]
    span = " ".join(words % {"n": n} for n, words in parts if n)
    return (_("in %(span)s") if moment > t else _("%(span)s ago")) % {"span": span}


def _public_words(
    state: PublicState,
    unpublished: int,
    ends: datetime | None,
    coming: Iterable[datetime],
    t: datetime,
) -> str:
    said = [str(state.label)]
    if unpublished:
        said.append(
            ngettext("%(n)d unpublished change", "%(n)d unpublished changes", unpublished)
            % {"n": unpublished}
        )
    if ends:
        said.append(_("ends %(when)s") % {"when": when(ends, t)})
    goes = [
        (_("changes %(when)s") if state == PublicState.LIVE else _("goes live %(when)s"))
        % {"when": when(start, t)}
        for start in coming
    ]
    # “goes live tomorrow 06:00” says by itself that it is not public yet.
    return ", ".join(goes if goes and state == PublicState.NEVER else said + goes)
