"""The lists of stories: which stories a view, words and filters ask for, and in which order.

What an index of ours holds in the list's order is read from it; what is few is sorted here; and
whatever else is asked for is looked for in a bounded walk (story_walk.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q

from articles.desk import checks, overview, rights, search
from articles.desk.asked import ME, Asked, Due, Order, Readers, View, is_id
from articles.desk.rights import Actor
from articles.desk.story_walk import (
    Key,
    Pile,
    Ranges,
    Row,
    Source,
    Test,
    microseconds,
    of_microseconds,
    rows_of,
    walk,
)
from articles.models import Article, Publication
from articles.moments import newsroom_zone
from articles.states import DeskStatus

# Of the lists that are sorted here: far more than wait, are due or are scheduled in a newsroom.
MOST_WAITING = 1_000
MOST_SCHEDULED = 2_000
# A deadline that passed longer ago is late no more; it was forgotten.
LATE = timedelta(days=90)
# A person of more sections is shown what is theirs of all stories, instead of a merge of ranges.
_MOST_SECTIONS = 3
# What readers see of a story takes five looks at indexes: a fifth of a second for so many.
_MOST_SEEN = 1_500
_TRIED = 50  # stories of four eyes looked at for the next one to approve


@dataclass(frozen=True)
class Place:
    """Where a page of a list begins: at a story, and the moment that it stood at in the list."""

    pk: int
    at: int = 0  # microseconds; 0: where the story stands now

    @classmethod
    def of(cls, typed: str, at: str = "") -> "Place | None":
        """What an address says; None for what is no story's id."""
        if not is_id(typed) or not int(typed):
            return None
        return cls(int(typed), int(at) if is_id(at) else 0)


@dataclass(frozen=True)
class Page:
    """A page of a list: its stories (ids, in order), and where the others are."""

    ids: tuple[int, ...]
    first: Row | None = None
    last: Row | None = None
    newer: Place | None = None  # the page before this one ends before it
    older: Place | None = None  # the next page begins after it
    stopped_at: datetime | None = None  # the walk ended there before the page was full
    is_by_due: bool = False
    is_sorted_here: bool = False  # in an order of its own, which no two moments span


def page(
    asked: Asked,
    *,
    by: Actor,
    now: datetime,
    before: Place | None = None,
    after: Place | None = None,
) -> Page:
    """A page of what is asked for: the first, or what stands after the story `before`, or
    before the story `after`. A place that is no story's gives the first page."""
    if not by.has_perm("articles.view_article"):
        return Page(())
    lists = _List.of(asked, by, now)
    if after and (found := _page_before(lists, after)):
        return found
    return _page_after(lists, before)


@dataclass(frozen=True)
class _List:
    source: Source[Row]
    tests: tuple[Test, ...]
    is_by_due: bool
    is_sorted_here: bool
    most: int | None = None  # stories looked at for a page

    @classmethod
    def of(cls, asked: Asked, by: Actor, now: datetime) -> "_List":
        founds = [search.find(asked.q)] if asked.q else []
        if asked.byline:
            founds.append(search.signed_by(asked.byline))
        source = _source(asked, by, now, founds)
        tests = [*_of_rows(asked, by, now), *(_found_among(found) for found in founds)]
        if readers := _READERS_OF.get(asked.view) or asked.readers:
            tests.append(_seen_as(Readers(readers), now))
        has_own_order = asked.view in (View.QUEUE, View.TODAY)
        return cls(
            source, tuple(tests), _is_by_due(asked), has_own_order, _MOST_SEEN if readers else None
        )

    def key_of(self, place: Place | None) -> Key | None:
        """The place in this list's order; None where there is no such story."""
        row = next(iter(rows_of(Article.objects.filter(pk=place.pk))), None) if place else None
        if row is None or place is None:
            return None
        if isinstance(self.source, Ranges):
            row = _as_it_stood(row, place, self.source.moment)
            if getattr(row, self.source.moment) is None:
                return None
        return self.source.key(row)

    def place(self, row: Row) -> Place:
        moment = row.due_at if self.is_by_due else row.edited_at
        return Place(row.pk, microseconds(moment) if moment else 0)


def _as_it_stood(row: Row, place: Place, moment: str) -> Row:
    """A story saved since its page was shown stands elsewhere by now; the reader goes on where
    they were."""
    if not place.at:
        return row
    try:
        stood = of_microseconds(place.at)
    except (OverflowError, OSError, ValueError):
        return row
    return row._replace(edited_at=stood) if moment == "edited_at" else row._replace(due_at=stood)


