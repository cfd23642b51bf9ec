"""The desk's search: which stories hold which words, in their working copy or their byline.

The index is one table without a model (migration 0008): FTS5 on SQLite, a tsvector with GIN on
PostgreSQL. Words are folded and told apart by articles/words.py, so that both find the same. It
holds which words a story has and not where they stand: that is all a list asks, and a story's row
stays small.
Names of authors are not in it, because they are looked up by identity: a rename shows at once.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Q

from articles import body
from articles.models import Article, Author, Byline
from articles.text import slug_of
from articles.words import begins_word, different_words_in, words_in, words_of

FEW = 5_000  # stories: what more of them hold is looked for among those of a list, in its order
_MOST_AUTHORS = 200  # whose names hold a query's words
_MOST_SPLITS = 3  # ways to read a query as some words of a name and the rest of the text
_BATCH = 500


# --- Writing -------------------------------------------------------------------------------------


def write(article: Article) -> None:
    """Index a story's working copy as it stands; the caller is in the transaction of its save."""
    write_many([(article.pk, texts_of(article))])


def texts_of(article: Any) -> tuple[str, ...]:
    """The texts of a working copy that are searched; the body as HTML, last."""
    return (
        article.headline, article.slugline, article.slug, article.standfirst, str(article.body),
    )  # fmt: skip


