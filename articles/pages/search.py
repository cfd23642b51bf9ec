"""What a search finds, and in which order: the stories that hold its words, or whose author or
topic is named by them. Another engine would stand behind `find`, the one function of it that the
page calls.

The index says which versions hold words; that they are public is asked in the same statement, by
the gate itself, before anything is counted. A search looks at the newest POOL stories that hold
its words, and says so where there are more: its cost is the same in any archive.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from articles import reading_index
from articles.kinds import StoryKind
from articles.models import ListKind, ListRow, Publication
from articles.moments import newsroom_zone
from articles.pages import cards, search_names
from articles.pages.search_names import Named
from articles.pages.search_query import DATE, Asked
from articles.words import begins_word, finds, words_in

POOL = 500  # stories
# A long word that so many hold is not also looked for as the beginning of others: SQLite would
# merge all that begins so, however far back.
A_FEW = 20
_FIRST = 1  # stretches of days that PostgreSQL is asked for at first
_ORDER = attrgetter("first_published_at", "article_id")


class Hit(NamedTuple):
    """A version that a search found."""

    pk: int
    article_id: int
    section_id: int
    first_published_at: datetime
    headline: str
    authors: list[int]


@dataclass(frozen=True)
class Hits:
    """What a search found, in its order."""

    found: list[Hit]
    named: list[Named]  # whom or what words of the search name
    is_cut: bool  # more stories hold the words than were looked at


@dataclass(frozen=True)
class Scope:
    """At which moment is searched, and among what was first published when."""

    t: datetime
    since: datetime | None = None
    before: datetime | None = None
    sees_past: bool = False  # whether versions that have ended by now may hold at t


def find(
    asked: Asked,
    t: datetime,
    *,
    sees_past: bool = False,
    visible: Callable[[list[Hit]], list[Hit]] = list,
) -> Hits:
    """Return what is found at t of what was first published in the days asked for.

    Where the site is read as of a moment: `sees_past` says that it has passed, and `visible`
    takes out what was taken down since.
    """
    if not asked.words:
        return Hits([], [], is_cut=False)
    zone = newsroom_zone()
    scope = Scope(t, asked.starts(zone), asked.ends(zone), sees_past)
    named = search_names.named(asked.words, t)
    pool, is_cut = _pool(asked.words, named, scope)
    pool = visible(pool)
    if asked.sort != DATE:
        pool.sort(key=lambda hit: _rank(hit.headline, asked.words))
    return Hits(pool, named, is_cut)


def _rank(headline: str, words: Sequence[str]) -> int:
    """0: the headline holds the words in a row; 1: it holds them all; 2: the text does."""
    if headline.isascii() and not all(word in headline.lower() for word in words):
        return 2  # as most do, which is seen quickly
    own = list(words_in(headline))
    *others, last = words
    ends = [place for place, word in enumerate(own) if finds((last,), word)]
    if not ends or not all(word in own for word in others):
        return 2
    return 0 if any(own[max(end - len(others), 0) : end] == others for end in ends) else 1


# --- The pool ------------------------------------------------------------------------------------


def _pool(words: Sequence[str], named: Sequence[Named], scope: Scope) -> tuple[list[Hit], bool]:
    """The newest POOL stories found, newest first; and whether there are more."""
    pools = [_holding(words, scope), *_of_names(words, named, scope)]
    found = {hit.article_id: hit for pool in pools for hit in pool}
    in_order = sorted(found.values(), key=_ORDER, reverse=True)
    return in_order[:POOL], len(in_order) > POOL or any(len(pool) > POOL for pool in pools)


def _of_names(words: Sequence[str], named: Sequence[Named], scope: Scope) -> Iterator[list[Hit]]:
    """The stories of who is named by some of the words, and that hold the others."""
    for held in dict.fromkeys(name.held for name in named):
        names = [name for name in named if name.held == held]
        rest = [word for word in words if word not in held]
        if rest:
            pool = _holding(rest, scope)
            theirs = _stories_of(names, pool, scope.t)
            yield [hit for hit in pool if hit.article_id in theirs]
        else:
            yield _listed(names, scope)


def _stories_of(names: Sequence[Named], pool: Sequence[Hit], t: datetime) -> Collection[int]:
    found: set[int] = set()
    stories = [hit.article_id for hit in pool]
    for kind in {name.kind for name in names}:
        rows = ListRow.objects.at(t).filter(story__in=stories, kind=kind)
        rows = rows.filter(what__in=[name.pk for name in names if name.kind == kind])
        found.update(rows.values_list("story", flat=True))
    return found


def _listed(names: Sequence[Named], scope: Scope) -> list[Hit]:
    """The newest POOL stories in the lists of some names, and one more where there is."""
    listed: set[tuple[datetime, int]] = set()
    for name in names:
        rows = _within(ListRow.objects.at(scope.t), scope).of(ListKind(name.kind), name.pk)
        listed.update(rows.values_list("first_published_at", "story")[: POOL + 1])
    stories = [story for _moment, story in sorted(listed, reverse=True)[: POOL + 1]]
    rows = ListRow.objects.of_stories(stories, ListKind.ALL, 0, scope.t)
    return _hits(cards.current(rows, scope.t))


def _within(rows: Any, scope: Scope) -> Any:
    if scope.since:
        rows = rows.filter(first_published_at__gte=scope.since)
    if scope.before:
        rows = rows.filter(first_published_at__lt=scope.before)
    return rows


def _hits(rows: QuerySet[Publication]) -> list[Hit]:
    return [Hit._make(row) for row in rows.values_list(*Hit._fields)]


# --- The index -----------------------------------------------------------------------------------


def _holding(words: Sequence[str], scope: Scope) -> list[Hit]:
    """The newest POOL stories that hold all of the words, and one more where there is.

    The last word also finds longer ones that begin with it, unless it finds enough by itself.
    """
    found = _matching(words, scope, goes_on=False)
    is_long = len(words[-1]) > reading_index.LONGEST_BEGINNING
    enough = min(POOL, A_FEW) if is_long else POOL
    if len(found) > enough or not begins_word(words[-1]):
        return found
    return _matching(words, scope, goes_on=True)


def _matching(words: Sequence[str], scope: Scope, *, goes_on: bool) -> list[Hit]:
    stories = Publication.objects.at(scope.t).exclude(kind=StoryKind.PAGE)
    public = _within(stories, scope)
    after = min(scope.t, scope.before or scope.t) + timedelta(minutes=1)
    low = reading_index.first_place_at(scope.since) if scope.since else 1
    high = reading_index.first_place_at(after)
    newest = _newest_on_sqlite if connection.vendor == "sqlite" else _newest_on_postgresql
    found: list[Hit] = []
    for shift in (0, reading_index.PAST) if scope.sees_past else (0,):
        found += newest(public, low + shift, high + shift, words, goes_on=goes_on)
    return sorted(found, key=_ORDER, reverse=True)[: POOL + 1]


# Of some Publications those from one place to another that hold the words: the newest that fill
# the pool, and one more where there is. The words hold letters, marks and digits only.


def _newest_on_sqlite(
    rows: Any, low: int, high: int, words: Sequence[str], *, goes_on: bool
) -> list[Hit]:
    """SQLite walks its index down from the newest, and stops."""
    query = " ".join(f'"{word}"' for word in words) + ("*" if goes_on else "")
    rows = rows.extra(
        tables=["articles_reading_search"],
        where=[
            "articles_reading_search MATCH %s",
            "articles_reading_search.rowid BETWEEN %s AND %s",
            "articles_publication.id = (articles_reading_search.rowid & 2147483647)",
        ],
        params=[query, low, high],
        order_by=["-articles_reading_search.rowid"],
    )
    return _hits(rows[: POOL + 1])


def _newest_on_postgresql(
    rows: Any, low: int, high: int, words: Sequence[str], *, goes_on: bool
) -> list[Hit]:
    """PostgreSQL reads all that holds the words before it sorts it.

    So it is asked for the newest stretches of days, then for half as many again as should fill the
    pool by what was found so far: at least three times as many as were seen, that there be few
    steps; at most fifteen times, since a word may have been rare of late only.
    """
    query = " & ".join(f"'{word}'" for word in words) + (":*" if goes_on else "")
    rows = rows.extra(
        tables=["articles_reading_search"],
        where=[
            "articles_reading_search.words @@ %s::tsquery",
            "articles_publication.id = (articles_reading_search.place & 2147483647)",
        ],
        params=[query],
        order_by=["-articles_reading_search.place"],
    )
    left = reading_index.stretches(low, high)
    found: list[Hit] = []
    seen, count = 0, _FIRST
    while left and len(found) <= POOL:
        newest, left = left[-count:], left[:-count]
        # As the index says it (migration search_by_days); in a SELECT, because PostgreSQL plans for
        # few rows then, however common the words: it never reads a whole table to join it.
        # And as the table's key says it: of a word that all hold, these rows alone are read.
        of_them = rows.extra(
            where=["ARRAY[place >> 46] && (SELECT %s::bigint[])", "place BETWEEN %s AND %s"],
            params=[list(newest), *reading_index.places_in(newest)],
        )
        found += _hits(of_them[: POOL + 1 - len(found)])
        seen += count
        enough = 3 * seen * (POOL + 1 - len(found)) // (2 * len(found) + 1)
        count = min(max(enough, 3 * seen), 15 * seen)
    return found