def _page_after(lists: _List, before: Place | None) -> Page:
    key = lists.key_of(before)
    walked = walk(lists.source, lists.tests, after=key, most=lists.most)
    first, last = (walked.rows[0], walked.rows[-1]) if walked.rows else (None, None)
    ended = walked.stopped_at or (last if walked.goes_on else None)
    return Page(
        ids=tuple(row.pk for row in walked.rows),
        first=first,
        last=last,
        newer=lists.place(first) if key is not None and first else None,
        older=lists.place(ended) if ended else None,
        stopped_at=_moment(lists, walked.stopped_at),
        is_by_due=lists.is_by_due,
        is_sorted_here=lists.is_sorted_here,
    )


def _page_before(lists: _List, after: Place) -> Page | None:
    """The page that ends before a story; None where the list begins on it."""
    key = lists.key_of(after)
    if key is None:
        return None
    walked = walk(lists.source, lists.tests, after=key, backwards=True, most=lists.most)
    if not walked.goes_on:
        return None
    first, last = (walked.rows[0], walked.rows[-1]) if walked.rows else (None, None)
    began = walked.stopped_at or first
    return Page(
        ids=tuple(row.pk for row in walked.rows),
        first=first,
        last=last,
        newer=lists.place(began) if began else None,
        older=lists.place(last) if last else after,
        stopped_at=_moment(lists, walked.stopped_at),
        is_by_due=lists.is_by_due,
        is_sorted_here=lists.is_sorted_here,
    )


def _moment(lists: _List, row: Row | None) -> datetime | None:
    if row is None:
        return None
    return row.due_at if lists.is_by_due else row.edited_at


# --- In which order --------------------------------------------------------------------------


def _is_by_due(asked: Asked) -> bool:
    if asked.view in (View.QUEUE, View.TODAY):
        return False
    return asked.order == Order.DUE or asked.due in (Due.LATE, Due.TODAY, Due.WEEK)


def _source(asked: Asked, by: Actor, now: datetime, founds: Sequence[search.Found]) -> Source[Row]:
    if asked.view == View.QUEUE:
        return queue()
    if asked.view == View.TODAY:
        return _today(now)
    few = [found.ids for found in founds if found.ids is not None]
    if Readers.SCHEDULED in (asked.readers, _READERS_OF.get(asked.view)):
        few.append(_scheduled(now))
    by_due = _is_by_due(asked)
    if few:
        stories = Article.objects.filter(pk__in=min(few, key=len))
        return Pile(rows_of(stories.order_by()), _by_due if by_due else _by_saved)
    if by_due:
        due = Article.objects.filter(due_at__isnull=False, due_at__gte=now - LATE)
        return Ranges([due], "due_at")
    return Ranges([Article.objects.filter(part) for part in _ranges(asked, by)], "edited_at")


def _by_saved(row: Row) -> Key:
    return (-microseconds(row.edited_at), -row.pk)


def _by_due(row: Row) -> Key:
    return (row.due_at is None, microseconds(row.due_at or row.edited_at), row.pk)


def queue() -> Pile:
    """What is in review: the earliest deadline first, then what was saved longest ago.

    Of more than MOST_WAITING, those saved longest ago. No index has this order; and what waits
    in a newsroom is far less than what one of a status has.
    """
    waiting = Article.objects.filter(status=DeskStatus.IN_REVIEW).order_by("edited_at", "pk")
    rows = rows_of(waiting[:MOST_WAITING])
    return Pile([row for row in rows if not row.erased], _by_due)


def _today(now: datetime) -> Pile:
    """What goes out or is due today, in that order of moments."""
    start, end = day_of(now)
    begins = Publication.objects.filter(starts_at__gte=start, starts_at__lt=end, withheld=False)
    goes_out: dict[int, datetime] = {}
    rows = begins.order_by("starts_at").values_list("article_id", "starts_at")
    for pk, at in rows[:MOST_SCHEDULED]:
        goes_out.setdefault(pk, at)
    due = Article.objects.filter(due_at__isnull=False, due_at__gte=start, due_at__lt=end)
    stories = {row.pk: row for row in rows_of(due.order_by("due_at", "pk")[:MOST_WAITING])}
    stories |= {row.pk: row for row in rows_of(Article.objects.filter(pk__in=goes_out).order_by())}

    def order(row: Row) -> Key:
        is_due = row.due_at is not None and start <= row.due_at < end
        moments = [at for at in (goes_out.get(row.pk), row.due_at if is_due else None) if at]
        return (microseconds(min(moments, default=row.edited_at)), row.pk)

    return Pile(list(stories.values()), order)


def _scheduled(now: datetime) -> frozenset[int]:
    coming = Publication.objects.filter(starts_at__gt=now).order_by("starts_at")
    return frozenset(coming.values_list("article_id", flat=True)[:MOST_SCHEDULED])


