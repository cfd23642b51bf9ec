"""Where an old address leads a reader, if it leads anywhere that they may know of.

It is asked only where everything else would have answered 404, and what leads to something hidden
costs and answers the same as an address that never was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import is_valid_path

from articles import old_addresses
from articles.models import (
    Author,
    LeadsTo,
    Publication,
    Redirect,
    Section,
    Tag,
    state_after,
)
from articles.moments import moment_of
from articles.pages import api
from articles.states import PublicState

# Under these stands nothing of another system's: the desk, the API, what is no page.
NO_OLD_ADDRESSES = ("/admin/", api.ROOT, settings.STATIC_URL)
# States of a story whose address says that there was one.
_KNOWN = frozenset({PublicState.LIVE, PublicState.GONE, PublicState.EXPIRED})
_LISTS: Mapping[str, QuerySet[Any]] = {
    LeadsTo.SECTION: Section.objects.all(),
    LeadsTo.AUTHOR: Author.objects.all(),
    LeadsTo.TAG: Tag.objects.all(),
}


@dataclass(frozen=True)
class Lead:
    """Where an old address leads: to an address, to a story, or (neither) nowhere any more."""

    address: str = ""  # of a story only what follows its own
    story: Publication | None = None  # its newest version; whether it is live is not said


def lead(request: HttpRequest) -> Lead | None:
    """Return where a request's address leads; None for one that never was, or is not known of.

    One query, and one more only where the answer says what it found.
    """
    path: str = request.path_info
    # What lacks but its slash is led there first: a page of ours may stand at it.
    needs_slash = not path.endswith("/") and is_valid_path(f"{path}/")
    if path.startswith(NO_OLD_ADDRESSES) or needs_slash:
        return None
    asked = old_addresses.asked(path, request.META.get("QUERY_STRING", ""))
    known = [key for key in {asked.whole, asked.bare} - {"/"} if len(key) <= old_addresses.LONGEST]
    t = moment_of(request)
    rows = Redirect.objects.filter(source__in=known).leading(t) if known else ()
    # That which names more of the address: with its query, where one is kept so.
    found = max(rows, key=lambda row: len(row.source), default=None)
    if found is None:
        return None
    rest = "" if found.source != asked.bare else asked.query
    return _of_story(found, t, rest) if found.kind == LeadsTo.STORY else _lead(found, rest)


def _lead(found: Redirect, query: str) -> Lead | None:
    if found.kind in _LISTS:
        what = _LISTS[found.kind].filter(pk=found.what).first() if found.stands else None
        return Lead(_with(what.get_absolute_url() + found.address, query)) if what else None
    return Lead() if found.kind == LeadsTo.GONE else Lead(_with(found.address, query))


def _of_story(found: Redirect, t: datetime, query: str) -> Lead | None:
    if found.newest is None:
        return None
    # As much of it as says what state the story is in.
    ended = Publication(starts_at=t, ends_at=found.ends_at, ends_as=found.ends_as or "")
    if state_after(ended, t) not in _KNOWN:
        return None
    newest = Publication.objects.begun(t).filter(pk=found.newest).first()
    # Again: somebody may have pressed a verb between the two.
    if newest is None or state_after(newest, t) not in _KNOWN:
        return None
    return Lead(_with(found.address, query), newest)


def _with(address: str, query: str) -> str:
    """An address with a reader's query, unless it brings its own."""
    bare, mark, fragment = address.partition("#")
    return f"{bare}?{query}{mark}{fragment}" if query and "?" not in bare else address
