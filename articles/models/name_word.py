"""The words of authors' and topics' names, by which a search finds whom it names: a row a word, in
place of a look at each of a hundred thousand names.

Who writes a name writes its words: desk/taxonomy.py, and what inserts many at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from django.db import models, transaction

from articles.kinds import ListKind
from articles.models.taxonomy import Author, Tag
from articles.words import words_in

KINDS_OF_NAMES: Mapping[type[Author] | type[Tag], ListKind] = MappingProxyType(
    {Author: ListKind.AUTHOR, Tag: ListKind.TAG}
)
_BATCH = 500


class NameWordManager(models.Manager["NameWord"]):
    """How the words of names are written."""

    use_in_migrations = True

    def write_all(self, kind: str, names: Any) -> None:
        """Write the words of all authors, or of all tags; `names` is their queryset. Readers and
        writers go on: no more than a batch is held locked."""
        last = 0
        while batch := list(names.filter(pk__gt=last).order_by("pk")[:_BATCH]):
            self.write(kind, batch)
            last = batch[-1].pk

    def write(self, kind: str, names: Sequence[Any]) -> None:
        """Keep the words of authors, or tags, in place of what was kept of them; `kind` is their
        ListKind."""
        with transaction.atomic():
            self.forget(kind, [named.pk for named in names])
            self.add(kind, names)

    def add(self, kind: str, names: Iterable[Any]) -> None:
        """Keep the words of new authors, or new tags."""
        rows = (
            self.model(kind=kind, what=named.pk, word=word.encode(), length=len(named.name))
            for named in names
            for word in dict.fromkeys([*words_in(named.name), *words_in(named.slug)])
        )
        self.bulk_create(rows, batch_size=_BATCH)

    def forget(self, kind: str, ids: Sequence[int]) -> None:
        """Keep no words of authors, or tags, any more."""
        self.filter(kind=kind, what__in=ids).delete()


class NameWord(models.Model):
    """A word of a name, folded (articles/words.py), in UTF-8: of bytes the order is the same on
    both databases, and what begins with a word stands right behind it."""

    word = models.BinaryField(max_length=240)
    length = models.PositiveSmallIntegerField()  # letters of the whole name
    kind = models.CharField(max_length=8)
    what = models.BigIntegerField()

    objects = NameWordManager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # The shortest names that hold a word first: of their words a search lacks the fewest.
            models.Index(fields=["word", "length", "kind", "what"], name="names_of_a_word"),
            models.Index(fields=["kind", "what"], name="words_of_a_name"),
        ]

    def __str__(self) -> str:
        return f"{bytes(self.word).decode()} in {self.kind} {self.what}"
