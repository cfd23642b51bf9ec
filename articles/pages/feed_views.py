"""The feeds as they are answered, whether they changed, and the page that lists them.

Only an ETag of the bytes says whether a feed changed. A Last-Modified could not: what it has to say
moves on when a story leaves as well, by a takedown or by the clock, and when a name changes; and of
two changes within its second it would keep the second from readers.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import Author, Section, Tag
from articles.moments import moment_of
from articles.pages import feeds, names, since
from articles.pages.feed_items import Feed
from articles.pages.feeds import Format, Listed
from articles.pages.frame import render as render_page
from articles.pages.missing import moved_to


@require_safe
def site(request: HttpRequest, form: Format) -> HttpResponse:
    return _feed(request, feeds.site(), form)


@require_safe
def section(request: HttpRequest, slug: str, form: Format) -> HttpResponse:
    return _feed(request, feeds.of(get_object_or_404(Section, slug=slug)), form)


@require_safe
def author(request: HttpRequest, slug: str, form: Format) -> HttpResponse:
    return _feed(request, feeds.of(get_object_or_404(Author, slug=slug)), form)


@require_safe
def tag(request: HttpRequest, slug: str, form: Format) -> HttpResponse:
    found = get_object_or_404(Tag.objects.select_related("merged_into"), slug=slug)
    if found.merged_into:
        return moved_to(feeds.of(found.merged_into).address(form))
    return _feed(request, feeds.of(found), form)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    t = moment_of(request)
    known = names.look_up(t)
    lists = [(feeds.site().title, "/"), *((name.name, name.path) for name in known.navigation)]
    return render_page(
        request,
        "pages/feeds.html",
        {
            "lists": lists,
            "kinds": [(_("Whole stories"), feeds.FULL), (_("Summaries"), feeds.EXCERPTS)],
        },
        names=known,
        moment=t,
        title=_("Feeds"),
        description=_("Our stories in your own reader, as they are published."),
        path="/feeds/",
    )


def _feed(request: HttpRequest, listed: Listed, form: Format) -> HttpResponse:
    """A list as a feed; 404 where its page is, while no list row shows it."""
    t = moment_of(request)
    stories = feeds.stories_of(listed, t)
    if stories is None:
        raise Http404("Nothing public stands in this list.")
    feed = feeds.read(listed, since.visible(request, stories), t, form)
    return _unless_held(request, feed, form)


def _unless_held(request: HttpRequest, feed: Feed, form: Format) -> HttpResponse:
    """The feed's bytes, or 304 to who holds them (RFC 9110, section 13.1.2)."""
    content = form.write(feed)
    etag = feeds.etag(content)
    held = parse_etags(request.headers.get("If-None-Match", ""))
    # A proxy that compresses makes a tag a weak one.
    is_held = "*" in held or etag in {tag.removeprefix("W/") for tag in held}
    answer = HttpResponseNotModified() if is_held else HttpResponse(content, content_type=form.mime)
    answer["ETag"] = etag
    if feed.hub:  # what subscribers look at first (WebSub, section 4)
        answer["Link"] = f'<{feed.hub}>; rel="hub", <{feed.self_url}>; rel="self"'
    return answer
