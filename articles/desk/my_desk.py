"""A person's desk at a moment: what waits, what they write, what goes out next, what is live, and
what changed today. Only stories that they may open stand here, and the whole costs six queries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.utils.formats import date_format, time_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from articles.desk import days, overview, picks, rights, sentences, waiting
from articles.desk.overview import Pair
from articles.desk.picks import LIVE, STEPS, WRITING, Cause, Pick
from articles.desk.rights import Actor
from articles.desk.waiting import Job
from articles.models import Byline, Move, Publication
from articles.moments import newsroom_zone
from articles.states import EndsAs

COMING, CHANGED = 6, 10
# How many of the newest Moves are looked through for today's: a person of one quiet section may
# see fewer than there were, and the audit has them all.
LOOKED_THROUGH = 500


@dataclass(frozen=True)
class Written:
    """A story that a person writes; without an article, one that was never saved."""

    article: Any
    at: datetime
    is_typed: bool  # whether it is open with text that is not saved


@dataclass(frozen=True)
class Coming:
    """What the site will do by itself: a story goes out, changes or ends."""

    kind: str  # “starts”, “changes” or “ends”
    at: datetime
    day: str  # empty: today
    clock: str
    article: int
    headline: str
    section: str

    @property
    def words(self) -> str:
        """What readers will see of it."""
        return str(_WILL[self.kind])


@dataclass(frozen=True)
class Shown:
    """A story that readers have, and since when they first had it."""

    article: Any
    since: datetime


@dataclass(frozen=True)
class Changed:
    """What somebody did today, in a sentence."""

    at: datetime
    clock: str
    article: int
    headline: str
    words: str
    why: str


@dataclass(frozen=True)
class MyDesk:
    """Everything that stands on a person's desk, in the order of the page."""

    waits: Sequence[Job]
    writes: Sequence[Written]
    coming: Sequence[Coming]
    live: Sequence[Shown]
    changed: Sequence[Changed]

    @property
    def pressing(self) -> int:
        """How many of what waits are late or due soon."""
        return sum(job.is_pressing for job in self.waits)

    @property
    def is_full(self) -> bool:
        """Whether more may wait than the page shows."""
        return len(self.waits) >= picks.WAITING


def my_desk(by: Actor, t: datetime) -> MyDesk:
    """Return what stands on a person's desk at t. Each story has its `pair` and its `signed`."""
    notices = waiting.told(by)
    found = picks.of(by, t)
    waits = waiting.most_urgent([*found, *waiting.picks_of(notices)])
    writes, live = _to_write(found), _newest(found, Cause.LIVE, 0)
    stories = _stories(by, {pick.about for pick in (*waits, *writes, *live)}, t)
    live = [pick for pick in live if pick.about in stories][:LIVE]
    last = {pk: article.last_step for pk, article in stories.items() if article.last_step}
    moves = _moves(last.values(), by, t)
    steps = {pk: moves[move] for pk, move in last.items()}
    return MyDesk(
        waits=waiting.jobs(waits, stories, steps, notices, by=by, t=t),
        writes=_written(writes, stories),
        coming=_coming(by, t),
        live=[Shown(stories[pick.about or 0], pick.since) for pick in live],
        changed=_changed(move for move in moves.values() if move.is_todays),
    )


def _newest(found: Iterable[Pick], cause: Cause, most: int) -> list[Pick]:
    """The picks of a cause, the newest first, a story once; 0: all of them."""
    rows = sorted((p for p in found if p.cause == cause), key=lambda p: p.since, reverse=True)
    once = list({pick.about: pick for pick in rows}.values())
    return once[: most or None]


def _to_write(found: list[Pick]) -> list[Pick]:
    """What a person writes, the newest first: what is typed in it and not saved is said first."""
    typed = _newest(found, Cause.TYPED, WRITING)
    known = {pick.about for pick in typed}
    saved = [pick for pick in _newest(found, Cause.MINE, 0) if pick.about not in known]
    return sorted([*typed, *saved], key=lambda pick: pick.since, reverse=True)[:WRITING]


def _written(rows: Iterable[Pick], stories: Mapping[int, Any]) -> list[Written]:
    return [
        Written(stories.get(pick.about or 0), pick.since, pick.cause == Cause.TYPED)
        for pick in rows
        if pick.about is None or pick.about in stories
    ]


