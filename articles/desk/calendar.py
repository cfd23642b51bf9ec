"""The calendar's slots: what is due, goes out, went out and ends, of the stories one may open.

Each kind is one bounded range of an index: a month costs the same whatever the archive holds.
Which stories a person may open is asked story by story, so that no planner walks a section first.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from itertools import islice
from typing import Any, cast

from django.db.models import Exists, OuterRef, QuerySet

from articles.desk import rights
from articles.desk.rights import Actor
from articles.models import Article, ListKind, ListRow, Publication
from articles.states import VERBS, DeskStatus, EndsAs

MOST = 300  # slots of a kind that one page shows
_STORY = (
    "headline", "slugline", "status", "section", "created_by", "assignee", "erased", "pressed",
)  # fmt: skip


class Kind(StrEnum):
    """Why a story stands at a moment of the calendar."""

    PUBLISHED = auto()
    SCHEDULED = auto()
    CHANGES = auto()  # scheduled as well: readers had the story before
    DUE = auto()
    ENDS = auto()
    EMBARGO = auto()


@dataclass(frozen=True)
class Slot:
    """A story at a moment (in UTC)."""

    kind: Kind
    at: datetime
    story: Article  # of _STORY
    shape: str  # of the state: a name in icons.svg
    may_move: bool = False  # by who asked

    @property
    def what(self) -> str:
        """What a move of it calls it."""
        return "scheduled" if self.kind == Kind.CHANGES else str(self.kind)


@dataclass(frozen=True)
class Slots:
    """What stands between two moments, in time order."""

    slots: list[Slot]
    is_cut: bool  # whether there are more than are shown


@dataclass(frozen=True)
class _Asked:
    """What somebody asks to see."""

    by: Actor
    since: datetime
    until: datetime
    t: datetime
    section: int | None

    def openable(self, rows: QuerySet, story: str) -> QuerySet:
        """Those rows whose story (named by a column) may be opened, and is in the section."""
        stories = rights.stories_for(self.by)
        if self.section:
            stories = stories.filter(section=self.section)
        return rows.filter(Exists(stories.filter(pk=OuterRef(story))))


def slots(
    by: Actor,
    since: datetime,
    until: datetime,
    *,
    t: datetime,
    section: int | None = None,
    but: Collection[Kind] = (),
) -> Slots:
    """What stands in [since, until), as it is known at t; one query a kind, and none of `but`."""
    asked = _Asked(by, since, until, t, section)
    found: list[Slot] = []
    is_cut = False
    for kind, of_kind in _KINDS.items():
        if kind in but:
            continue
        rows = list(islice(of_kind(asked), MOST + 1))
        is_cut = is_cut or len(rows) > MOST
        found += rows[:MOST]
    out = {slot.story.pk for slot in found if slot.kind == Kind.PUBLISHED}
    # What came out is due no more.
    kept = [s for s in found if s.kind != Kind.DUE or s.at >= t or s.story.pk not in out]
    return Slots(sorted(kept, key=lambda slot: (slot.at, slot.kind, slot.story.pk)), is_cut)


def _due(asked: _Asked) -> Iterator[Slot]:
    rows = Article.objects.filter(due_at__gte=asked.since, due_at__lt=asked.until)
    rows = asked.openable(rows, "pk").order_by("due_at", "pk").only("due_at", *_STORY)
    for story in rows[: MOST + 1]:
        shape = _SHAPES[DeskStatus(story.status)]
        may = rights.may_edit(asked.by, story)
        yield Slot(Kind.DUE, _known(story.due_at), story, shape, may)


def _known(moment: datetime | None) -> datetime:
    """The moment of a row that was asked for by a range: NULL lies in none."""
    return cast(datetime, moment)


def _scheduled(asked: _Asked) -> Iterator[Slot]:
    rows = Publication.objects.filter(withheld=False, starts_at__lt=asked.until)
    # One lower bound: of two, SQLite's planner takes either.
    if asked.since > asked.t:
        rows = rows.filter(starts_at__gte=asked.since)
    else:
        rows = rows.filter(starts_at__gt=asked.t)
    for row in _of_publications(asked, rows, "starts_at"):
        kind = Kind.CHANGES if row.first_published_at < row.starts_at else Kind.SCHEDULED
        sections = (row.section_id, row.article.section_id)
        may = rights.may(asked.by, VERBS["move"].permission, sections)
        yield Slot(kind, row.starts_at, row.article, "scheduled", may)


def _ends(asked: _Asked) -> Iterator[Slot]:
    since = max(asked.since, asked.t)
    rows = Publication.objects.filter(
        withheld=False, ends_as=EndsAs.EXPIRED, ends_at__gte=since, ends_at__lt=asked.until
    )
    for row in _of_publications(asked, rows, "ends_at"):
        yield Slot(Kind.ENDS, row.ends_at, row.article, "down")


def _of_publications(asked: _Asked, rows: QuerySet, moment: str) -> Iterable[Any]:
    story = [f"article__{name}" for name in _STORY]
    rows = asked.openable(rows, "article").select_related("article").order_by(moment)
    known = rows.only("article", "section", "starts_at", "ends_at", "first_published_at", *story)
    return known[: MOST + 1]


def _published(asked: _Asked) -> Iterator[Slot]:
    # Not ListRow.at(t), which bounds the moment by t as well: of two upper bounds SQLite's
    # planner takes one, and might walk down from the top.
    rows: QuerySet = ListRow.objects.unfinished(asked.t).begun(asked.t)
    rows = rows.filter(kind=ListKind.ALL, what=0, first_published_at__gte=asked.since)
    if asked.until > asked.t:
        rows = rows.filter(first_published_at__lte=asked.t)
    else:
        rows = rows.filter(first_published_at__lt=asked.until)
    rows = asked.openable(rows, "story").select_related("story")
    rows = rows.order_by("-first_published_at", "-story_id")
    story = [f"story__{name}" for name in _STORY]
    for row in rows.only("story", "first_published_at", *story)[: MOST + 1]:
        yield Slot(Kind.PUBLISHED, row.first_published_at, row.story, "live")


def _embargoes(asked: _Asked) -> Iterator[Slot]:
    since = max(asked.since, asked.t)
    rows = Article.objects.filter(embargo__gte=since, embargo__lt=asked.until)
    rows = asked.openable(rows, "pk").order_by("embargo", "pk").only("embargo", *_STORY)
    for story in rows[: MOST + 1]:
        yield Slot(Kind.EMBARGO, _known(story.embargo), story, "private")


_KINDS: dict[Kind, Callable[[_Asked], Iterator[Slot]]] = {
    Kind.DUE: _due,
    Kind.SCHEDULED: _scheduled,
    Kind.PUBLISHED: _published,
    Kind.ENDS: _ends,
    Kind.EMBARGO: _embargoes,
}
_SHAPES = {
    DeskStatus.DRAFT: "draft",
    DeskStatus.IN_REVIEW: "review",
    DeskStatus.READY: "ready",
}
