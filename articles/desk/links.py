"""Where the links of a body lead on this site, and which of these addresses a page answers."""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Coalesce, Concat
from django.urls import Resolver404, resolve, reverse

from articles.kinds import StoryKind
from articles.models import Article, Author, ListKind, ListRow, Publication, Section, Tag
from articles.models.taxonomy import RESERVED_SLUGS

# Of one body; nobody writes so many, and each is a value in the one query.
MOST = 500
_COLUMNS = ("found", "address", "is_live", "is_coming")


class Answer(StrEnum):
    """What readers get at an address of this site."""

    PAGE = "page"
    LATER = "later"  # a story that is scheduled, or still being written
    NOTHING = "nothing"


class Link(NamedTuple):
    """A link as it stands in a text: where it leads, and the words that are underlined."""

    href: str
    words: str


def in_html(html: str) -> list[Link]:
    """Return the links of a cleaned body, or of a piece of one, in their order."""
    if "<a" not in html:
        return []
    reader = _Links()
    reader.feed(html)
    reader.close()
    return [Link(href, " ".join(words.split())) for href, words in reader.links]


def inside(href: str, path: str) -> str | None:
    """Return the path that a link asks this site for; None for what leads elsewhere.

    `path` is the address of the story it stands in: a link to it, or to a place in it, asks for
    nothing.
    """
    own = f"{settings.SITE_URL}{path or '/'}"
    try:
        target = urlsplit(urljoin(own, href.strip()))
        is_here = target.netloc.lower() == urlsplit(own).netloc.lower()
    except ValueError:  # “http://[”: no browser finds its way there either
        return href
    if target.scheme not in ("http", "https") or not is_here or href.startswith(("#", "?")):
        return None
    there = unquote(target.path)
    there = there if there.endswith("/") else f"{there}/"
    return None if there == path else there


def addresses(html: str, path: str) -> set[str]:
    """Return the paths of this site that a body links to, its own left out."""
    found = (inside(link.href, path) for link in in_html(html))
    return {address for address in found if address is not None}


def look_up(paths: Collection[str], t: datetime) -> dict[str, Answer]:
    """Return what readers get at each of the paths at t: one query, and none for no story,
    section, author or tag. Of more than MOST paths the rest is not said."""
    asked = {path: _place(path) for path in sorted(paths)[:MOST]}
    answers = {path: place for path, place in asked.items() if isinstance(place, Answer)}
    answers |= {path: Answer.NOTHING for path in asked if path not in answers}
    places = {place: path for path, place in asked.items() if not isinstance(place, Answer)}
    # A page of the site stands at one word, as a section does.
    places |= {("story", path): path for (kind, _), path in places.items() if kind == "section"}
    for kind, address, is_live, is_coming in _rows(places, t):
        path = places.get((kind, address))
        if path is None or answers[path] == Answer.PAGE:
            continue  # of a working copy that is filed elsewhere, or whose page is known
        if is_live:
            answers[path] = Answer.PAGE
        elif is_coming:
            answers[path] = Answer.LATER
    return answers


_Place = tuple[str, str]  # the kind of page, and what names it among its kind


def _place(path: str) -> Answer | _Place:
    """Which page a path names; an Answer where that needs no look."""
    if not path.isprintable():  # no page has one in its address, and PostgreSQL takes no NUL
        return Answer.NOTHING
    parts = path.strip("/").split("/")
    if parts == [""]:
        return Answer.PAGE
    if len(parts) == 2 and parts[0] in ("author", "tag"):
        return parts[0], parts[1]
    is_reserved = parts[0].partition(".")[0] in RESERVED_SLUGS
    if is_reserved and _is_page(path):
        return Answer.PAGE
    if len(parts) == 1:
        return "section", parts[0]
    if is_reserved:
        return Answer.NOTHING
    return ("story", path) if len(parts) == 2 else Answer.NOTHING