def write_many(stories: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Index stories, each its id and what texts_of gives of it, in place of what was indexed."""
    rows = [(pk, _held(texts)) for pk, texts in stories]
    with connection.cursor() as cursor:
        cursor.executemany(_sql()["write"], rows)


def remove(article_id: int) -> None:
    """Take a story out of the index."""
    with connection.cursor() as cursor:
        cursor.execute(_sql()["remove"], [article_id])


def erase(article_id: int) -> None:
    """Take a story out of the index, with what the index keeps of rows that were taken out."""
    remove(article_id)
    if connection.vendor == "sqlite":
        # FTS5 only notes that a row is gone, until it next merges its segments.
        with connection.cursor() as cursor:
            cursor.execute(_sql()["merge"])


def known(stories: Collection[int]) -> set[int]:
    """Those of some stories (ids) that are indexed."""
    ids = list(stories)
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute(_sql()["known"], [json.dumps(ids) if is_sqlite else ids])
        return {row[0] for row in cursor.fetchall()}


def rebuild(stories: Any = None) -> int:
    """Index every story anew, in batches; return how many there are.

    `stories` is a queryset: of a migration's own model, whose columns are those of its time.
    """
    rows = Article.objects.all() if stories is None else stories
    found = iter(rows.order_by("pk").iterator(chunk_size=_BATCH))
    with connection.cursor() as cursor:
        cursor.execute(_sql()["empty"])
    count = 0
    while batch := list(islice(found, _BATCH)):
        write_many((row.pk, texts_of(row)) for row in batch)
        count += len(batch)
    return count


def _held(texts: Sequence[str]) -> Any:
    """The words of texts, each once, as the index's column takes them."""
    *lines, html = texts
    words = different_words_in("\n".join([*lines, body.plain_text(html)]))
    return words if connection.vendor == "postgresql" else " ".join(words)


# --- Finding -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reading:
    """One way to read a query: words of the text, and authors who hold the others (empty: none)."""

    words: tuple[str, ...]
    authors: tuple[int, ...] = ()


@dataclass(frozen=True)
class Found:
    """The stories that hold a query's words: in their text, in an author's name, or in both."""

    words: tuple[str, ...]
    readings: tuple[_Reading, ...]

    @cached_property
    def ids(self) -> frozenset[int] | None:
        """All of them; None: more than FEW, so that they are only told from others (`among`)."""
        found: set[int] = set()
        for reading in self.readings:
            some = _stories_of(reading)
            if some is None or len(found | some) > FEW:
                return None
            found |= some
        return frozenset(found)

    def among(self, ids: Collection[int]) -> set[int]:
        """Those of some stories (ids) that are found."""
        if self.ids is not None:
            return set(ids) & self.ids
        found: set[int] = set()
        for reading in self.readings:
            found |= _among(reading, set(ids) - found)
        return found


def find(query: str) -> Found:
    """What a query finds; nothing where there is no word in it."""
    words = words_of(query)
    return Found(words, tuple(_readings(words)) if words else ())


def signed_by(name: str) -> Found:
    """The stories of the authors whose name holds all of the words."""
    words = words_of(name)
    authors = tuple(
        pk
        for pk, own, slug in _authors_of(words)
        if all(_is_held(word, set(words_in(f"{own} {slug}"))) for word in words)
    )
    return Found(words, (_Reading((), authors),) if authors else ())


def _readings(words: tuple[str, ...]) -> Iterator[_Reading]:
    yield _Reading(words)
    held: dict[frozenset[str], list[int]] = defaultdict(list)
    for pk, name, slug in _authors_of(words):
        own = set(words_in(f"{name} {slug}"))
        if signed := frozenset(word for word in words if _is_held(word, own)):
            held[signed].append(pk)
    for signed in sorted(held, key=len, reverse=True)[:_MOST_SPLITS]:
        rest = tuple(word for word in words if word not in signed)
        yield _Reading(rest, tuple(held[signed]))


def _authors_of(words: Iterable[str]) -> list[tuple[int, str, str]]:
    asked = Q()
    for word in words:
        if begins_word(word):
            asked |= Q(name__icontains=word) | Q(slug__contains=slug_of(word) or word)
    if not asked:
        return []
    rows = Author.objects.filter(asked).values_list("pk", "name", "slug")
    return list(rows.order_by("name", "pk")[:_MOST_AUTHORS])


def _is_held(word: str, own: set[str]) -> bool:
    return begins_word(word) and any(held.startswith(word) for held in own)


def _stories_of(reading: _Reading) -> set[int] | None:
    """The stories of a reading; None: more than FEW."""
    if not reading.authors:
        return _few(_holding(reading.words))
    signed = Byline.objects.filter(author__in=reading.authors)
    by_them = _few(list(signed.values_list("article_id", flat=True)[: FEW + 1]))
    if not reading.words or by_them is not None:
        return by_them and _holding_among(reading.words, by_them)
    with_words = _few(_holding(reading.words))
    return with_words and _signed_among(reading.authors, with_words)


def _few(ids: list[int]) -> set[int] | None:
    return set(ids) if len(ids) <= FEW else None


def _among(reading: _Reading, ids: set[int]) -> set[int]:
    signed = _signed_among(reading.authors, ids) if reading.authors else ids
    return _holding_among(reading.words, signed)


def _signed_among(authors: Collection[int], ids: set[int]) -> set[int]:
    rows = Byline.objects.filter(article__in=ids, author__in=authors)
    return set(rows.values_list("article_id", flat=True))


def _holding(words: Sequence[str]) -> list[int]:
    """The stories whose text holds all of the words, FEW and one at most."""
    return _ask(_sql()["holding"], [_match(words), FEW + 1])


def _holding_among(words: Sequence[str], ids: set[int]) -> set[int]:
    """Those of some stories whose text holds all of the words."""
    if not words or not ids:
        return ids
    if connection.vendor == "postgresql":
        return set(_ask(_sql()["among"], [list(ids), _match(words)]))
    # The stored words are read and not the index: FTS5 would look all of a word's stories up anew
    # for each id, or for every part of a list.
    parts = [f" {word}" if begins_word(word) else f" {word} " for word in words]
    marks = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(_sql()["among"].format(marks=marks), list(ids))
        rows = cursor.fetchall()
    return {pk for pk, held in rows if all(part in f" {held} " for part in parts)}


def _ask(sql: str, params: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [pk for (pk,) in cursor.fetchall()]


def _match(words: Sequence[str]) -> str:
    """The words as the database's own query; they hold letters, marks and digits only."""
    if connection.vendor == "postgresql":
        return " & ".join(f"'{word}'{':*' if begins_word(word) else ''}" for word in words)
    return " ".join(f'"{word}"{"*" if begins_word(word) else ""}' for word in words)


def _sql() -> dict[str, str]:
    return _STATEMENTS[connection.vendor]


# Written out: what is put together of pieces has to be read twice for what a person typed.
_STATEMENTS = {
    "sqlite": {
        "write": "INSERT OR REPLACE INTO articles_search (rowid, words) VALUES (%s, %s)",
        "remove": "DELETE FROM articles_search WHERE rowid = %s",
        "empty": "DELETE FROM articles_search",
        "merge": "INSERT INTO articles_search (articles_search) VALUES ('optimize')",
        "known": (
            "SELECT rowid FROM articles_search WHERE rowid IN (SELECT value FROM json_each(%s))"
        ),
        "holding": "SELECT rowid FROM articles_search WHERE articles_search MATCH %s LIMIT %s",
        "among": "SELECT rowid, words FROM articles_search WHERE rowid IN ({marks})",
    },
    "postgresql": {
        "write": (
            "INSERT INTO articles_search (article_id, words) "
            "VALUES (%s, array_to_tsvector(%s::text[])) "
            "ON CONFLICT (article_id) DO UPDATE SET words = EXCLUDED.words"
        ),
        "remove": "DELETE FROM articles_search WHERE article_id = %s",
        "empty": "DELETE FROM articles_search",
        "known": "SELECT article_id FROM articles_search WHERE article_id = ANY(%s)",
        "holding": "SELECT article_id FROM articles_search WHERE words @@ %s::tsquery LIMIT %s",
        "among": (
            "SELECT article_id FROM articles_search "
            "WHERE article_id = ANY(%s) AND words @@ %s::tsquery"
        ),
    },
}