def _stories(by: Actor, ids: set[int | None], t: datetime) -> dict[int, Any]:
    """Stories by id, those that a person may open: with their names, both states, newest step."""
    step = Move.objects.filter(article=OuterRef("pk"), verb__in=STEPS).order_by("-pk")
    bylines = Byline.objects.filter(article=OuterRef("pk")).order_by("position")
    names = bylines.values("author__name")
    known = [pk for pk in ids if pk is not None]
    rows = overview.with_public_state(rights.stories_for(by).filter(pk__in=known), t)
    named = rows.select_related("section", "created_by").defer("body", "standfirst")
    found = named.annotate(
        last_step=Subquery(step.values("pk")[:1]),
        first_name=Subquery(names[:1]),
        second_name=Subquery(names[1:2]),
        signed_by=overview.count_of(bylines),
    )
    stories: list[Any] = list(found)
    pairs: Mapping[int, Pair] = overview.pairs_of(stories, t)
    for article in stories:
        article.pair = pairs[article.pk]
        article.signed = _signed(article)
    return {article.pk: article for article in stories}


def _signed(article: Any) -> str:
    """Who signs a story, or else who began it."""
    if article.signed_by > 2:
        return _("%(name)s and others") % {"name": article.first_name}
    names = [name for name in (article.first_name, article.second_name) if name]
    return get_text_list(names, _("and")) or str(article.created_by or "")


# --- What the site does by itself ------------------------------------------------------------


def _coming(by: Actor, t: datetime) -> list[Coming]:
    """What goes out, changes or ends next."""
    rows = _openable(Publication.objects.filter(withheld=False), by)
    starts = rows.filter(starts_at__gt=t).order_by("starts_at", "pk")
    # The end that another version follows is that version's start.
    ends = rows.filter(ends_at__gt=t).exclude(ends_as=EndsAs.NEXT).order_by("ends_at", "pk")
    shown = Exists(Publication.objects.at(t).filter(article=OuterRef("article")))
    first = _moments("starts", starts, "starts_at", shown)
    last = _moments("ends", ends, "ends_at", Value(value=False, output_field=BooleanField()))
    both: Any = first.union(last, all=True).order_by()
    told = [
        Coming("changes" if is_shown else kind, at, *_on_the_wall(at, t), *story)
        for kind, at, *story, is_shown in both
    ]
    return sorted(told, key=lambda row: (row.at, row.article))[:COMING]


_WILL = {
    "starts": gettext_lazy("goes out"),
    "changes": gettext_lazy("changes"),
    "ends": gettext_lazy("ends"),
}


def _on_the_wall(moment: datetime, t: datetime) -> tuple[str, str]:
    """The day, where it is another than today, and the time, on the newsroom's clock."""
    there, here = (each.astimezone(newsroom_zone()) for each in (moment, t))
    format_ = pgettext("date format", "D j M")
    day = "" if there.date() == here.date() else date_format(there, format_)
    return day, time_format(there, "H:i")


def _moments(kind: str, rows: QuerySet[Publication], at: str, shown: Any) -> QuerySet:
    next_ones = Publication.objects.filter(pk__in=rows.values("pk")[:COMING]).order_by()
    told = next_ones.annotate(change_of=Value(kind, CharField()), moment=F(at), is_shown=shown)
    return told.values_list(
        "change_of", "moment", "article", "headline", "section__name", "is_shown"
    )


def _openable(rows: QuerySet, by: Actor) -> QuerySet:
    """Rows of stories that a person may open; who works for all sections may open any."""
    if not rights.sections_of(by):
        return rows
    return rows.filter(Exists(rights.stories_for(by).filter(pk=OuterRef("article"))))


# --- What people did -------------------------------------------------------------------------


def _moves(steps: Iterable[int], by: Actor, t: datetime) -> dict[int, Any]:
    """Moves by id: some that are asked for, and the newest of today; these say `is_todays`."""
    day = days.begins(t.astimezone(newsroom_zone()).date(), newsroom_zone())
    newest = Move.objects.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    stories = rights.stories_for(by).filter(pk=OuterRef("article"))
    since = Move.objects.filter(Exists(stories), pk__in=newest, at__gte=day)
    today = Move.objects.filter(pk__in=since.order_by("-pk").values("pk")[:CHANGED])
    asked = Move.objects.filter(pk__in=list(steps))
    # What stands in both comes twice, today's the second time.
    rows: Any = _marked(asked, "").union(_marked(today, "today"), all=True).order_by()
    moves: dict[int, Any] = {}
    for move in rows:
        move.is_todays = move.mark == "today" or (move.pk in moves and moves[move.pk].is_todays)
        moves[move.pk] = move
    return moves


def _marked(moves: QuerySet[Move], mark: str) -> QuerySet[Move]:
    return moves.order_by().annotate(mark=Value(mark, CharField()))


def _changed(moves: Iterable[Any]) -> list[Changed]:
    newest = sorted(moves, key=lambda move: (move.at, move.pk), reverse=True)
    return [
        Changed(
            move.at,
            time_format(move.at.astimezone(newsroom_zone()), "H:i"),
            move.article,
            move.subject,
            sentences.of_move(move),
            move.reason,
        )
        for move in newest
    ]
