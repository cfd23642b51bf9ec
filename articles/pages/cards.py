"""The stories of a list as its pages show them: each list is one index range in time order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from articles.kinds import StoryKind
from articles.models import ListKind, ListRow, Publication, Section
from articles.models.listing import ListRowQuerySet
from articles.pages.figures import Picture
from articles.prepared import prepared

STORIES_A_PAGE = 20
# The largest id a database holds; a longer one is no story's.
LARGEST_ID = 2**63 - 1


class Card(NamedTuple):
    """What a list prints of a story, for templates: the same values print the same."""

    path: str
    headline: str
    excerpt: str
    kind: str
    first_published_at: datetime
    card: Picture | None

    @classmethod
    def of(cls, story: Publication) -> "Card":
        return cls(*map(story.__getattribute__, cls._fields))

    def get_kind_display(self) -> str:
        return str(StoryKind(self.kind).label)


@dataclass(frozen=True)
class Page:
    """One page of a list: its stories, and the story that the next page comes after."""

    stories: list[Publication]
    older: int | None  # ?before= of the next page; None: this is the last


def newest(kind: ListKind, what: int, t: datetime, *, most: int, but: int = 0) -> list[Publication]:
    """The newest stories of a list at t, `most` of them, without the story `but`."""
    return _in_order(_newest(t, kind, what, but or None, most=most))


@prepared
def _newest(
    t: datetime, kind: ListKind, what: int, but: int | None, *, most: int
) -> QuerySet[Publication]:
    rows = ListRow.objects.at(t).of(kind, what)
    return current((rows.exclude(story=but) if but else rows)[:most], t)


def page(kind: ListKind, what: int, t: datetime, before: str | None) -> Page:
    """A page of a list: the newest, or what comes after the story `before`.

    Raises Http404 for a `before` that is no story of the list at t.
    """
    if before is None:
        return _page(_newest(t, kind, what, None, most=STORIES_A_PAGE + 1))
    last = _cursor(kind, what, t, before)
    return _page(_older(t, kind, what, last.first_published_at, last.story_id))


@prepared
def _older(
    t: datetime, kind: ListKind, what: int, moment: datetime, story: int
) -> QuerySet[Publication]:
    rows = ListRow.objects.older_than(moment, story, t).of(kind, what)
    return current(rows[: STORIES_A_PAGE + 1], t)


def public(stories: Sequence[int], t: datetime) -> list[Publication]:
    """Those of the stories (ids) that are public at t, in the order given."""
    shown = {row.article_id: row for row in _public(t, stories)} if stories else {}
    return [shown[story] for story in stories if story in shown]


@prepared
def _public(t: datetime, stories: Sequence[int]) -> QuerySet[Publication]:
    rows = ListRow.objects.of_stories(stories, ListKind.ALL, 0, t)
    return current(rows[: len(stories)], t)


@dataclass(frozen=True)
class Picked:
    """The newest stories of one list: which list, and how many of them."""

    kind: ListKind
    what: int
    most: int


def newest_of_some(
    lists: Mapping[str, Picked], t: datetime, *, but: int, more: Sequence[int] = ()
) -> dict[str, list[Publication]]:
    """The newest stories of some lists at t, without the story `but`; and under "more" those of
    the stories `more` (ids) that are public. Two queries for all."""
    whats = [picked.what for picked in lists.values()]
    shapes = tuple((picked.kind, picked.most) for picked in lists.values())
    [row] = _places(t, but, *whats, lists=shapes)
    found = iter(row)
    ids: dict[str, Sequence[int | None]] = {
        name: list(islice(found, picked.most)) for name, picked in lists.items()
    }
    ids["more"] = more
    asked = dict.fromkeys(story for found in ids.values() for story in found if story)
    shown = {story.article_id: story for story in public(list(asked), t)}
    return {name: [shown[s] for s in found if s in shown] for name, found in ids.items()}


@prepared
def _places(
    t: datetime, but: int, *whats: int, lists: Sequence[tuple[ListKind, int]]
) -> QuerySet[Section, tuple]:
    places: list[Subquery] = []
    for what, (kind, most) in zip(whats, lists, strict=True):
        rows = ListRow.objects.at(t).of(kind, what).exclude(story=but).values("story")
        # One scalar subquery a place: a union of sliced lists is more than SQLite takes.
        places += (Subquery(rows[place : place + 1]) for place in range(most))
    return Section.objects.order_by("pk").values_list(*places)[:1]


def page_within(since: datetime, until: datetime, t: datetime, before: str | None) -> Page:
    """A page of what was first published from a moment until another (not in it), as `page`."""
    if before is None:
        rows = within(since, until, t)
    else:
        last = _cursor(ListKind.ALL, 0, t, before)
        if not since <= last.first_published_at < until:
            raise Http404("No such story in this list.")
        older = ListRow.objects.older_than(last.first_published_at, last.story_id, t)
        rows = older.of(ListKind.ALL).filter(first_published_at__gte=since)
    return _page(current(rows[: STORIES_A_PAGE + 1], t))


def within(since: datetime, until: datetime, t: datetime) -> ListRowQuerySet:
    """The list of all stories at t, as far as they were first published between two moments."""
    rows = ListRow.objects.before(until, t).of(ListKind.ALL)
    return rows.filter(first_published_at__gte=since)


def younger_than(age: timedelta, t: datetime) -> ListRowQuerySet:
    """The list of all stories at t, as far as they were first published less than an age before."""
    return within(t - age + timedelta(microseconds=1), t + age, t)


def _page(found: Iterable[Publication]) -> Page:
    stories = _in_order(found)
    shown = stories[:STORIES_A_PAGE]
    return Page(shown, shown[-1].article_id if len(stories) > STORIES_A_PAGE else None)


def current(rows: QuerySet[ListRow], t: datetime) -> QuerySet[Publication]:
    """What readers see at t of the stories of some list rows, in no order."""
    newest = Publication.objects.begun(t).filter(article=OuterRef("story"))
    wanted = rows.annotate(current=Subquery(newest.order_by("-starts_at", "-pk").values("pk")[:1]))
    return Publication.objects.at(t).filter(pk__in=wanted.values("current"))


def _in_order(found: Iterable[Publication]) -> list[Publication]:
    return sorted(found, key=lambda row: (row.first_published_at, row.article_id), reverse=True)


def _cursor(kind: ListKind, what: int, t: datetime, before: str) -> ListRow:
    story = int(before) if before.isascii() and before.isdigit() and len(before) < 20 else 0
    if 0 < story <= LARGEST_ID:
        for row in _standing(t, story, kind, what):  # one at most
            return row
    raise Http404("No such story in this list.")


@prepared
def _standing(t: datetime, story: int, kind: ListKind, what: int) -> QuerySet[ListRow]:
    return ListRow.objects.of_stories([story], kind, what, t)
