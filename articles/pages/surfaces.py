"""At which public addresses a story is, or could be, shown; of all it was since it began."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import pixels
from articles.models import (
    Author,
    LeadsTo,
    ListKind,
    ListRow,
    Publication,
    Redirect,
    Rendition,
    Section,
    Tag,
)  # fmt: skip
from articles.models.listing import ListRowQuerySet
from articles.moments import newsroom_zone
from articles.pages import feeds, sitemap_files
from articles.pages.cards import within
from articles.pages.feeds import Listed
from articles.pages.periods import day_of, month_of, year_of
from articles.words import words_of

OLD_ADDRESSES = 20  # of a story that are looked at
# Of a story that shows more pictures, so many are asked for; each in two files.
_PICTURES = 50
_CROPS = (pixels.FULL, pixels.CARD)


@dataclass(frozen=True)
class Surface:
    """A public address where a story could be shown, by name."""

    name: str
    path: str
    is_own: bool = False  # an address of the story itself
    tells: bool = False  # the address says who or what the story was about
    is_file: bool = False  # of a picture that no other story shows: it is to be there no more


def showing(
    publications: Iterable[Publication], t: datetime, *, pointing: Iterable[Publication] = ()
) -> list[Surface]:
    """Every public address where a story could be shown at t: none if it was never public.

    `publications` are its versions that have begun, in any order, withheld ones too; `pointing`
    are what is public of stories that point to it.
    """
    versions = sorted(publications, key=lambda row: (row.starts_at, row.pk), reverse=True)
    if not versions:
        return []
    found = [
        *_own(versions),
        Surface(_("Home"), reverse("home")),
        *_feeds(feeds.site(), Surface(_("All stories"), reverse("home"))),
        *_lists(versions, t),
        *_archive(versions, t),
        *_sitemaps(versions, t),
        Surface(_("Most Read"), reverse("most_read")),
        Surface(_("Corrections"), reverse("corrections")),
        *(surface for row in pointing for surface in _pointing(row)),
        *_search(versions[0].headline),
        *_pictures(versions, t),
    ]
    return list({surface.path: surface for surface in reversed(found)}.values())[::-1]


def _search(headline: str) -> Iterator[Surface]:
    """The search that would find a story by its headline.

    By its words the other way round, and one alone without its last letter: the page prints what
    was looked for, and must not be taken for the headline.
    """
    words = words_of(headline)
    query = " ".join(reversed(words)) if len(words) > 1 else "".join(words)[:-1]
    if query:
        path = f"{reverse('search')}?{urlencode({'q': query})}"
        yield Surface(_("Search: the words of its headline"), path, tells=True)


def _own(versions: Sequence[Publication]) -> list[Surface]:
    newest, *old = dict.fromkeys(row.path for row in versions)
    document = reverse("api_story", args=[versions[0].article_id])
    latest = versions[0].pk
    return [
        Surface(_("The story’s page"), newest, is_own=True),
        *(Surface(_("The story’s page, an earlier address"), path, is_own=True) for path in old),
        Surface(_("The story’s version history"), f"{newest}versions/", is_own=True),
        Surface(_("What one version changed"), f"{newest}versions/{latest}/", is_own=True),
        Surface(_("For programs: the story"), document, is_own=True),
        *_old_addresses(versions[0].article_id),
    ]


def _old_addresses(story: int) -> Iterator[Surface]:
    """Addresses of another system that lead to it, the newest: they answer as its own do."""
    rows = Redirect.objects.filter(kind=LeadsTo.STORY, what=story).order_by("-pk")
    for row in rows[:OLD_ADDRESSES]:
        # Where nothing stands any more, the front page is what such an address shows.
        if not row.source.startswith("/?"):
            # With its slash, if it is one that has one: else that would be added first.
            slash = "" if "?" in row.source or "." in row.source.rpartition("/")[2] else "/"
            yield Surface(_("An old address that leads to it"), row.source + slash, is_own=True)


def _pictures(versions: Sequence[Publication], t: datetime) -> Iterator[Surface]:
    """The largest files of the pictures that the story shows, and no other one does."""
    story = versions[0].article_id
    images = list(dict.fromkeys(pk for row in versions for pk in row.pictures))[:_PICTURES]
    shown = ListRow.objects.at(t).filter(kind=ListKind.PICTURE, what__in=images)
    elsewhere = set(shown.exclude(story=story).values_list("what", flat=True))
    own = [pk for pk in images if pk not in elsewhere]
    rows = Rendition.objects.filter(image__in=own, crop__in=_CROPS, format=pixels.JPEG)
    largest = {(row.image_id, row.crop): row for row in rows.order_by("image_id", "crop", "width")}
    for number, row in enumerate(largest.values(), start=1):
        name = _("A picture of the story, file %(number)d") % {"number": number}
        yield Surface(name, row.get_absolute_url(), tells=True, is_file=True)


def _pointing(row: Publication) -> list[Surface]:
    name = _("Also read: %(story)s") % {"story": row.headline}
    document = reverse("api_story", args=[row.article_id])
    return [
        Surface(name, row.path, tells=True),
        Surface(_("For programs: %(place)s") % {"place": name}, document, tells=True),
    ]


def _lists(versions: Sequence[Publication], t: datetime) -> Iterator[Surface]:
    sections = Section.objects.filter(pk__in={row.section_id for row in versions})
    authors = Author.objects.filter(pk__in={pk for row in versions for pk in row.authors})
    tags = {pk for row in versions for pk in row.tags}
    # What became of a merged tag shows its stories, and its old address leads there.
    merged = Tag.objects.filter(pk__in=tags).exclude(merged_into=None)
    tags |= set(merged.values_list("merged_into", flat=True))
    everything = Surface(_("For programs: all stories"), reverse("api_stories"))
    yield from _deep(everything, _above(ListKind.ALL, 0, versions, t))
    for of in sections:
        name = _("Section: %(name)s") % {"name": of.name}
        yield from _list(ListKind.SECTION, of, Surface(name, of.get_absolute_url()), versions, t)
    for by in authors:
        name = _("Author: %(name)s") % {"name": by.name}
        surface = Surface(name, by.get_absolute_url(), tells=True)
        yield from _list(ListKind.AUTHOR, by, surface, versions, t)
    for on in Tag.objects.filter(pk__in=tags):
        name = _("Tag: %(name)s") % {"name": on.name}
        surface = Surface(name, on.get_absolute_url(), tells=True)
        yield from _list(ListKind.TAG, on, surface, versions, t)


def _archive(versions: Sequence[Publication], t: datetime) -> Iterator[Surface]:
    """The year, month and day on which it came out, and the page that would begin with it."""
    yield Surface(_("Archive"), reverse("archive"))
    for moment in dict.fromkeys(row.first_published_at for row in versions):
        day = moment.astimezone(newsroom_zone()).date()
        found = [scale(day, newsroom_zone()) for scale in (year_of, month_of, day_of)]
        shown = [Surface(_("Archive: %(period)s") % {"period": p.words}, p.path) for p in found]
        yield from shown
        newer = within(moment, found[-1].span.until, t)
        if above := _next_above(newer, moment, versions[0].article_id):
            yield _where_it_stood(shown[-1], above)


def _sitemaps(versions: Sequence[Publication], t: datetime) -> Iterator[Surface]:
    """The files of its months, and of the news of two days that and where it stood."""
    story = versions[0].article_id
    yield Surface(_("News sitemap"), reverse("news_sitemap"))
    for moment in dict.fromkeys(row.first_published_at for row in versions):
        for path in sitemap_files.paths_of(moment, story):
            yield Surface(_("Sitemap of a month"), path)
        if path := sitemap_files.news_path_of(moment, story, t):
            yield Surface(_("News sitemap, where it stood"), path)


def _feeds(listed: Listed, surface: Surface) -> Iterator[Surface]:
    for form in feeds.FORMATS.values():
        name = _("%(list)s, as a feed: %(file)s") % {"list": surface.name, "file": form.file}
        yield Surface(name, listed.address(form), tells=surface.tells)


def _list(
    kind: ListKind,
    of: Section | Author | Tag,
    surface: Surface,
    versions: Sequence[Publication],
    t: datetime,
) -> Iterator[Surface]:
    """A list's pages, for readers and for programs, on which the story stood."""
    name = _("For programs: %(place)s") % {"place": surface.name}
    path = f"{reverse('api_stories')}?{kind}={of.slug}"
    above = _above(kind, of.pk, versions, t)
    yield from _deep(surface, above)
    yield from _feeds(feeds.of(of), surface)
    yield from _deep(Surface(name, path, tells=surface.tells), above)


def _deep(surface: Surface, above: int | None) -> Iterator[Surface]:
    """A list's first page, and the page that would begin with the story."""
    yield surface
    if above:
        yield _where_it_stood(surface, above)


def _above(kind: ListKind, what: int, versions: Sequence[Publication], t: datetime) -> int | None:
    """The story of a list that stands just above where the story would."""
    moment, story = versions[0].first_published_at, versions[0].article_id
    newer = ListRow.objects.at(t).filter(kind=kind, what=what, first_published_at__gte=moment)
    return _next_above(newer, moment, story)


def _next_above(newer: ListRowQuerySet, moment: datetime, story: int) -> int | None:
    """The story of a list that stands right above one that may be in it no more."""
    newer = newer.filter(Q(first_published_at__gt=moment) | Q(story__gt=story))
    above = newer.order_by("first_published_at", "story_id").first()
    return above.story_id if above else None


def _where_it_stood(surface: Surface, above: int) -> Surface:
    return Surface(
        _("%(list)s, where it stood") % {"list": surface.name},
        f"{surface.path}{'&' if '?' in surface.path else '?'}before={above}",
        tells=surface.tells,
    )
