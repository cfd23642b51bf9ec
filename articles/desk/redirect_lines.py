"""The redirects as the desk reads them, and as a file holds them: from where, and to where."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.encoding import uri_to_iri

from articles import kinds
from articles.desk.asked import is_id
from articles.models import Article, Author, LeadsTo, Publication, Redirect, Section, Tag
from articles.old_addresses import normal_form

_AT_ONCE = 500
_LISTS: Mapping[str, type[Any]] = {
    LeadsTo.SECTION: Section, LeadsTo.AUTHOR: Author, LeadsTo.TAG: Tag,
}  # fmt: skip


class Line(NamedTuple):
    """A redirect in words."""

    row: Redirect
    source: str  # in the letters of its script
    to: str  # an address, “gone”, or empty: what it led to was deleted

    @property
    def is_lost(self) -> bool:
        return not self.to


def lines(rows: Iterable[Redirect]) -> list[Line]:
    """Some redirects, with where each leads today; a few queries."""
    known = list(rows)
    paths = _paths(known)
    return [Line(row, uri_to_iri(row.source), _to(row, paths)) for row in known]


def as_file() -> Iterator[tuple[str, str]]:
    """All redirects that lead anywhere, as `from` and `to`: importing them changes nothing."""
    last = ""
    while rows := list(Redirect.objects.filter(source__gt=last).order_by("source")[:_AT_ONCE]):
        yield from ((line.row.source, line.to) for line in lines(rows) if not line.is_lost)
        last = rows[-1].source


def found(rows: QuerySet[Redirect], typed: str) -> QuerySet[Redirect]:
    """Those of some redirects of which an address holds what was typed."""
    typed = "".join(char for char in typed.strip() if char.isprintable())
    if not typed:
        return rows
    # An address that was copied from somewhere is looked for as it is kept.
    form = normal_form(typed)
    part = form if typed.startswith(("/", "http")) else form.removeprefix("/")
    wanted = Q(source__icontains=part) | Q(address__icontains=part)
    if is_id(typed):
        wanted |= Q(kind=LeadsTo.STORY, what=int(typed))
    return rows.filter(wanted)


def _to(row: Redirect, paths: Mapping[tuple[str, int], str]) -> str:
    if row.what is None:
        return row.address or "gone"
    path = paths.get((row.kind, row.what))
    return path + row.address if path else ""


def _paths(rows: Iterable[Redirect]) -> dict[tuple[str, int], str]:
    """The addresses of what redirects name, of stories the newest, by kind and id."""
    named = {(row.kind, row.what) for row in rows if row.what is not None}
    ids = {kind: [pk for own, pk in named if own == kind] for kind, _pk in named}
    found = {
        (str(kind), what.pk): what.get_absolute_url()
        for kind, model in _LISTS.items()
        for what in (model.objects.filter(pk__in=ids[kind]) if ids.get(kind) else ())
    }
    stories = ids.get(LeadsTo.STORY, [])
    return found | {(str(LeadsTo.STORY), pk): path for pk, path in _story_paths(stories).items()}


def _story_paths(stories: list[int]) -> dict[int, str]:
    if not stories:
        return {}
    # What readers had last, or are to have; of a draft where it is going to be.
    versions = Publication.objects.filter(article=OuterRef("pk")).order_by("-starts_at", "-pk")
    rows = Article.objects.filter(pk__in=stories).annotate(
        had=Subquery(versions.values("path")[:1])
    )
    values = rows.values_list("pk", "had", "kind", "section__slug", "slug").order_by()
    return {pk: had or kinds.path_of(*draft) for pk, had, *draft in values}
