"""The lists of names: every author and every topic that has a page, by letter, and what trends.

A letter is what names begin with, without its accent: É stands under E, Ю under Ю. What a page
costs grows with the number of names, never with the number of stories.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from anyascii import anyascii
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles import text
from articles.models import Author, ListKind, ListRow, Tag
from articles.moments import moment_of
from articles.pages import cards, since
from articles.pages.cache.rendering import keep_until
from articles.pages.frame import render as render_page
from articles.pages.names import look_up

ON_ONE_PAGE = 200  # names; where there are more, each letter has a page
NO_LETTER = "0-9"  # what begins with a digit or a sign
TRENDING = 12  # topics, of the stories of
_TRENDS_FOR = timedelta(days=7)
_LOOKED_AT = 300  # stories, the newest
_ASKED = ("article", "tags", "first_published_at")


@dataclass(frozen=True)
class Entry:
    """An author or topic in a list of names."""

    name: str
    path: str
    about: str = ""


@dataclass(frozen=True)
class _Kind:
    """Of what the names are, and where they stand."""

    kind: ListKind
    model: type[Author] | type[Tag]
    path: str
    about: str  # the field that says something of each
    title: Promise
    intro: Promise

    def standing(self, t: datetime) -> QuerySet[Any]:
        """Those that have a story at t (one merged into another has none), and are not retired."""
        rows = ListRow.objects.at(t).filter(kind=self.kind, what=OuterRef("pk"))
        # A scalar subquery: for an EXISTS PostgreSQL would read the rows of all lists at once.
        newest = Subquery(rows.order_by("-first_published_at", "-story_id").values("story")[:1])
        listed: QuerySet[Any] = self.model._default_manager.filter(retired=False)
        return listed.order_by().alias(newest=newest).filter(newest__isnull=False)

    def entries(self, rows: QuerySet[Any]) -> list[Entry]:
        return [
            Entry(one.name, one.get_absolute_url(), text.excerpt("", getattr(one, self.about)))
            for one in rows.only("name", "slug", self.about)
        ]

    def address(self, letter: str) -> str:
        return f"{self.path}{quote(letter)}/"


_AUTHORS = _Kind(
    ListKind.AUTHOR,
    Author,
    "/authors/",
    "bio",
    _("Our Writers"),
    _("Who writes for us, from A to Z. Each name leads to everything they published."),
)
_TOPICS = _Kind(
    ListKind.TAG,
    Tag,
    "/topics/",
    "description",
    _("Topics"),
    _("What we write about, from A to Z. Each topic leads to all of its stories."),
)


@require_safe
def authors(request: HttpRequest) -> HttpResponse:
    return _first_page(request, _AUTHORS, {})


@require_safe
def authors_under(request: HttpRequest, letter: str) -> HttpResponse:
    return _letter_page(request, _AUTHORS, letter)


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    trending, until = _trending(request)
    answer = _first_page(request, _TOPICS, {"trending": trending})
    keep_until(answer, until)
    return answer


@require_safe
def topics_under(request: HttpRequest, letter: str) -> HttpResponse:
    return _letter_page(request, _TOPICS, letter)


@lru_cache(maxsize=4096)
def letter_of(sign: str) -> str:
    """The letter that a name's first sign stands under, small: a Latin one without what it bears,
    one of another script without its accents, and NO_LETTER for everything else."""
    if not sign.isalpha():
        return NO_LETTER
    plain = anyascii(sign)[:1].lower()
    if unicodedata.name(sign, "").startswith("LATIN") and "a" <= plain <= "z":
        return plain
    return unicodedata.normalize("NFD", sign)[0].lower()


def _first_page(request: HttpRequest, kind: _Kind, context: dict[str, Any]) -> HttpResponse:
    """Every name, where they are few; otherwise those of the first letter that has any."""
    t = moment_of(request)
    found = kind.entries(kind.standing(t)[: ON_ONE_PAGE + 1])
    if len(found) <= ON_ONE_PAGE:
        shown = _by_letter(found)
        letters = [(letter, f"#{letter}") for letter in shown]
    else:
        signs = _signs(kind, t)
        first = next(iter(signs))
        shown = {first: _under(kind, signs[first], t)}
        letters = [(letter, kind.address(letter)) for letter in signs]
    return _render(request, kind, {**context, "letters": letters, "shown": shown}, kind.path)


def _letter_page(request: HttpRequest, kind: _Kind, letter: str) -> HttpResponse:
    if len(letter) == 1 and letter.isalpha() and letter != letter_of(letter):
        return HttpResponsePermanentRedirect(kind.address(letter_of(letter)))
    t = moment_of(request)
    signs = _signs(kind, t)
    if letter not in signs:
        raise Http404("No name begins with this.")
    context = {
        "letters": [(each, kind.address(each)) for each in signs],
        "here": letter,
        "shown": {letter: _under(kind, signs[letter], t)},
    }
    return _render(request, kind, context, kind.address(letter), letter)


def _signs(kind: _Kind, t: datetime) -> dict[str, list[str]]:
    """Every letter that has a name, in order, with the signs that stand under it."""
    found: dict[str, list[str]] = {}
    for sign in kind.standing(t).values_list(Left("name", 1), flat=True).distinct():
        found.setdefault(letter_of(sign), []).append(sign)
    return dict(sorted(found.items(), key=_place))


def _under(kind: _Kind, signs: list[str], t: datetime) -> list[Entry]:
    rows = kind.standing(t).alias(first=Left("name", 1)).filter(first__in=signs)
    return sorted(kind.entries(rows), key=_order)


def _by_letter(entries: list[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=_order):
        found.setdefault(letter_of(entry.name[0]), []).append(entry)
    return dict(sorted(found.items(), key=_place))


def _place(item: tuple[str, Any]) -> tuple[bool, str]:
    """Letters in the order of their signs, and last what begins with none."""
    return item[0] == NO_LETTER, item[0]


def _order(entry: Entry) -> tuple[str, str]:
    """By the name without accents: the databases have each an order of their own."""
    return anyascii(entry.name).casefold(), entry.name


def _trending(request: HttpRequest) -> tuple[list[Entry], datetime | None]:
    """The topics that most stories of the last seven days bear, each two or more of them; and when
    the first of those stories is older."""
    t = moment_of(request)
    fresh = cards.younger_than(_TRENDS_FOR, t)[:_LOOKED_AT]
    stories = since.visible(request, list(cards.current(fresh, t).only(*_ASKED)))
    counts = Counter(tag for story in stories for tag in set(story.tags))
    borne: Counter[Tag] = Counter()
    for tag in Tag.objects.filter(pk__in=counts).select_related("merged_into"):
        borne[tag.merged_into or tag] += counts[tag.pk]
    most = sorted(borne.items(), key=lambda item: (-item[1], item[0].name))
    listed = [tag for tag, count in most if count > 1 and not tag.retired]
    oldest = min((story.first_published_at for story in stories), default=None)
    until = oldest + _TRENDS_FOR if oldest else None
    return [Entry(tag.name, tag.get_absolute_url()) for tag in listed[:TRENDING]], until


def _render(
    request: HttpRequest, kind: _Kind, context: dict[str, Any], path: str, letter: str = ""
) -> HttpResponse:
    t = moment_of(request)
    title = f"{kind.title}: {letter.title()}" if letter else str(kind.title)
    return render_page(
        request,
        "pages/names.html",
        {"title": kind.title, "intro": kind.intro, "path": kind.path, **context},
        names=look_up(t),
        moment=t,
        title=title,
        description=str(kind.intro),
        path=path,
    )
