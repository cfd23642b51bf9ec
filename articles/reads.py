"""How reads are counted and ranked: each write is one statement, the same on both databases.

No transaction is opened and none is needed: a statement that fails loses one read, or leaves the
ranking for the next minute.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum

from articles.models import LastRanking, MostRead, ReadsADay, ReadsAnHour
from articles.moments import newsroom_zone

RANKED = 200  # stories: enough that each section finds its own among them
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
# A ranking of a later minute than this was made by a clock that ran ahead, and must not stop all
# others until that minute comes.
_AHEAD = 5 * _MINUTE
# How long a reader's request waits while others write to SQLite. The desk waits longer.
_PATIENCE = 250  # milliseconds

_COUNT = """INSERT INTO articles_readsanhour (story, hour, count) VALUES (%s, %s, 1)
ON CONFLICT (story, hour) DO UPDATE SET count = articles_readsanhour.count + 1"""
_CLAIM = """INSERT INTO articles_lastranking (id, minute) VALUES (1, %s)
ON CONFLICT (id) DO UPDATE SET minute = excluded.minute
WHERE articles_lastranking.minute < excluded.minute OR articles_lastranking.minute > %s"""
_RANK = """INSERT INTO articles_mostread (place, story, reads, minute) VALUES {}
ON CONFLICT (place) DO UPDATE
SET story = excluded.story, reads = excluded.reads, minute = excluded.minute"""
_FOLD = """INSERT INTO articles_readsaday (story, day, count)
SELECT story, %s, sum(count) FROM articles_readsanhour WHERE hour >= %s AND hour < %s
GROUP BY story
ON CONFLICT (story, day) DO UPDATE SET count = articles_readsaday.count + excluded.count"""
# Two that fold at once would both count the hours that neither has deleted yet.
_ONE_FOLDS = "LOCK TABLE articles_readsaday IN SHARE ROW EXCLUSIVE MODE"


def hour_of(t: datetime) -> datetime:
    """Return when the hour of the newsroom's clock that t is in began, in t's zone.

    Not every zone's hours begin with those of UTC, and a day is to be made of whole ones.
    """
    local = t.astimezone(newsroom_zone())
    into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return t - into


def count(story: int, t: datetime) -> None:
    """Count one read of a story (its id), which the caller knows to be public at t.

    Raises django.db.Error where the database is down, or locked for longer than a moment.
    """
    with _soon() as cursor:
        cursor.execute(_COUNT, [story, _moment(hour_of(t))])


def rank_if_due(t: datetime) -> None:
    """Rank the most read of the last 24 hours, the current one among them, once a minute.

    Whoever is the first in a minute does it; who comes meanwhile gets the ranking before. Raises
    django.db.Error as `count`; the next minute's first then does it.
    """
    minute = t.replace(second=0, microsecond=0)
    if LastRanking.objects.filter(minute__range=(minute, minute + _AHEAD)).exists():
        return
    with _soon() as cursor:
        is_ours = _claim(cursor, minute)
    if is_ours and (stories := _most_read(t)):
        _rank(stories, minute)


def fold(day: date, since: datetime, until: datetime) -> None:
    """Make one row a story of all its hours in [since, until), which are the day.

    The caller is in a transaction.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_ONE_FOLDS)
        bounds = _moment(since), _moment(until)
        cursor.execute(_FOLD, [connection.ops.adapt_datefield_value(day), *bounds])
    ReadsAnHour.objects.filter(hour__gte=since, hour__lt=until).delete()


def forget(story: int) -> int:
    """Delete every count of a story (its id); return how many rows there were."""
    # Its place stays until the next ranking, and is no story's.
    emptied: int = MostRead.objects.filter(story=story).update(story=0, reads=0)
    counts = (ReadsAnHour.objects.filter(story=story), ReadsADay.objects.filter(story=story))
    return emptied + sum(rows.delete()[0] for rows in counts)


def _most_read(t: datetime) -> list[tuple[int, int]]:
    """The stories that were read most, and how often; of two the newer story first.

    Asked apart from the writing: SQLite would let nobody else write while it adds up.
    """
    rows = ReadsAnHour.objects.filter(hour__gte=hour_of(t) - 23 * _HOUR).values("story")
    ranked = rows.annotate(reads=Sum("count")).order_by("-reads", "-story")
    return list(ranked.values_list("story", "reads")[:RANKED])


def _rank(stories: Sequence[tuple[int, int]], minute: datetime) -> None:
    """Write a ranking over the last one, in one statement: a page sees the one or the other."""
    values: list[Any] = []
    for place, (story, times) in enumerate(stories, 1):
        values += [place, story, times, _moment(minute)]
    with _soon() as cursor:
        cursor.execute(_RANK.format(", ".join(["(%s, %s, %s, %s)"] * len(stories))), values)


def _claim(cursor: Any, minute: datetime) -> bool:
    """Whether the ranking of this minute is the caller's to do: a compare-and-swap."""
    cursor.execute(_CLAIM, [_moment(minute), _moment(minute + _AHEAD)])
    return bool(cursor.rowcount == 1)


def _moment(moment: datetime) -> Any:
    """A moment as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(moment)


@contextmanager
def _soon() -> Iterator[Any]:
    """A cursor that soon gives up waiting for SQLite's one writer."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            yield cursor
            return
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        try:
            yield cursor
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual:d}")
