"""How sitemaps are written: the bytes of an index, of a list of addresses and of the news.

sitemaps.org 0.9, and Google's news sitemaps 0.9. Every address is whole and on SITE_URL, every
moment bears its offset.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.html import escape

from articles.models import Publication
from articles.moments import newsroom_zone
from articles.pages.sitemap_files import File

_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
# Everything that XML 1.0 (section 2.2) allows in no document, escaped or not.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Google knows Chinese by these; of every other language the ISO 639 code.
_CHINESE = {"zh-hans": "zh-cn", "zh-cn": "zh-cn", "zh-hant": "zh-tw", "zh-tw": "zh-tw"}


def index(files: Iterable[File]) -> bytes:
    """A sitemap index."""
    rows = (
        f"<sitemap><loc>{_address(file.path)}</loc>{_changed(file.changed_at)}</sitemap>"
        for file in files
    )
    return _document("sitemapindex", _SITEMAP, rows)


def addresses(rows: Iterable[tuple[str, datetime | None]]) -> bytes:
    """A sitemap of paths and since when each reads as it does (None: not known)."""
    listed = (f"<url><loc>{_address(path)}</loc>{_changed(at)}</url>" for path, at in rows)
    return _document("urlset", _SITEMAP, listed)


def news(stories: Sequence[Publication]) -> bytes:
    """A news sitemap; it may be empty."""
    paper = (
        f"<news:publication><news:name>{_text(settings.SITE_NAME)}</news:name>"
        f"<news:language>{language(settings.LANGUAGE_CODE)}</news:language></news:publication>"
    )
    rows = (
        f"<url><loc>{_address(story.path)}</loc><news:news>{paper}"
        f"<news:publication_date>{_moment(story.first_published_at)}</news:publication_date>"
        f"<news:title>{_text(story.headline)}</news:title></news:news></url>"
        for story in stories
    )
    return _document("urlset", f"{_SITEMAP} {_NEWS}", rows)


def language(code: str) -> str:
    """The language of LANGUAGE_CODE as Google's news sitemaps name it."""
    return _CHINESE.get(code.lower(), code.lower().partition("-")[0])


def _document(name: str, namespaces: str, rows: Iterable[str]) -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<{name} {namespaces}>", *rows]
    return "\n".join([*lines, f"</{name}>\n"]).encode()


def _address(path: str) -> str:
    return _text(f"{settings.SITE_URL}{path}")


def _changed(at: datetime | None) -> str:
    return f"<lastmod>{_moment(at)}</lastmod>" if at else ""


def _moment(moment: datetime) -> str:
    return moment.astimezone(newsroom_zone()).isoformat(timespec="seconds")


def _text(words: str) -> str:
    return escape(_ILLEGAL.sub("", words))
