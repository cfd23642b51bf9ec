"""What search engines are told: sitemaps of stories and pages, the news of two days, robots.txt."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import islice

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from articles.moments import moment_of
from articles.pages import cards, names, since
from articles.pages import sitemap_files as files
from articles.pages import sitemap_xml as xml
from articles.pages.cache.rendering import keep_until

# Not the stylesheets and pictures: a search engine that cannot fetch them sees another page.
_ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /search/?
Disallow: /share/

Sitemap: {site}/sitemap.xml
Sitemap: {site}/news-sitemap.xml
"""
_AT_ONCE = 2000  # stories of a month in memory


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return _answer(request, xml.index(files.files(moment_of(request))))


@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    known = names.look_up(moment_of(request))
    return _answer(request, xml.addresses((path, None) for path in files.pages(known)))


@require_safe
def month(request: HttpRequest, name: str) -> HttpResponse:
    rows = sorted(_rows(request, files.month_named(name)))
    if not rows:
        raise Http404("No story of this month is public.")
    return _answer(request, xml.addresses(rows))


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """The news of two days: one file, or the index of several; its address stays."""
    found = files.news(moment_of(request))
    if len(found.stories) > files.MOST_NEWS:
        content = xml.index(files.news_files(found.stories))
        return _answer(request, content, until=found.until)
    return _news(request, found.stories, found.until)


@require_safe
def news_part(request: HttpRequest, number: str) -> HttpResponse:
    found = files.news(moment_of(request))
    return _news(request, files.news_part(found.stories, number), found.until)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    content = _ROBOTS.format(site=settings.SITE_URL)
    return HttpResponse(content, content_type="text/plain; charset=utf-8")


def _news(request: HttpRequest, stories: Sequence[int], until: datetime | None) -> HttpResponse:
    public = since.visible(request, cards.public(stories, moment_of(request)))
    return _answer(request, xml.news(public), until=until)


def _rows(request: HttpRequest, of: files.Month) -> Iterator[tuple[str, datetime]]:
    stories = files.stories_of(of, moment_of(request)).iterator(chunk_size=_AT_ONCE)
    while some := list(islice(stories, _AT_ONCE)):
        yield from ((story.path, story.updated_at) for story in since.visible(request, some))


def _answer(request: HttpRequest, content: bytes, *, until: datetime | None = None) -> HttpResponse:
    """An XML file that a search engine may ask for again by what it has; `until` is when it is
    another by age alone.

    By its ETag only: a Last-Modified does not move on when a story is taken down, and who asks by
    it would keep the story.
    """
    etag = quote_etag(blake2b(content, digest_size=16).hexdigest())
    answer = HttpResponse(content, content_type="application/xml; charset=utf-8")
    answer["ETag"] = etag
    keep_until(answer, until)
    return get_conditional_response(request, etag=etag, response=answer) or answer
