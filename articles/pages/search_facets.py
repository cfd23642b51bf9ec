"""By what a search can be narrowed: what was found, counted by section and writer; days; order."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from articles.models import ListKind
from articles.pages.names import Name, Names
from articles.pages.search import Hit
from articles.pages.search_query import DATE, RELEVANCE, Asked

MOST_AUTHORS = 6
_PERIODS = {
    7: gettext_lazy("Past week"), 30: gettext_lazy("Past month"), 365: gettext_lazy("Past year"),
}  # fmt: skip


@dataclass(frozen=True)
class Facet:
    """A way to narrow a search, or the one that it is narrowed by."""

    words: str
    path: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True)
class Facets:
    """What a page offers to narrow a search by, each under its heading; and what is left then."""

    groups: list[tuple[str, list[Facet]]]
    found: list[Hit]
    asked: Asked  # without a section or writer that nothing was found of


def busiest_authors(hits: Sequence[Hit]) -> list[int]:
    """The writers (ids) of most of what was found."""
    count = Counter(author for hit in hits for author in hit.authors)
    return sorted(count, key=lambda pk: (-count[pk], pk))[:MOST_AUTHORS]


def narrow(
    asked: Asked, hits: Sequence[Hit], known: Names, author: int | None, today: date
) -> Facets:
    """Narrow what was found to the section and the author (id) asked for, and count the others.

    One that nothing was found of is left out: of nobody is it said whether they exist.
    """
    by_author = [hit for hit in hits if author in hit.authors]
    if asked.author and not by_author:
        remark = _("Nothing was found of the writer asked for.")
        asked = replace(asked, author="", remarks=(*asked.remarks, remark))
    of_them = by_author or list(hits)
    sections = Counter(known.sections[hit.section_id] for hit in of_them)
    in_it = [hit for hit in of_them if known.sections[hit.section_id].slug == asked.section]
    if asked.section and not in_it:
        remark = _("Nothing was found in the section asked for.")
        asked = replace(asked, section="", remarks=(*asked.remarks, remark))
    groups = [
        (_("Section"), _sections(asked, sections)),
        (_("Writer"), _authors(asked, hits, known, author if by_author else None)),
        (_("Published"), list(_periods(asked, today))),
        (pgettext("of a search", "Order"), _orders(asked)),
    ]
    return Facets([(name, facets) for name, facets in groups if facets], in_it or of_them, asked)


def _sections(asked: Asked, count: Counter[Name]) -> list[Facet]:
    in_order = sorted(count, key=lambda name: (-count[name], name.name))
    everything = Facet(_("All"), asked.address(section=""), not asked.section, count.total())
    return [everything] + [
        Facet(of.name, asked.address(section=of.slug), of.slug == asked.section, count[of])
        for of in in_order
    ]


def _authors(asked: Asked, hits: Sequence[Hit], known: Names, author: int | None) -> list[Facet]:
    count = Counter(pk for hit in hits for pk in hit.authors)
    shown = list(dict.fromkeys([*([author] if author else []), *busiest_authors(hits)]))
    if not shown:
        return []
    return [Facet(_("All writers"), asked.address(author=""), not asked.author)] + [
        Facet(of.name, asked.address(author=of.slug), pk == author, count[pk])
        for pk in shown
        if (of := known.by_identity.get((ListKind.AUTHOR, pk)))
    ]


def _periods(asked: Asked, today: date) -> Iterator[Facet]:
    days = asked.since, asked.until
    periods = {None: _("Any time")} | {today - timedelta(days=n): w for n, w in _PERIODS.items()}
    for since, words in periods.items():
        yield Facet(str(words), asked.address(since=since, until=None), days == (since, None))
    if asked.until or asked.since not in periods:
        yield Facet(" – ".join(str(day or "…") for day in days), asked.address(), is_current=True)


def _orders(asked: Asked) -> list[Facet]:
    return [
        Facet(words, asked.address(sort=sort), asked.sort == sort)
        for sort, words in ((RELEVANCE, _("Best match")), (DATE, _("Newest first")))
    ]