def _is_page(path: str) -> bool:
    """Whether readers get a page, or a file, at an address that is no story’s."""
    if path.startswith(settings.STATIC_URL):
        return _is_file(path.removeprefix(settings.STATIC_URL).strip("/"))
    if path.startswith(reverse("admin:index")):  # a reader stands before the sign-in there
        return False
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return found.url_name not in ("section", "story")  # which no reserved word names


def _is_file(name: str) -> bool:
    try:
        found = finders.find(name)
    except SuspiciousFileOperation:  # out of the folder: “../../etc/passwd”
        return False
    return found is not None and Path(found).is_file()


def _rows(places: Iterable[_Place], t: datetime) -> Iterable[tuple[Any, ...]]:
    of_kind: dict[str, list[str]] = {}
    for kind, address in places:
        of_kind.setdefault(kind, []).append(address)
    stories = of_kind.get("story", [])
    slugs = [path.strip("/").rpartition("/")[2] for path in stories]
    parts = [_published(stories, t), _written(slugs, t)] if stories else []
    named: tuple[tuple[ListKind, Any], ...] = (
        (ListKind.SECTION, Section), (ListKind.AUTHOR, Author), (ListKind.TAG, Tag)
    )  # fmt: skip
    parts += [
        _columns(
            _with_heir(model.objects.filter(slug__in=of_kind[kind])),
            str(kind),
            address=F("slug"),
            # It has a page as long as a list of it has a story.
            is_live=Exists(ListRow.objects.at(t).filter(kind=kind, what=OuterRef(_WHAT[kind]))),
            is_coming=_said(is_true=False),
        )
        for kind, model in named
        if kind in of_kind
    ]  # fmt: skip
    if len(parts) > 1:
        return parts[0].union(*parts[1:], all=True).order_by()
    return parts[0] if parts else ()


# What the lists of each are kept by: a merged tag’s by the one that took it over.
_WHAT = {ListKind.SECTION: "pk", ListKind.AUTHOR: "pk", ListKind.TAG: "heir"}


def _published(paths: list[str], t: datetime) -> QuerySet:
    """Paths that a version had or will have: its story may be live elsewhere by now (301)."""
    versions = Publication.objects.filter(article=OuterRef("article"), withheld=False)
    return _columns(
        Publication.objects.filter(path__in=paths, withheld=False),
        "story",
        address=F("path"),
        is_live=Exists(Publication.objects.at(t).filter(article=OuterRef("article"))),
        is_coming=Exists(versions.filter(starts_at__gt=t)),
    ).distinct()


def _written(slugs: list[str], t: datetime) -> QuerySet:
    """Paths that working copies will have, as long as readers never had the story."""
    begun = Publication.objects.filter(article=OuterRef("pk"), starts_at__lte=t)
    return _columns(
        Article.objects.filter(slug__in=slugs, erased=False),
        "story",
        address=Case(
            When(kind=StoryKind.PAGE, then=_between_slashes("slug")),
            default=_between_slashes("section__slug", "slug"),
        ),
        is_live=_said(is_true=False),
        is_coming=~Exists(begun),
    )


def _between_slashes(*slugs: str) -> Concat:
    parts: list[Any] = [Value("/")]
    for slug in slugs:
        parts += [F(slug), Value("/")]
    return Concat(*parts, output_field=CharField())


def _with_heir(rows: QuerySet) -> QuerySet:
    return rows.annotate(heir=Coalesce("merged_into", "pk")) if rows.model is Tag else rows


def _columns(rows: QuerySet, kind: str, **columns: Any) -> QuerySet:
    said = Value(kind, output_field=CharField())
    return rows.order_by().annotate(found=said, **columns).values_list(*_COLUMNS)


def _said(*, is_true: bool) -> Value:
    return Value(is_true, output_field=BooleanField())


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[list[str]] = []
        self.is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links.append([dict(attrs).get("href") or "", ""])
            self.is_open = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.is_open = False

    def handle_data(self, data: str) -> None:
        if self.is_open:
            self.links[-1][1] += data
