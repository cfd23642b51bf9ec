"""The read API: public stories as ninjs documents, one by one and in lists, for programs."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.core.validators import slug_re
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from articles import body
from articles.kinds import StoryKind
from articles.models import Author, ListKind, Publication, Section, Tag, state_after
from articles.moments import moment_of
from articles.pages import cards, figures, identity, names, ninjs, notes, since
from articles.states import PublicState

ROOT = "/api/"
# After which a story's address says that it ended (410).
TOLD_AS_ENDED = (PublicState.GONE, PublicState.EXPIRED)
# The lists that may be asked for, by the parameter that names one of them.
_LISTS: Mapping[ListKind, QuerySet[Any]] = {
    ListKind.SECTION: Section.objects.only("slug"),
    ListKind.AUTHOR: Author.objects.only("slug"),
    ListKind.TAG: Tag.objects.only("slug", "merged_into"),
}
_HEADERS = {
    # Kept by whoever likes, and asked about each time: nothing may outlive a takedown. There is
    # no Last-Modified, which would not move when a story is taken away.
    "Cache-Control": "public, max-age=0, must-revalidate",
    # For a script of any site: what stands here is public, and to such a script a browser sends
    # neither cookies nor a sign-in along.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link",
}


def for_programs(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Have a view read only, its 404 told in JSON, and nothing sent that is known already."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, **kwargs)
        except Http404:
            return not_found()
        return _unless_known(request, response)

    return answer


@for_programs
def stories(request: HttpRequest) -> HttpResponse:
    """Answer with a page of a list, newest first; what follows it is at its `next`."""
    t, query = moment_of(request), request.GET
    asked = {kind: query[kind] for kind in _LISTS if kind in query}
    kind, what = _list_of(asked)
    if isinstance(what, Tag) and what.merged_into:
        return _moved_to({**query.dict(), ListKind.TAG: what.merged_into.slug})
    page = cards.page(kind, what.pk if what else 0, t, query.get("before"))
    if not page.stories and (asked or "before" in query):
        raise Http404("Nothing public stands there.")
    shown = since.visible(request, page.stories)
    authors = dict.fromkeys(pk for story in shown for pk in story.authors)
    tags = dict.fromkeys(pk for story in shown for pk in story.tags)
    known = names.look_up(t, authors=list(authors), tags=list(tags))
    pictures = figures.look_up_for_programs(t, _own_pictures(shown), ())
    items = [ninjs.brief(story, known, pictures) for story in shown]
    following = _address("api_stories", {**asked, "before": page.older}) if page.older else None
    return _page(items, following)


@for_programs
def takedowns(request: HttpRequest) -> HttpResponse:
    """Answer with a page of the stories of which it is told that they ended, the last one first.

    What is not to be known of stands in none: of it no address says more than of what never was.
    """
    t, before = moment_of(request), request.GET.get("before")
    rows = Publication.objects.told_as_ended(t, until=t)
    if before is not None:
        last = _ended_story(before, t)
        end = last.ends_at or t
        # The end alone makes it one range of the index; the second condition cuts the tie.
        rows = Publication.objects.told_as_ended(t, until=end)
        rows = rows.filter(Q(ends_at__lt=end) | Q(pk__lt=last.pk))
    ended = list(rows[: cards.STORIES_A_PAGE + 1])
    shown = ended[: cards.STORIES_A_PAGE]
    if before is not None and not shown:
        raise Http404("Nothing ended before that.")
    items = [ninjs.stub(row, state_after(row, t)) for row in shown]
    more = {"before": shown[-1].article_id} if len(ended) > len(shown) else None
    return _page(items, _address("api_takedowns", more) if more else None)


@for_programs
def story(request: HttpRequest, story: int) -> HttpResponse:
    """Answer with a story's document; 410 with a stub for one that is gone or expired."""
    t = moment_of(request)
    newest = _newest(story, t)
    if withdrawn := since.withdrawn(request, newest):
        return _ended(withdrawn, PublicState.GONE)
    state = state_after(newest, t)
    if state in TOLD_AS_ENDED:
        return _ended(newest, state)
    if state != PublicState.LIVE:
        raise Http404("It is not to be known of.")
    known = names.look_up(t, authors=newest.authors, tags=newest.tags)
    also_read = since.visible(request, cards.public(newest.also_read, t))
    told = notes.of_story(newest, t)
    within = body.pictures(newest.text.body)
    pictures = figures.look_up_for_programs(t, _own_pictures([newest]), within)
    return _json(ninjs.whole(newest, known, pictures, also_read=also_read, notes=told))


def not_found() -> HttpResponse:
    """Say in JSON that nothing is there (RFC 9457): the same bytes whatever was asked for."""
    status = HTTPStatus.NOT_FOUND
    said = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return _json(said, status=status, content_type="application/problem+json")


def _list_of(asked: Mapping[ListKind, str]) -> tuple[ListKind, Section | Author | Tag | None]:
    """Which list a query asks for; Http404 for a slug that is none, and for two lists at once."""
    if not asked:
        return ListKind.ALL, None
    (kind, slug), *more = asked.items()
    if more or not slug_re.match(slug):
        raise Http404("No such list.")
    return kind, get_object_or_404(_LISTS[kind], slug=slug)


def _page(items: list[ninjs.Document], following: str | None) -> HttpResponse:
    """A page of a list, and where what follows it stands."""
    response = _json({"items": items, "next": following})
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


def _ended_story(before: str, t: datetime) -> Publication:
    """The end of a story after which a page begins; Http404 where it has none that is told."""
    is_id = before.isascii() and before.isdigit() and len(before) < 20
    newest = _newest(int(before) if is_id else cards.LARGEST_ID + 1, t)
    if state_after(newest, t) not in TOLD_AS_ENDED:
        raise Http404("It did not end, or is not to be known of.")
    return newest


def _newest(story: int, t: datetime) -> Publication:
    """A story's newest version that had begun by t, with its text; Http404 where there is none."""
    if story > cards.LARGEST_ID:
        raise Http404("No such story.")
    begun = Publication.objects.begun(t).filter(article=story).exclude(kind=StoryKind.PAGE)
    newest = begun.order_by("-starts_at", "-pk").select_related("text").first()
    if newest is None:
        raise Http404("No such story.")
    return newest


def _own_pictures(stories: Iterable[Publication]) -> list[int]:
    return [story.picture for story in stories if story.picture]


def _ended(newest: Publication, state: PublicState) -> HttpResponse:
    return _json(ninjs.stub(newest, state), status=HTTPStatus.GONE)


def _address(route: str, query: Mapping[Any, Any]) -> str:
    return f"{identity.absolute(reverse(route))}?{urlencode(query)}"


def _moved_to(query: Mapping[Any, Any]) -> HttpResponse:
    return HttpResponse(
        status=301, headers={"Location": _address("api_stories", query), **_HEADERS}
    )


def _json(
    document: Mapping[str, Any],
    *,
    status: HTTPStatus = HTTPStatus.OK,
    content_type: str = "application/json",
) -> HttpResponse:
    # As UTF-8 and not in escapes: the gate lets no lone surrogate into any text.
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return HttpResponse(content, status=status, content_type=content_type, headers=_HEADERS)


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Answer 304 where who asks has these very bytes (RFC 9110, section 13.1.2).

    Of other answers than 200 that is not asked: that a story is gone is told whatever is sent.
    """
    if response.status_code != HTTPStatus.OK:
        return response
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = tag
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if known == ["*"] or tag in {each.removeprefix("W/") for each in known}:
        return HttpResponseNotModified(headers={**_HEADERS, "ETag": tag})
    return response
