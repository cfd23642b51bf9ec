"""What stands around every page: the paper's name, its sections, the day, and the page's head."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext, to_locale

from articles import text
from articles.models import Publication
from articles.moments import AsOf, as_of, newsroom_zone
from articles.pages import feeds, since
from articles.pages.feeds import Alternate, Listed
from articles.pages.holes import PageWithHoles
from articles.pages.identity import absolute
from articles.pages.metadata import NOTHING_MORE, Told, json_ld
from articles.pages.names import Name, Names
from articles.pages.relative_time import words_for_script

# The wordmark is drawn for the demo paper; another paper's name is set in type.
DRAWN_NAME = "The Meridian"


@dataclass(frozen=True)
class Banner:
    """What says above a page that it is shown as of a moment, to who may read it so."""

    moment: datetime
    words: str  # of the moment
    taken_down: list[Publication]  # of what the page shows, since that moment


@dataclass(frozen=True)
class Around:
    """What every page of a day shows above and below, for templates."""

    site_name: str
    name_is_drawn: bool
    moment: datetime  # the day's noon
    navigation: tuple[Name, ...]
    pages: tuple[Name, ...]  # of the site itself: About, Contact …
    breaking: Name | None  # above every page while it breaks


@dataclass(frozen=True)
class Frame:
    """The site around a page, for templates."""

    around: Around
    site_name: str
    language: str
    words: str  # of the relative times, for the script
    title: str  # empty on the home page
    description: str  # as long as search engines show one
    canonical: str  # the page's one address, on SITE_URL
    open_graph: list[tuple[str, str]]
    card: str  # how much room a shared card gives its picture
    json_ld: SafeString
    robots: str  # what search engines may do with the page
    section: str  # the slug of the section whose colour the page bears
    feeds: list[Alternate]
    plain: bool = False  # without what is not printed
    shared: str = ""  # for whom alone the page is, and until when
    as_of: Banner | None = None


def render(
    request: HttpRequest,
    template: str,
    context: dict[str, object],
    *,
    names: Names,
    moment: datetime,
    shown: Sequence[Publication] = (),
    title: str = "",
    description: str = "",
    path: str = "",
    section: str = "",
    told: Told = NOTHING_MORE,
    shared: str = "",
    plain: bool = False,
    lists: Sequence[Listed] = (),
    status: int = 200,
) -> HttpResponse:
    """Render a public page with holes for its labels; the middleware fills them as it is served.

    `shown` are the stories that the page names: as of a moment in the past, those that were taken
    down since bear a mark. `lists` are those that the page is of, to be had as feeds.
    """
    seen = as_of(request)
    canonical = absolute(path) if path else ""
    described = text.description(str(description)).words
    frame = Frame(
        around=_around(names, moment),
        site_name=settings.SITE_NAME,
        language=get_language() or settings.LANGUAGE_CODE,
        words=words_for_script(),
        title=title,
        description=described,
        canonical=canonical,
        open_graph=_open_graph(told, title or settings.SITE_NAME, described, canonical),
        card="summary_large_image" if dict(told.open_graph).get("og:image") else "summary",
        json_ld=json_ld(told, names.pages),
        robots="max-image-preview:large" if path else "noindex",
        section=section,
        feeds=feeds.alternates(*lists, feeds.site()),
        shared=shared,
        plain=plain,
        as_of=_banner(seen, shown) if seen else None,
    )
    # Without the request: beside the banner a public page depends on nothing that a reader sends.
    return PageWithHoles(render_to_string(template, {"frame": frame, **context}), status=status)


def _around(names: Names, moment: datetime) -> Around:
    day = moment.astimezone(newsroom_zone()).replace(hour=12, minute=0, second=0, microsecond=0)
    return Around(
        settings.SITE_NAME,
        settings.SITE_NAME == DRAWN_NAME,
        day.replace(fold=0),
        tuple(names.navigation),
        tuple(names.pages),
        names.banner,
    )


def _open_graph(told: Told, title: str, described: str, address: str) -> list[tuple[str, str]]:
    """What a card says of a page that is shared (ogp.me)."""
    known = [
        ("og:site_name", settings.SITE_NAME),
        ("og:type", told.kind),
        ("og:title", title),
        ("og:description", described),
        ("og:url", address),
        ("og:locale", to_locale(get_language() or settings.LANGUAGE_CODE)),
    ]
    return [(name, content) for name, content in [*known, *told.open_graph] if content]


def _banner(seen: AsOf, shown: Sequence[Publication]) -> Banner:
    local = seen.moment.astimezone(newsroom_zone())
    words = date_format(local, pgettext("date format", "l j F Y, H:i"))
    return Banner(seen.moment, words, since.marked(seen, shown))
