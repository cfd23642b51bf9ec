"""Which requests count as a read of a story: a browser's, from our page, by who did not decline.

What a request says of who sent it is looked at here and kept nowhere: no address, no browser, no
session, no cookie. What one who means to inflate a count can still do: docs/ops.md.
"""

import re
from contextlib import suppress

from django.conf import settings
from django.db import Error
from django.http import HttpRequest

from articles import reads
from articles.models import Publication
from articles.moments import as_of, moment_of

_LONGEST = 64  # bytes of a body that are read; an id has no more than 19
_LARGEST_ID = 2**63 - 1
# Every browser says it is Mozilla; of those that say so, these are none.
_ROBOT = re.compile(
    "bot|crawl|spider|slurp|preview|headless|lighthouse|inspect|monitor|externalhit|archive"
    "|scrape|validator|curl|wget|python|http",
    re.IGNORECASE,
)
_NO_ROBOT = re.compile("cubot", re.IGNORECASE)  # a telephone


def receive(request: HttpRequest) -> None:
    """Count the read that a request tells of, if it is one; the one who sent it learns nothing.

    While the database is down, or a long write goes on, a read is lost and nothing else.
    """
    story = _story(request) if _counts(request) else 0
    with suppress(Error):
        if story and _is_public(story, request):
            reads.count(story, moment_of(request))
            reads.rank_if_due(moment_of(request))


def _counts(request: HttpRequest) -> bool:
    headers = request.headers
    declined = headers.get("DNT") == "1" or headers.get("Sec-GPC") == "1"
    ahead = "prefetch" in headers.get("Sec-Purpose", "") or "Purpose" in headers
    agent = _NO_ROBOT.sub("", headers.get("User-Agent", ""))
    robot = not agent.startswith("Mozilla/") or _ROBOT.search(agent)
    return not (declined or ahead or robot or as_of(request)) and _is_from_here(request)


def _is_from_here(request: HttpRequest) -> bool:
    """Whether a page of ours sent it: of two headers no script can forge, the older one always."""
    here = settings.SITE_URL.lower(), f"{request.scheme}://{request.get_host()}"
    return (
        request.headers.get("Origin") in here
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        and request.content_type == "text/plain"
    )


def _story(request: HttpRequest) -> int:
    """The story's id that a body holds; 0 for any other body."""
    try:
        sent = request.read(_LONGEST + 1)
    except OSError:  # the browser went away
        return 0
    number = int(sent) if sent.isdigit() and len(sent) <= _LONGEST else 0
    return number if number <= _LARGEST_ID else 0


def _is_public(story: int, request: HttpRequest) -> bool:
    begun = Publication.objects.begun(moment_of(request)).filter(article=story)
    newest = begun.only("starts_at", "ends_at").order_by("-starts_at", "-pk").first()
    return newest is not None and newest.holds(moment_of(request))
