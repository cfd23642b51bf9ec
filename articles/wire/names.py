"""Which section, author or tag a story file means by a name, and by which name it writes one.

A name is enough where only one bears it, whatever its capitals; a slug in its place does too.
Where a name leaves a doubt it is written with the slug: “Ilse Hartmann <ilse-hartmann-2>”.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from articles.models import Author, Section, Tag
from articles.models.taxonomy import refuse_reserved
from articles.text import slug_of
from articles.wire.faults import shown

Kind = type[Section] | type[Author] | type[Tag]

_WITH_SLUG = re.compile(r"(.+) <([\w-]+)>", re.DOTALL)


@dataclass(eq=False)
class Entry:
    """A section, author or tag; without an id, one that is to be made."""

    kind: Kind
    name: str
    slug: str  # empty: one that is free when it is made
    pk: int | None = None

    def __str__(self) -> str:
        return self.name


class Register:
    """The sections, authors or tags that there are, and those that files name besides.

    Names are compared in Python: SQLite folds the capitals of ASCII only.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.by_name: dict[str, list[Entry]] = {}
        self.by_slug: dict[str, Entry] = {}
        self.by_id: dict[int, Entry] = {}
        rows: Iterable[tuple[str, str, int]] = kind.objects.values_list("name", "slug", "pk")
        for name, slug, pk in rows:
            self.by_id[pk] = self._add(Entry(kind, name, slug, pk), slug)

    def find(self, name: str, slug: str = "") -> Entry:
        """What is meant by a name, with its slug where that is given; a new entry if nothing is.

        Raises ValidationError where it could be more than one, or cannot be made.
        """
        if slug:
            return self._find_by_slug(name, slug)
        namesakes = self.by_name.get(name.casefold(), [])
        if len(namesakes) > 1:
            choice = " or ".join(f"“{entry.name} <{entry.slug}>”" for entry in namesakes)
            raise ValidationError(f"More than one is called “{shown(name)}”. Say which: {choice}.")
        if namesakes:
            return namesakes[0]
        return self.by_slug.get(name) or self._new(name, "")

    def spelled(self, pk: int) -> str:
        """By which name a file means an entry: its slug is added where the name may not do."""
        entry = self.by_id[pk]
        alone = self.by_name[entry.name.casefold()] == [entry]
        plain = alone and entry.slug == slug_of(entry.name) and not split(entry.name)[1]
        return entry.name if plain else f"{entry.name} <{entry.slug}>"

    def _find_by_slug(self, name: str, slug: str) -> Entry:
        if entry := self.by_slug.get(slug):
            if entry.name.casefold() != name.casefold():
                raise ValidationError(f"“{slug}” is the slug of “{entry.name}”, not of this one.")
            return entry
        namesakes = self.by_name.get(name.casefold(), [])
        if namesakes and self.kind is not Author:
            other = namesakes[0].slug
            raise ValidationError(f"The slug of “{shown(name)}” is “{other}”, not “{slug}”.")
        return self._new(name, slug)

    def _new(self, name: str, slug: str) -> Entry:
        likely = slug or slug_of(name)
        if self.kind is Section:
            self._require_address(name, likely)
            slug = likely
        return self._add(Entry(self.kind, name, slug), likely)

    def _require_address(self, name: str, slug: str) -> None:
        """A section’s slug is part of every address in it, so that no other is ever made up."""
        if not slug:
            raise ValidationError(f"No slug can be made of “{shown(name)}”. Write it behind: <…>.")
        refuse_reserved(slug)
        if other := self.by_slug.get(slug):
            raise ValidationError(f"“{slug}” is the slug of the section “{other.name}” already.")

    def _add(self, entry: Entry, slug: str) -> Entry:
        self.by_name.setdefault(entry.name.casefold(), []).append(entry)
        self.by_slug.setdefault(slug, entry)
        return entry


class Registers:
    """The three registers, as the database holds them now."""

    def __init__(self) -> None:
        self.sections = Register(Section)
        self.authors = Register(Author)
        self.tags = Register(Tag)


def split(typed: str) -> tuple[str, str]:
    """Return the name and the slug of “Ilse Hartmann <ilse-hartmann-2>”; without one, no slug."""
    found = _WITH_SLUG.fullmatch(typed)
    return (found[1], found[2]) if found else (typed, "")
