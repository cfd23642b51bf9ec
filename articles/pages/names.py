"""The names that pages print: sections, authors and tags, looked up by identity in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from articles.models import Author, ListKind, ListRow, Section, Tag


@dataclass(frozen=True)
class Name:
    """What a page needs to name and link a section, author or tag."""

    name: str
    slug: str
    path: str


@dataclass(frozen=True)
class Names:
    """The sections that have a page, in their order, and every name that was asked for."""

    navigation: list[Name]
    sections: dict[int, Name]
    authors: list[Name]
    tags: list[Name]


_PATHS = {ListKind.SECTION: "/{}/", ListKind.AUTHOR: "/author/{}/", ListKind.TAG: "/tag/{}/"}
_COLUMNS = ("kind", "pk", "name", "slug", "place", "shown")


def look_up(t: datetime, *, authors: Iterable[int] = (), tags: Iterable[int] = ()) -> Names:
    """Return the names of all sections, and of the authors and tags asked for in their order.

    A section stands in the navigation while a story of it is public and it is not retired.
    """
    found: dict[tuple[str, int], Name] = {}
    navigation = []
    for kind, pk, name, slug, _place, shown in _rows(t, list(authors), list(tags)):
        found[kind, pk] = Name(name, slug, _PATHS[ListKind(kind)].format(slug))
        if shown:
            navigation.append(found[kind, pk])
    return Names(
        navigation=navigation,
        sections={pk: name for (kind, pk), name in found.items() if kind == ListKind.SECTION},
        authors=[found["author", pk] for pk in authors if ("author", pk) in found],
        # A tag that was merged is named as the one that took it over, and both as one.
        tags=list(dict.fromkeys(found["tag", pk] for pk in tags if ("tag", pk) in found)),
    )


def _rows(t: datetime, authors: list[int], tags: list[int]) -> Iterable[tuple]:
    heir = Tag.objects.order_by().filter(pk=OuterRef("merged_into"))
    standing = ListRow.objects.at(t).filter(kind=ListKind.SECTION, what=OuterRef("pk"))
    sections = Section.objects.order_by().annotate(
        kind=Value(str(ListKind.SECTION), output_field=CharField()),
        place=Cast("order", IntegerField()),
        # A retired section keeps its page, but is listed no more.
        shown=Exists(standing) & Q(retired=False),
    )
    return (
        sections.values_list(*_COLUMNS)
        .union(
            _named(Author.objects.filter(pk__in=authors), ListKind.AUTHOR, F("name"), F("slug")),
            _named(
                Tag.objects.filter(pk__in=tags),
                ListKind.TAG,
                # Looked up by its key: PostgreSQL would read all tags for a join.
                Coalesce(Subquery(heir.values("name")), "name"),
                Coalesce(Subquery(heir.values("slug")), "slug"),
            ),
            all=True,
        )
        .order_by("place", "name")
    )


def _named(rows: QuerySet, kind: ListKind, name: Any, slug: Any) -> QuerySet:
    return (
        rows.order_by()
        .annotate(
            kind=Value(str(kind), output_field=CharField()),
            called=name,
            stands_at=slug,
            place=Value(0, output_field=IntegerField()),
            shown=Value(value=False, output_field=BooleanField()),
        )
        .values_list("kind", "pk", "called", "stands_at", "place", "shown")
    )
