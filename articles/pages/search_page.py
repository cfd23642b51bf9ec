"""The search's page: what was found, with its words marked; what to narrow it by; suggestions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import Author, ListKind, Publication
from articles.moments import as_of, moment_of, newsroom_zone
from articles.pages import cards, names, search, search_facets, since, snippets
from articles.pages.frame import render as render_page
from articles.pages.names import Names
from articles.pages.search_query import Asked

HITS_A_PAGE = 20
LATEST = 4  # where nothing is found
# What the newest stories are about, and who wrote them, is offered to search for.
_NEWEST, _TOPICS, _WRITERS, _SUGGESTED = 30, 12, 6, 30


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    t, asked = moment_of(request), Asked.read(request.GET)
    seen = as_of(request)
    hits = search.find(
        asked,
        t,
        sees_past=seen is not None and seen.moment < seen.now,
        visible=partial(since.visible, request),
    )
    newest = since.visible(request, cards.newest(ListKind.ALL, 0, t, most=_NEWEST))
    author = _author(asked, hits)
    writers = _most_named(newest, "authors")[:_WRITERS]
    known = names.look_up(
        t,
        authors=[
            *writers,
            *search_facets.busiest_authors(hits.found),
            *([author] if author else []),
        ],
        tags=_most_named(newest, "tags")[:_TOPICS],
    )
    today = t.astimezone(newsroom_zone()).date()
    facets = search_facets.narrow(asked, hits.found, known, author, today)
    page = Paginator(facets.found, HITS_A_PAGE).get_page(asked.page)
    stories = _stories([hit.pk for hit in page.object_list], t)
    latest = [] if stories else newest[:LATEST]
    return render_page(
        request,
        "pages/search.html",
        {
            "asked": facets.asked,
            "facets": facets.groups,
            "hits": _shown(facets.asked, stories, known),
            "named": hits.named,
            "most": search.POOL if hits.is_cut else None,
            "page": page,
            "pages": _pages(facets.asked, page),
            "topics": known.tags,
            "suggested": _suggested(known, writers),
            "latest": latest,
        },
        names=known,
        moment=t,
        shown=[*stories, *latest],
        title=_("Search: %(words)s") % {"words": asked.q} if asked.q else _("Search"),
        description=_("Find a story by its words, its section, its author or its day."),
        # What was found is for who asked: search engines keep the page that asks only.
        path="/search/" if asked == Asked() else "",
    )


def _author(asked: Asked, hits: search.Hits) -> int | None:
    """The writer (id) asked for, if any of what was found is theirs."""
    if not asked.author:
        return None
    author = Author.objects.filter(slug=asked.author).values_list("pk", flat=True).first()
    return author if any(author in hit.authors for hit in hits.found) else None


def _most_named(stories: Iterable[Publication], what: str) -> list[int]:
    """The authors or tags (ids) of most of some stories, the busiest first."""
    return [pk for pk, _n in Counter(pk for s in stories for pk in getattr(s, what)).most_common()]


def _stories(keys: Sequence[int], t: datetime) -> list[Publication]:
    """The versions of a page with their texts, in its order."""
    found = Publication.objects.at(t).filter(pk__in=keys).select_related("text").in_bulk()
    return [found[key] for key in keys if key in found]


def _shown(asked: Asked, stories: Sequence[Publication], known: Names) -> list[dict[str, Any]]:
    return [
        {
            "story": story,
            "section": known.sections[story.section_id],
            "headline": snippets.marked(asked.words, story.headline),
            "snippet": snippets.snippet(asked.words, story.text.standfirst, story.text.body),
        }
        for story in stories
    ]


def _pages(asked: Asked, page: Page) -> list[dict[str, Any]]:
    """The pages that are linked: the first, the last and those beside this one; gaps are empty."""
    elided = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [
        {"number": number, "path": asked.address(page=number)} if isinstance(number, int) else {}
        for number in elided
    ]


def _suggested(known: Names, writers: Sequence[int]) -> list[str]:
    """What can be picked where the words are typed, each once: all of it public by now."""
    theirs = known.of(ListKind.AUTHOR, writers)
    found = dict.fromkeys(of.name for of in (*known.tags, *theirs, *known.navigation))
    return list(found)[:_SUGGESTED]
