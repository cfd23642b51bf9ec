"""What somebody means who types where an old address leads: nowhere any more, another site, or what
stands at an address of this one, whose identity is kept where it has one."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.urls import Resolver404, resolve
from django.utils.encoding import iri_to_uri, punycode
from django.utils.translation import gettext as _

from articles import kinds
from articles.models import Article, Author, LeadsTo, Publication, Section, Tag
from articles.old_addresses import LONGEST, normal_form

GONE = ("gone", "410")  # what is typed for it
# Where no reader is led to, and nothing of another system's stands.
NOT_THE_PAPER = ("/admin/", "/share/", settings.STATIC_URL)
# Controls, white space and line separators: no address holds one, and some end a header.
_NOT_IN_AN_ADDRESS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff\\]")
_LISTS: Mapping[str, tuple[LeadsTo, type[Any]]] = {
    "section": (LeadsTo.SECTION, Section),
    "author": (LeadsTo.AUTHOR, Author),
    "tag": (LeadsTo.TAG, Tag),
}
_OF_A_STORY = ("story", "versions", "version")
_an_address = URLValidator(["http", "https"])


@dataclass(frozen=True, slots=True)
class Target:
    """Where an old address leads in the end, as a Redirect keeps it."""

    kind: str
    what: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class OnSite:
    """An address of this site; what stands there is still to be looked up."""

    path: str
    rest: str = ""  # its query and fragment

    @property
    def key(self) -> str:
        """As an old address would be kept."""
        return normal_form(self.path + self.rest)


Goal = Target | OnSite


def goal_of(typed: str) -> Goal:
    """Return what was typed as a goal; raise ValidationError with a sentence for what is none."""
    typed = typed.strip()
    if not typed:
        raise ValidationError(_("Say where it leads, or “gone”."))
    if typed.lower() in GONE:
        return Target(LeadsTo.GONE)
    if found := _NOT_IN_AN_ADDRESS.search(typed):
        raise ValidationError(
            _("There is a character in where it leads that no address holds, U+%(code)04X.")
            % {"code": ord(found[0])}
        )
    if len(typed) > LONGEST:
        raise ValidationError(_too_long() % {"most": f"{LONGEST:,}"})
    if typed.startswith("/") and not typed.startswith("//"):
        parts = SplitResult("", "", *_path_query_fragment(typed))
        return OnSite(unquote(parts.path), _rest(parts))
    return _absolute(typed)


def _too_long() -> str:
    return _("Where it leads is longer than %(most)s characters.")


def _absolute(typed: str) -> Goal:
    wrong = ValidationError(
        _("Where it leads begins with “/”, “https://” or “http://”, or is “gone”.")
    )
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or not host:
        raise wrong
    if parts.username is not None or parts.password is not None:
        raise ValidationError(_("An address with a name or password in it is not led to."))
    if host == urlsplit(settings.SITE_URL).hostname:
        return OnSite(unquote(parts.path) or "/", _rest(parts))
    try:
        plain = punycode(host) if ":" not in host else f"[{host}]"
        netloc = f"{plain}:{port}" if port else plain
        address = iri_to_uri(parts._replace(netloc=netloc).geturl())
        _an_address(address)
    except (UnicodeError, ValidationError):  # of a host's letters, or of what is left of them
        raise ValidationError(_("This is no address of a site.")) from None
    if len(address) > LONGEST:
        raise ValidationError(_too_long() % {"most": f"{LONGEST:,}"})
    return Target(LeadsTo.URL, address=address)


def _path_query_fragment(typed: str) -> tuple[str, str, str]:
    rest, _mark, fragment = typed.partition("#")
    path, _mark, query = rest.partition("?")
    return path, query, fragment


def _rest(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return iri_to_uri(query + (f"#{parts.fragment}" if parts.fragment else ""))


def is_ours(path: str) -> bool:
    """Whether a page of the site's own stands at a path, whatever is published: “/archive/”."""
    place = _place(OnSite(path))
    return place is not None and place.own is not None


@dataclass(frozen=True, slots=True)
class _Place:
    """Of an address that the site knows: its own page, or what has to be looked up."""

    own: Target | None = None
    list: str = ""  # one of _LISTS, and its slug
    slug: str = ""
    story: str = ""  # the path of a story or page of the site
    below: str = ""  # what follows


def _place(asked: OnSite) -> _Place | None:
    path = asked.path
    if path.startswith(NOT_THE_PAPER) or f"{path}/" in NOT_THE_PAPER:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        if path.endswith("/"):
            return None
        return _place(OnSite(f"{path}/", asked.rest))
    name, known = str(match.url_name), match.kwargs
    if name in _OF_A_STORY:
        story = f"/{known['section']}/{known['slug']}/"
        return _Place(story=story, below=path[len(story) :] + asked.rest)
    if name.removesuffix("_feed") in _LISTS:
        below = path.rpartition("/")[2] + asked.rest
        return _Place(
            list=name.removesuffix("_feed"), slug=known["slug"], below=below,
            story=path if name == "section" else "",
        )  # fmt: skip
    if all(isinstance(v, str) and (v.isdecimal() or len(v) == 1) for v in _said(known)):
        return _Place(own=Target(LeadsTo.PATH, address=quote(path, safe="/.-_") + asked.rest))
    return None


def _said(known: Mapping[str, Any]) -> Iterable[Any]:
    """What an address says beside the form of a feed: of a page of ours a date, or a letter."""
    return (value for name, value in known.items() if name != "form")


def standing(asked: Collection[OnSite]) -> dict[OnSite, Target]:
    """What stands at addresses of the site, or is to: those of them at which something does.

    A few queries, however many addresses; for some hundred at a time.
    """
    places = {one: place for one in asked if (place := _place(one))}
    ids = {name: _ids(name, places.values()) for name in _LISTS}
    stories = _stories({place.story for place in places.values() if place.story})
    found = {one: _target(place, ids, stories) for one, place in places.items()}
    return {one: target for one, target in found.items() if target}


def _target(
    place: _Place, ids: Mapping[str, Mapping[str, int]], stories: Mapping[str, int]
) -> Target | None:
    if place.own:
        return place.own
    if place.slug in ids.get(place.list, {}):
        return Target(_LISTS[place.list][0], ids[place.list][place.slug], place.below)
    story = stories.get(place.story)
    return Target(LeadsTo.STORY, story, place.below) if story else None


def _ids(name: str, places: Iterable[_Place]) -> dict[str, int]:
    model = _LISTS[name][1]
    slugs = {place.slug for place in places if place.list == name}
    if not slugs:
        return {}
    rows = model.objects.filter(slug__in=slugs)
    if model is Tag:  # one that was merged is the one that took it over
        values = rows.values_list("slug", "pk", "merged_into")
        return {slug: heir or pk for slug, pk, heir in values}
    return dict(rows.values_list("slug", "pk"))


def _stories(paths: Collection[str]) -> dict[str, int]:
    """The stories that stand, stood, or are to stand at paths."""
    if not paths:
        return {}
    slugs = {path.strip("/").rpartition("/")[2] for path in paths}
    drafts = Article.objects.filter(slug__in=slugs).values_list(
        "pk", "kind", "section__slug", "slug"
    )
    found = {kinds.path_of(kind, section, slug): pk for pk, kind, section, slug in drafts}
    had = Publication.objects.filter(path__in=paths).order_by()
    return found | dict(had.values_list("path", "article").distinct())
