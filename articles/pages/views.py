"""The readers' pages: home, lists, story and corrections, as they are at the request's moment."""

from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import body, text
from articles.kinds import StoryKind
from articles.models import Author, ListKind, Publication, Section, Tag
from articles.models.front import HOME
from articles.moments import moment_of
from articles.pages import (
    cards,
    feeds,
    figures,
    fronts,
    metadata,
    names,
    notes,
    ranking,
    since,
)  # fmt: skip
from articles.pages.cards import Card
from articles.pages.frame import render as render_page
from articles.pages.metadata import Told
from articles.pages.missing import (
    ended,
    led_from_an_old_address,
    moved_or_missing,
    moved_to,
)  # fmt: skip
from articles.pages.names import Name
from articles.prepared import prepared
from articles.states import PublicState

RECENT_POSTS = 6
OF_THE_SECTION = 4  # below a story


class Block(NamedTuple):
    """What the home page shows of a section."""

    section: Name
    stories: tuple[Card, ...]


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    # The front page reads no query: “/?p=123” is another system's address, or nobody's.
    led = led_from_an_old_address(request) if request.META.get("QUERY_STRING") else None
    return led or home_page(request, fronts.pinned(HOME, moment_of(request)))


def home_page(request: HttpRequest, pins: fronts.Pinned) -> HttpResponse:
    """Return the home page with some stories put by hand into its slots: by place, their ids."""
    t = moment_of(request)
    front = fronts.home(pins, t)
    visible = since.visible(request, front.stories)
    seen = {story.pk for story in visible}
    top = [story for story in front.top if story.pk in seen]
    latest = [story for story in front.latest if story.pk in seen]
    lead = top[0] if top else None
    known = names.look_up(t, authors=lead.authors if lead else ())
    without = {story.pk for story in latest}  # these are shown by their headlines
    figures.look_up(t, [story for story in visible if story.pk not in without])
    in_navigation = [pk for pk, name in known.sections.items() if name in known.navigation]
    most_read = ranking.most_read(request, ListKind.ALL, 0)
    blocks = [
        Block(known.sections[pk], tuple(Card.of(s) for s in front.of_sections[pk] if s.pk in seen))
        for pk in in_navigation
    ]
    return render_page(
        request,
        "pages/home.html",
        {
            "lead": lead and with_sections([lead], known)[0],
            # The one story of a list that shows its standfirst whole.
            "standfirst": lead and (lead.text.standfirst or lead.excerpt),
            "authors": known.authors,
            "second": with_sections(top[1:], known),
            "latest": latest,
            "blocks": [block for block in blocks if block.stories],
            "most_read": most_read,
        },
        names=known,
        moment=t,
        shown=[*visible, *most_read],
        description=feeds.site().description,
        told=metadata.of_home(),
        path="/",
    )


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = names.first_of_slug(Section, slug)
    if found is None:  # at one word there stands a section, or a page of the site
        if "before" in request.GET:
            raise Http404("No story stands in a list here.")
        return _text_at(request, f"/{slug}/")
    is_front = "before" not in request.GET
    return section_page(
        request, found, fronts.pinned(found.pk, moment_of(request)) if is_front else {}
    )


def section_page(request: HttpRequest, section: Section, pins: fronts.Pinned) -> HttpResponse:
    """Return a section's page with some stories put by hand on its front: by place, their ids."""
    return _list_page(request, ListKind.SECTION, section, "pages/section.html", pins=pins)


@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    return _list_page(request, ListKind.AUTHOR, names.of_slug(Author, slug), "pages/author.html")


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = names.of_slug(Tag, slug)
    if found.merged_into:
        return moved_to(found.merged_into.get_absolute_url())
    return _list_page(request, ListKind.TAG, found, "pages/tag.html")


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    t, before = moment_of(request), request.GET.get("before")
    page = notes.corrections(t, before)
    stories = since.visible(request, [note.story for note in page.notes if note.story])
    return render_page(
        request,
        "pages/corrections.html",
        {
            "of": page,
            "notes": [note for note in page.notes if note.story in stories],
            "older": page.older,
            "is_first": before is None,
        },
        names=names.look_up(t),
        moment=t,
        shown=stories,
        title=_("Corrections"),
        description=_("What we got wrong, and what is right."),
        path=page.get_absolute_url() + (f"?before={before}" if before else ""),
    )


@require_safe
def story(request: HttpRequest, section: str, slug: str) -> HttpResponse:
    return _text_at(request, f"/{section}/{slug}/")


def _text_at(request: HttpRequest, path: str) -> HttpResponse:
    """The page of the story, or page of the site, at a path; or what became of it."""
    found = live_at(request, path)
    if isinstance(found, HttpResponse):
        return found
    return story_page(request, found, moment_of(request), is_counted=True)


def live_at(request: HttpRequest, path: str, *, below: str = "") -> Publication | HttpResponse:
    """Return what is live at a path, with its text; or the answer where nothing is.

    `below` is what the address goes on with: a moved story's redirect leads to the same.
    """
    t = moment_of(request)
    at_path = _newest_at(t, path)
    if not at_path:
        raise Http404("No such page.")
    publication = at_path[0]
    if withdrawn := since.withdrawn(request, publication):
        return ended(request, withdrawn, PublicState.GONE)
    if publication.holds(t):
        return publication
    [newest] = _newest_of(t, publication.article_id)
    return moved_or_missing(request, newest, below)


