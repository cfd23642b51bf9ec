"""Whom or what words of a search name: authors and topics that have a page, by today's name."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length

from articles.models import Author, ListKind, ListRow, Tag
from articles.text import slug_of
from articles.words import finds, words_in

NAMED = 5  # at most, those whose names fit best
_LOOKED_AT = 200  # of each kind
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
    if not asked:
        return []
    found = [*_of(ListKind.AUTHOR, Author, asked, t), *_of(ListKind.TAG, Tag, asked, t)]
    found.sort(key=lambda one: (-len(one.held), one.others, one.name, one.kind))
    return found[:NAMED]


def _of(
    kind: ListKind, model: type[Author] | type[Tag], words: Sequence[str], t: datetime
) -> Iterator[Named]:
    asked = Q()
    for word in words:
        asked |= Q(name__icontains=word) | Q(slug__contains=slug_of(word) or word)
    standing = ListRow.objects.at(t).filter(kind=kind, what=OuterRef("pk"))
    rows = model._default_manager.filter(asked).filter(Exists(standing))
    # The shortest first: of its words the search lacks the fewest.
    rows = rows.order_by(Length("name"), "name", "pk")
    for of in rows.only("name", "slug")[:_LOOKED_AT]:
        own = set(words_in(of.name))
        if held := frozenset(_held(words, own | set(words_in(of.slug)))):
            others = len(own) - len(held)
            yield Named(kind, of.pk, of.name, of.get_absolute_url(), held, others)


def _held(words: Sequence[str], own: Collection[str]) -> Iterator[str]:
    for word in words:
        if word in own or (word == words[-1] and any(finds((word,), one) for one in own)):
            yield word
