"""The names that pages print: sections, authors, tags and pages of the site, looked up by identity
in one query."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar

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
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.http import Http404

from articles.kinds import StoryKind
from articles.models import Author, Banner, ListKind, ListRow, Publication, Section, Tag
from articles.prepared import prepared

Filed = TypeVar("Filed", Section, Author, Tag)


@dataclass(frozen=True)
class Name:
    """What a page needs to name and link a section, author, tag or page of the site."""

    name: str
    slug: str
    path: str
    # Of an author only.
    job_title: str = ""
    bio: str = ""
    links: str = ""  # one address a line


@dataclass(frozen=True)
class Names:
    """The sections that have a page, in their order, and every name that was asked for."""

    navigation: list[Name]
    pages: list[Name]  # About, Contact …: those that are public, by their headline
    sections: dict[int, Name]
    authors: list[Name]
    tags: list[Name]
    banner: Name | None = None  # what breaks: its words, and the path of its story
    by_identity: Mapping[tuple[str, int], Name] = field(default_factory=dict, repr=False)

    def of(self, kind: ListKind, identities: Iterable[int]) -> list[Name]:
        """Those of some of the authors or tags that were asked for, in their order."""
        return _in_order(self.by_identity, kind, identities)


_PAGE, _BANNER = str(StoryKind.PAGE), "banner"
_PATHS = {
    ListKind.SECTION: "/{}/", ListKind.AUTHOR: "/author/{}/", ListKind.TAG: "/tag/{}/",
    _PAGE: "/{}/", _BANNER: "/{}/",
}  # fmt: skip
_COLUMNS = ("kind_of_row", "pk", "called", "stands_at", "place", "shown")
_PLACE, _CALLED = _COLUMNS.index("place"), _COLUMNS.index("called")
_ABOUT = ("title_of", "about", "elsewhere")  # of an author


def look_up(t: datetime, *, authors: Collection[int] = (), tags: Collection[int] = ()) -> Names:
    """Return the names of all sections, and of the authors and tags asked for in their order.

    A section stands in the navigation while a story of it is public and it is not retired.
    """
    found: dict[tuple[str, int], Name] = {}
    navigation = []
    # In order here and not there: the databases do not agree on what comes after what.
    rows = sorted(_rows(t, authors, tags), key=itemgetter(_PLACE, _CALLED))
    for kind, pk, name, slug, _place, shown, *about in rows:
        slug = slug.strip("/")  # a page of the site is known by its path
        found[kind, pk] = Name(name, slug, _PATHS[kind].format(slug) if slug else "", *about)
        if shown:
            navigation.append(found[kind, pk])
    return Names(
        navigation=navigation,
        pages=[name for (kind, _), name in found.items() if kind == _PAGE],
        sections={pk: name for (kind, pk), name in found.items() if kind == ListKind.SECTION},
        banner=next((name for (kind, _), name in found.items() if kind == _BANNER), None),
        authors=_in_order(found, ListKind.AUTHOR, authors),
        tags=_in_order(found, ListKind.TAG, tags),
        by_identity=found,
    )


def of_slug(model: type[Filed], slug: str) -> Filed:
    """Return the section, author or tag of a slug; raises Http404 where there is none."""
    if found := first_of_slug(model, slug):
        return found
    raise Http404(f"No {model.__name__} is called so.")


def first_of_slug(model: type[Filed], slug: str) -> Filed | None:
    """Return the section, author or tag of a slug; None where there is none."""
    return next(iter(_called(slug, model=model)), None)


@prepared
def _called(slug: str, *, model: Any) -> QuerySet[Any]:
    return model.objects.filter(slug=slug)


def _in_order(
    found: Mapping[tuple[str, int], Name], kind: ListKind, identities: Iterable[int]
) -> list[Name]:
    # A tag that was merged is named as the one that took it over, and both as one.
    return list(dict.fromkeys(found[kind, pk] for pk in identities if (kind, pk) in found))


@prepared
def _rows(t: datetime, authors: Collection[int], tags: Collection[int]) -> QuerySet[Any, tuple]:
    heir = Tag.objects.order_by().filter(pk=OuterRef("merged_into"))
    standing = ListRow.objects.at(t).filter(kind=ListKind.SECTION, what=OuterRef("pk"))
    signing = Author.objects.filter(pk__in=authors)
    borne = Tag.objects.filter(pk__in=tags)
    of_the_site = Publication.objects.at(t).filter(kind=StoryKind.PAGE)
    leads_to = Publication.objects.at(t).filter(article=OuterRef("story")).values("path")
    about: dict[str, Any] = {"title_of": F("job_title"), "about": F("bio"), "elsewhere": F("links")}
    # A retired section keeps its page, but is listed no more.
    shown = Exists(standing) & Q(retired=False)
    place = Cast("order", IntegerField())
    parts = (
        _named(Section.objects.all(), ListKind.SECTION, place=place, shown=shown),
        _named(signing, ListKind.AUTHOR, **about),
        # An heir is looked up by its key: PostgreSQL would read all tags for a join.
        _named(
            borne,
            ListKind.TAG,
            called=Coalesce(Subquery(heir.values("name")), "name"),
            stands_at=Coalesce(Subquery(heir.values("slug")), "slug"),
        ),
        _named(
            Banner.objects.at(t),
            _BANNER,
            called=F("words"),
            stands_at=Coalesce(Subquery(leads_to[:1]), Value("")),
        ),
        _named(of_the_site, _PAGE, pk="article_id", called=F("headline"), stands_at=F("path")),
    )
    return parts[0].union(*parts[1:], all=True).order_by()


def _named(rows: QuerySet, kind: str, *, pk: str = "pk", **columns: Any) -> QuerySet:
    """Rows of the union: of which kind, and what they are called where that is not their name."""
    given: dict[str, Any] = {
        "kind_of_row": Value(str(kind), output_field=CharField()),
        "called": F("name"),
        "stands_at": F("slug"),
        "place": Value(0, output_field=IntegerField()),
        "shown": Value(value=False, output_field=BooleanField()),
        **{name: Value("", output_field=TextField()) for name in _ABOUT},
    }
    names = (pk if name == "pk" else name for name in (*_COLUMNS, *_ABOUT))
    return rows.order_by().annotate(**{**given, **columns}).values_list(*names)
