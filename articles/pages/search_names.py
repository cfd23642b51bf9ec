"""Whom or what words of a search name: authors and topics that have a page, by today's name."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import Author, ListKind, ListRow, NameWord, Tag
from articles.words import begins_word, finds, words_in

NAMED = 5  # at most, those whose names fit best
_LOOKED_AT = 200  # of each word
_READ = 40  # of these, the likeliest
_SHORTEST = 3  # letters of a word that names somebody; of another script than ours, one


@dataclass(frozen=True)
class Named:
    """An author or topic, and the words of the search that its name holds."""

    kind: str
    pk: int
    name: str
    path: str
    held: frozenset[str]
    others: int  # words of its name that the search does not have


def named(words: Sequence[str], t: datetime) -> list[Named]:
    """The authors and topics that words of a search name, the best fit first."""
    asked = [word for word in words if len(word) >= _SHORTEST or not word.isascii()]
    held: Counter[tuple[str, int]] = Counter()  # by how many of the words a name is found
    lengths: dict[tuple[str, int], int] = {}
    for word in asked:
        goes_on = word == asked[-1] and begins_word(word)
        for length, kind, what in _called(word.encode(), t, goes_on=goes_on):
            held[kind, what] += 1
            lengths[kind, what] = length
    likely = sorted(held, key=lambda name: (-held[name], lengths[name], name))[:_READ]
    found = [*_of(ListKind.AUTHOR, likely, asked), *_of(ListKind.TAG, likely, asked)]
    found.sort(key=lambda one: (-len(one.held), one.others, one.name, one.kind))
    return found[:NAMED]


def _called(word: bytes, t: datetime, *, goes_on: bool) -> QuerySet[NameWord, tuple[int, str, int]]:
    """Whose name holds a word, or one that it begins: the shortest first, of the word itself."""
    has_page = ListRow.objects.at(t).filter(kind=OuterRef("kind"), what=OuterRef("what"))
    # No letter's UTF-8 holds the byte 255.
    words = Q(word__gte=word, word__lt=word + b"\xff") if goes_on else Q(word=word)
    rows = NameWord.objects.filter(words).filter(Exists(has_page))
    in_order = rows.order_by("word", "length", "kind", "what")
    return in_order.values_list("length", "kind", "what")[:_LOOKED_AT]


def _of(kind: ListKind, names: Sequence[tuple[str, int]], words: Sequence[str]) -> Iterator[Named]:
    model = Author if kind == ListKind.AUTHOR else Tag
    ids = [what for of, what in names if of == kind]
    for of in model._default_manager.filter(pk__in=ids).only("name", "slug") if ids else ():
        own = set(words_in(of.name))
        if held := frozenset(_held(words, own | set(words_in(of.slug)))):
            others = len(own) - len(held)
            yield Named(kind, of.pk, of.name, of.get_absolute_url(), held, others)


def _held(words: Sequence[str], own: Collection[str]) -> Iterator[str]:
    for word in words:
        if word in own or (word == words[-1] and any(finds((word,), one) for one in own)):
            yield word