def _ranges(asked: Asked, by: Actor) -> list[Q]:
    """The ranges of indexes that together hold all that is asked for, the shortest known."""
    own = rights.sections_of(by)
    mine = [Q(created_by=by.pk), Q(assignee=by.pk)]
    if asked.assignee:
        return [Q(assignee=_assignee(asked, by))]
    if asked.view == View.MINE:
        return mine
    if asked.status and asked.status != DeskStatus.READY:
        return [Q(status=asked.status)]
    if asked.section:
        return [Q(section=int(asked.section))]
    if own and len(own) <= _MOST_SECTIONS:
        return [*(Q(section=pk) for pk in sorted(own)), *mine]
    return [Q(status=asked.status)] if asked.status else [Q()]


def _assignee(asked: Asked, by: Actor) -> int | None:
    if is_id(asked.assignee):
        return int(asked.assignee)
    return by.pk if asked.assignee == ME else None


def day_of(now: datetime) -> tuple[datetime, datetime]:
    """When the newsroom's day begins and ends."""
    zone = newsroom_zone()
    today = now.astimezone(zone).date()
    start, end = (
        datetime.combine(day, time(), tzinfo=zone) for day in (today, today + timedelta(days=1))
    )
    return start, end


# --- Which stories ---------------------------------------------------------------------------

_READERS_OF: Mapping[str, str] = {View.CHANGED: Readers.CHANGES}


def _of_rows(asked: Asked, by: Actor, now: datetime) -> Iterator[Test]:
    """What a row tells by itself."""
    holds = list(_conditions(asked, by, now))
    if holds:
        yield lambda rows: {row.pk for row in rows if all(hold(row) for hold in holds)}


def _conditions(asked: Asked, by: Actor, now: datetime) -> Iterator[Callable[[Row], bool]]:
    if own := rights.sections_of(by):
        yield lambda row: row.section_id in own or _is_mine(row, by)
    if asked.view == View.MINE:
        yield lambda row: _is_mine(row, by)
    if asked.status:
        yield lambda row: row.status == asked.status and not row.erased
    if asked.section:
        yield lambda row: row.section_id == int(asked.section)
    if asked.assignee:
        whom = _assignee(asked, by)
        yield lambda row: row.assignee_id == whom
    if asked.due or _is_by_due(asked):
        yield _due_within(asked.due, now)


def _is_mine(row: Row, by: Actor) -> bool:
    return by.pk in (row.created_by_id, row.assignee_id)


def _due_within(due: str, now: datetime) -> Callable[[Row], bool]:
    start, end = day_of(now)
    if due == Due.NONE:
        return lambda row: row.due_at is None
    ends: Mapping[str, datetime] = {
        Due.LATE: now, Due.TODAY: end, Due.WEEK: end + timedelta(days=6)
    }  # fmt: skip
    latest = ends.get(due)

    def holds(row: Row) -> bool:
        if row.due_at is None or (latest and row.due_at >= latest):
            return False
        is_done = row.status == DeskStatus.READY
        if due == Due.LATE:
            return not is_done
        return row.due_at >= start or not is_done

    return holds


def _found_among(found: search.Found) -> Test:
    return lambda rows: found.among({row.pk for row in rows})


def _seen_as(readers: Readers, now: datetime) -> Test:
    def test(rows: Sequence[Row]) -> set[int]:
        stories = Article.objects.filter(pk__in=[row.pk for row in rows]).order_by()
        stories = stories.only("status", "erased", "held", "embargo")
        known: list[Any] = list(overview.with_public_state(stories, now))
        pairs = overview.pairs_of(known, now)
        return {
            row.pk
            for row in known
            if pairs[row.pk].public.kind in _KINDS[readers]
            or (readers == Readers.SCHEDULED and row.next_start is not None)
        }

    return test


_KINDS = {
    Readers.PRIVATE: ("private",),
    Readers.SCHEDULED: ("scheduled",),
    Readers.LIVE: ("live", "changes"),
    Readers.CHANGES: ("changes",),
    Readers.DOWN: ("down",),
}


# --- One after the other ---------------------------------------------------------------------


def next_to_approve(*, by: Actor, after: Place | None) -> int | None:
    """The story (id) of the queue that an actor may approve after another, or the first one;
    None where there is none but that."""
    waiting = queue()
    rows = waiting.take(None, MOST_WAITING, backwards=False)
    here = next(iter(rows_of(Article.objects.filter(pk=after.pk))), None) if after else None
    if here is not None:
        key = waiting.key(here)
        rows = [row for row in rows if waiting.key(row) > key] + [
            row for row in rows if waiting.key(row) < key
        ]
    return _first_to_approve([row.pk for row in rows if _may_approve(row, by)], by)


def _may_approve(row: Row, by: Actor) -> bool:
    return rights.may(by, "articles.change_others_article", [row.section_id])


def _first_to_approve(ids: list[int], by: Actor) -> int | None:
    stories = Article.objects.select_related("section").defer("body").in_bulk(ids[:_TRIED])
    for pk in ids[:_TRIED]:
        story = stories.get(pk)
        if story and not (story.section.four_eyes and checks.wrote_last(story, by)):
            return pk
    return None
