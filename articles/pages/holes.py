"""Pages with holes: the words of relative times are filled in as a page is served.

So a page can be kept while its labels stay true. A hole is a moment between two NULs, which no
text of a story can hold (articles/text.py), nor anything a reader sends (it is never printed).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.utils.html import escape

from articles.moments import newsroom_zone
from articles.pages.relative_time import relative_time

_HOLE = re.compile(rb"\x00(-?\d+)\x00")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Filled:
    """A page's bytes with every label in place, and when the first of them changes."""

    content: bytes
    until: datetime | None


class PageWithHoles(HttpResponse):
    """A rendered page whose holes `fill_response` fills."""


def hole(then: datetime) -> str:
    """Return the mark that stands for the words of a moment."""
    return f"\x00{(then - _EPOCH) // _MICROSECOND}\x00"


def fill(content: bytes, now: datetime) -> Filled:
    """Return the page as it reads at `now` (aware), in the newsroom's zone."""
    zone = newsroom_zone()
    changes: list[datetime] = []

    def words(found: re.Match[bytes]) -> bytes:
        label = relative_time(_EPOCH + int(found[1]) * _MICROSECOND, now, zone)
        if label.until:
            changes.append(label.until)
        return escape(label.words).encode()

    return Filled(_HOLE.sub(words, content), min(changes, default=None))


def fill_response(response: HttpResponse, now: datetime) -> HttpResponse:
    """Fill a rendered page's holes; anything else is left as it is."""
    if isinstance(response, PageWithHoles):
        response.content = fill(response.content, now).content
        if response.has_header("Content-Length"):  # counted with the holes still empty
            response["Content-Length"] = str(len(response.content))
    return response
