"""The stories of a list as its pages show them: each list is one index range in time order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404

from articles.models import ListKind, ListRow, Publication, Section
from articles.models.listing import ListRowQuerySet

STORIES_A_PAGE = 20
# The largest id a database holds; a longer one is no story's.
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Page:
    """One page of a list: its stories, and the story that the next page comes after."""

    stories: list[Publication]
    older: int | None  # ?before= of the next page; None: this is the last


def newest(kind: ListKind, what: int, t: datetime, *, most: int, but: int = 0) -> list[Publication]:
    """The newest stories of a list at t, `most` of them, without the story `but`."""
    rows = ListRow.objects.at(t).of(kind, what)
    return _publications(rows.exclude(story=but) if but else rows, t, most)


def page(kind: ListKind, what: int, t: datetime, before: str | None) -> Page:
    """A page of a list: the newest, or what comes after the story `before`.

    Raises Http404 for a `before` that is no story of the list at t.
    """
    rows = ListRow.objects.at(t)
    if before is not None:
        rows = ListRow.objects.older_than(_cursor(kind, what, t, before), t)
    return _page(rows.of(kind, what), t)


def public(stories: Sequence[int], t: datetime) -> list[Publication]:
    """Those of the stories (ids) that are public at t, in the order given."""
    if not stories:
        return []
    rows = ListRow.objects.of_stories(stories, ListKind.ALL, 0, t)
    shown = {row.article_id: row for row in _publications(rows, t, len(stories))}
    return [shown[story] for story in stories if story in shown]


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
    places: dict[str, Any] = {}
    for name, picked in lists.items():
        rows = ListRow.objects.at(t).of(picked.kind, picked.what).exclude(story=but)
        # One scalar subquery a place: a union of sliced lists is more than SQLite takes.
        places |= {
            f"{name}_{place}": Subquery(rows.values("story")[place : place + 1])
            for place in range(picked.most)
        }
    [row] = Section.objects.order_by("pk").annotate(**places).values(*places)[:1]
    ids: dict[str, Sequence[int | None]] = {
        name: [row[f"{name}_{place}"] for place in range(picked.most)]
        for name, picked in lists.items()
    }
    ids["more"] = more
    asked = dict.fromkeys(story for found in ids.values() for story in found if story)
    shown = {story.article_id: story for story in public(list(asked), t)}
    return {name: [shown[s] for s in found if s in shown] for name, found in ids.items()}


def page_within(since: datetime, until: datetime, t: datetime, before: str | None) -> Page:
    """A page of what was first published from a moment until another (not in it), as `page`."""
    if before is None:
        rows = within(since, until, t)
    else:
        last = _cursor(ListKind.ALL, 0, t, before)
        if not since <= last.first_published_at < until:
            raise Http404("No such story in this list.")
        older = ListRow.objects.older_than(last, t).of(ListKind.ALL)
        rows = older.filter(first_published_at__gte=since)
    return _page(rows, t)


def within(since: datetime, until: datetime, t: datetime) -> ListRowQuerySet:
    """The list of all stories at t, as far as they were first published between two moments."""
    rows = ListRow.objects.before(until, t).of(ListKind.ALL)
    return rows.filter(first_published_at__gte=since)


def younger_than(age: timedelta, t: datetime) -> ListRowQuerySet:
    """The list of all stories at t, as far as they were first published less than an age before."""
    return within(t - age + timedelta(microseconds=1), t + age, t)


def _page(rows: ListRowQuerySet, t: datetime) -> Page:
    stories = _publications(rows, t, STORIES_A_PAGE + 1)
    shown = stories[:STORIES_A_PAGE]
    return Page(shown, shown[-1].article_id if len(stories) > STORIES_A_PAGE else None)


def current(rows: QuerySet[ListRow], t: datetime) -> QuerySet[Publication]:
    """What readers see at t of the stories of some list rows, in no order."""
    newest = Publication.objects.begun(t).filter(article=OuterRef("story"))
    wanted = rows.annotate(current=Subquery(newest.order_by("-starts_at", "-pk").values("pk")[:1]))
    return Publication.objects.at(t).filter(pk__in=wanted.values("current"))


def _publications(rows: QuerySet[ListRow], t: datetime, most: int) -> list[Publication]:
    found = current(rows[:most], t)
    return sorted(found, key=lambda row: (row.first_published_at, row.article_id), reverse=True)


def _cursor(kind: ListKind, what: int, t: datetime, before: str) -> ListRow:
    story = int(before) if before.isascii() and before.isdigit() and len(before) < 20 else 0
    if 0 < story <= LARGEST_ID:
        for row in ListRow.objects.of_stories([story], kind, what, t):  # one at most
            return row
    raise Http404("No such story in this list.")