@prepared
def _newest_at(t: datetime, path: str) -> QuerySet[Publication]:
    """What is live at a path is its newest begun version: one step in an index, live or not."""
    begun = Publication.objects.begun(t).order_by("-starts_at", "-pk")
    return begun.filter(path=path).with_history(t).select_related("text")[:1]


@prepared
def _newest_of(t: datetime, article: int) -> QuerySet[Publication]:
    return Publication.objects.begun(t).filter(article=article).order_by("-starts_at", "-pk")[:1]


def story_page(
    request: HttpRequest,
    publication: Publication,
    t: datetime,
    *,
    shared: str = "",
    is_counted: bool = False,
    address: figures.Address = figures.path_of,
) -> HttpResponse:
    """Return the page of a version with its text, as it reads at t.

    `shared` says for whom alone it is, where it is not for all; `is_counted` where the page
    tells that it was read; `address` leads to its pictures, where it is not public.
    """
    known = names.look_up(t, authors=publication.authors, tags=publication.tags)
    is_page = publication.kind == StoryKind.PAGE
    of_story = {} if is_page else _around(request, publication, t)
    pictures = figures.look_up(
        t,
        of_story.get("of_section", ()),
        page_of=publication,
        within=body.pictures(publication.text.body),
        address=address,
    )
    picture = pictures.main(publication)
    said = notes.of_story(publication, t)
    words = body.word_count(publication.text.body)
    return render_page(
        request,
        "pages/site_page.html" if is_page else "pages/story.html",
        {
            "story": publication,
            "picture": picture,
            "section": known.sections[publication.section_id],
            "body": figures.in_text(body.headings_in_order(publication.text.body), pictures),
            "minutes": text.reading_minutes(words),
            "authors": known.authors,
            "tags": known.tags,
            "notes": said,
            "is_counted": is_counted,
            **of_story,
        },
        names=known,
        moment=t,
        shown=[publication, *(story for stories in of_story.values() for story in stories)],
        title=publication.headline,
        description=publication.text.standfirst or publication.excerpt,
        path=publication.path,
        section="" if is_page else known.sections[publication.section_id].slug,
        told=(
            Told(crumbs=[Name(publication.headline, "", publication.path)])
            if is_page
            else metadata.of_story(publication, known, said, words=words, picture=picture)
        ),
        shared=shared,
        plain="print" in request.GET,
    )


def _around(
    request: HttpRequest, publication: Publication, t: datetime
) -> dict[str, list[Publication]]:
    """The stories that a story's page leads to; three queries."""
    found = cards.newest_of_some(
        {
            "recent_posts": cards.Picked(ListKind.ALL, 0, RECENT_POSTS),
            "of_section": cards.Picked(
                ListKind.SECTION, publication.section_id, RECENT_POSTS + OF_THE_SECTION
            ),
        },
        t,
        but=publication.article_id,
        more=publication.also_read,
    )
    also_read, recent_posts, of_section = (
        since.visible(request, found[name]) for name in ("more", "recent_posts", "of_section")
    )
    others = [story for story in of_section if story not in recent_posts]
    return {
        "also_read": also_read,
        "recent_posts": recent_posts,
        "of_section": others[:OF_THE_SECTION],
        "most_read": ranking.most_read(request, ListKind.ALL, 0, but=publication.article_id),
    }


def with_sections(stories: list[Publication], known: names.Names) -> list[dict[str, Any]]:
    """Pair each story with its section's name, for lists that show it."""
    return [{"story": row, "section": known.sections[row.section_id]} for row in stories]


def _list_page(
    request: HttpRequest,
    kind: ListKind,
    what: Section | Author | Tag,
    template: str,
    *,
    pins: fronts.Pinned = MappingProxyType({}),
) -> HttpResponse:
    """A page of a section's, author's or tag's list; 404 while no list row shows it."""
    t, before = moment_of(request), request.GET.get("before")
    page = cards.page(kind, what.pk, t, before)
    if not page.stories:
        raise Http404("Nothing public stands in this list.")
    stories = since.visible(request, fronts.in_front(pins, page.stories, t))
    figures.look_up(t, stories)
    known = names.look_up(t)
    is_front = kind == ListKind.SECTION and before is None
    return render_page(
        request,
        template,
        {
            "of": what,
            "stories": with_sections(stories, known),
            "older": page.older,
            "is_first": before is None,
            "most_read": ranking.most_read(request, kind, what.pk) if is_front else [],
        },
        names=known,
        moment=t,
        shown=stories,
        title=what.name,
        description=getattr(what, "description", "") or getattr(what, "bio", ""),
        told=metadata.of_list(what),
        path=what.get_absolute_url() + (f"?before={before}" if before else ""),
        section=what.slug if kind == ListKind.SECTION else "",
        lists=[feeds.of(what)],
    )
