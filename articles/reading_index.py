"""The readers' index: which words every version of a story has, from when it is printed on.

One table without a model (migration reading_search): FTS5 on SQLite, a tsvector with GIN on
PostgreSQL. It says nothing of what is public: whoever reads it (pages/search.py) asks the gate in
the same statement. A version has one row while it is not withheld; its place in the index is by
when its story was first published, so that the newest are met first.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection

from articles import body
from articles.models import Publication
from articles.words import different_words_in

# A place is a minute and the version's id. Both fit into the 63 bits of SQLite's row ids: minutes
# until the year 8166, and two thousand million versions.
ID_BITS = 31
# PostgreSQL's index of words also holds of each place its stretch of 23 days (migration
# search_by_days): so the newest can be searched first.
_STRETCH_BITS = ID_BITS + 15
LONGEST_BEGINNING = 6  # letters of a word for which SQLite has an index of what begins with them
# What is added to the place of a version that has ended.
PAST = -(1 << 63)
_FIRST_MINUTE = datetime(1, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_BATCH = 500


class Row(NamedTuple):
    """A version as the index is given it: the body as HTML."""

    key: int
    first_published_at: datetime
    texts: tuple[str, str, str]  # headline, standfirst, body
    is_past: bool = False

    @property
    def place(self) -> int:
        at = place(self.key, self.first_published_at)
        return at + PAST if self.is_past else at


def place(key: int, first_published_at: datetime) -> int:
    """Where a version stands in the index: the later its story was first published, the higher."""
    return first_place_at(first_published_at) | key


def first_place_at(moment: datetime) -> int:
    """The place before all versions of what was first published in a moment's minute, or later."""
    return (moment - _FIRST_MINUTE) // _MINUTE << ID_BITS


def standing(places: Iterable[int]) -> set[int]:
    """Those of some places at which a version stands."""
    asked = list(places)
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute(_sql()["standing"], [json.dumps(asked) if is_sqlite else asked])
        return {row[0] for row in cursor.fetchall()}


def stretches(low: int, high: int) -> range:
    """The stretches of days, the newest last, in which what is indexed between two places stands.

    On PostgreSQL only.
    """
    with connection.cursor() as cursor:
        cursor.execute(_sql()["ends"], [low, high])
        first, last = cursor.fetchone()
    return range(0) if first is None else range(first >> _STRETCH_BITS, (last >> _STRETCH_BITS) + 1)


def places_in(some: range) -> tuple[int, int]:
    """The first and the last place of stretches of days that follow one another."""
    return some[0] << _STRETCH_BITS, ((some[-1] + 1) << _STRETCH_BITS) - 1


def write_many(rows: Iterable[Row]) -> None:
    """Index versions, in place of what was indexed there.

    The past, which only the site as of a moment shows, stands apart, at places below zero: a
    reader's search meets none of a story's earlier versions, however many there are.
    """
    _for_each("write", [(row.place, _held(row.texts)) for row in rows])


def put_away(versions: Iterable[tuple[int, datetime]]) -> None:
    """Move versions (id, first published) that have ended to where the past stands."""
    places = [place(*version) for version in versions]
    if connection.vendor == "sqlite":
        _for_each("copy", [(PAST, at) for at in places])
        _for_each("remove", [(at,) for at in places])
    else:
        _for_each("put_away", [(PAST, at) for at in places])


def remove(versions: Iterable[tuple[int, datetime]]) -> None:
    """Take versions (id, first published) out of the index."""
    places = [place(*version) for version in versions]
    _for_each("remove", [(at + shift,) for at in places for shift in (0, PAST)])


def forget(article_id: int) -> None:
    """Take every version of a story that was withheld whole out of the index."""
    rows = Publication.objects.filter(article=article_id)
    remove(rows.values_list("pk", "first_published_at"))


def purge() -> None:
    """Leave nothing of what was taken out in the database's file; for what is erased by law.

    FTS5 only notes that a row is gone, until it merges its segments.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(_sql()["merge"])


def write(keys: Iterable[int]) -> None:
    """Index versions (ids) as they stand; the caller is in the press's transaction."""
    rows = Publication.objects.filter(pk__in=list(keys), withheld=False)
    write_many(_row(row) for row in rows.select_related("text"))


def rebuild(now: datetime, publications: Any = None) -> int:
    """Index every version anew, in batches; return how many there are.

    `publications` is a queryset: of a migration's own model, whose columns are those of its time.
    """
    rows = Publication.objects.all() if publications is None else publications
    rows = rows.filter(withheld=False).select_related("text").order_by("pk")
    found = (row for row in rows.iterator(chunk_size=_BATCH) if row.starts_at != row.ends_at)
    with connection.cursor() as cursor:
        cursor.execute(_sql()["empty"])
    count = 0
    while batch := list(islice(found, _BATCH)):
        write_many(_row(row, now) for row in batch)
        count += len(batch)
    return count


def _row(row: Any, now: datetime | None = None) -> Row:
    texts = (row.headline, row.text.standfirst, row.text.body)
    is_past = bool(now and row.ends_at and row.ends_at <= now)
    return Row(row.pk, row.first_published_at, texts, is_past)


def _held(texts: tuple[str, str, str]) -> Any:
    """The words of texts, each once, as the index's column takes them."""
    headline, standfirst, html = texts
    # A caption goes with its picture, which may be withdrawn without the story.
    text = body.plain_text(body.without_pictures(html))
    words = different_words_in(f"{headline}\n{standfirst}\n{text}")
    return words if connection.vendor == "postgresql" else " ".join(words)


def _for_each(statement: str, values: list[Any]) -> None:
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(_sql()[statement], values)


def _sql() -> dict[str, str]:
    return _STATEMENTS[connection.vendor]


_STATEMENTS = {
    "sqlite": {
        "write": "INSERT OR REPLACE INTO articles_reading_search (rowid, words) VALUES (%s, %s)",
        "copy": (
            "INSERT OR REPLACE INTO articles_reading_search (rowid, words) "
            "SELECT rowid + %s, words FROM articles_reading_search WHERE rowid = %s"
        ),
        "standing": (
            "SELECT rowid FROM articles_reading_search "
            "WHERE rowid IN (SELECT value FROM json_each(%s))"
        ),
        "remove": "DELETE FROM articles_reading_search WHERE rowid = %s",
        "empty": "DELETE FROM articles_reading_search",
        "merge": (
            "INSERT INTO articles_reading_search (articles_reading_search) VALUES ('optimize')"
        ),
    },
    "postgresql": {
        "write": (
            "INSERT INTO articles_reading_search (place, words) "
            "VALUES (%s, array_to_tsvector(%s::text[])) "
            "ON CONFLICT (place) DO UPDATE SET words = EXCLUDED.words"
        ),
        "put_away": "UPDATE articles_reading_search SET place = place + %s WHERE place = %s",
        "ends": (
            "SELECT min(place), max(place) FROM articles_reading_search "
            "WHERE place BETWEEN %s AND %s"
        ),
        "standing": "SELECT place FROM articles_reading_search WHERE place = ANY(%s)",
        "remove": "DELETE FROM articles_reading_search WHERE place = %s",
        "empty": "DELETE FROM articles_reading_search",
    },
}
