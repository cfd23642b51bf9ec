"""Sitemaps as a search engine reads them, and stories in bulk to be listed."""

from datetime import datetime, timedelta

from django.conf import settings
from lxml import etree

from articles.desk import archive
from articles.desk.archive import Story, Version
from articles.desk.revisions import Values
from tests.conftest import NOW, PROGRAM

NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}


def read(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return etree.fromstring(answer.content)


def values(root, path):
    return [found.text for found in root.iterfind(path, NS)]


def paths(root):
    """The addresses that a file lists, without the site's own origin, which each must have."""
    found = values(root, "*/s:loc")
    assert all(address.startswith(f"{settings.SITE_URL}/") for address in found)
    return [address.removeprefix(settings.SITE_URL) for address in found]


def month_files(client):
    files = paths(read(client, "/sitemap.xml"))
    assert files[0] == "/sitemaps/sections.xml"
    return files[1:]


def changed(client, path="/sitemaps/2026-06.xml"):
    """When the index says that a file last changed."""
    root = read(client, "/sitemap.xml")
    (file,) = (f for f in root if f.findtext("s:loc", namespaces=NS).endswith(path))
    return datetime.fromisoformat(file.findtext("s:lastmod", namespaces=NS))


def news_titles(client, path="/news-sitemap.xml"):
    return values(read(client, path), ".//news:title")


def assert_valid(root, kind, most):
    """What sitemaps.org 0.9 asks of a file: its root, its children, their order and number."""
    each = {"sitemapindex": "sitemap", "urlset": "url"}[kind]
    assert root.tag == f"{{{NS['s']}}}{kind}"
    assert {child.tag for child in root} <= {f"{{{NS['s']}}}{each}"}
    assert len(root) <= most
    for child in root:
        names = [etree.QName(part).localname for part in child]
        assert names in (["loc"], ["loc", "lastmod"], ["loc", "news"])
        assert len(child.findtext("s:loc", namespaces=NS)) < 2048
    for moment in values(root, "*/s:lastmod"):
        assert datetime.fromisoformat(moment).utcoffset() is not None


def write_many(section, count):
    """Write so many stories of a section at once, a second apart, the newest a minute old."""
    first = NOW - timedelta(minutes=1)
    archive.write(
        [
            Story([Version(first - timedelta(seconds=n), Values(
                headline=f"Story {n}", body="<p>Text.</p>", slug=f"story-{n}", section=section.pk,
            ))])
            for n in range(count)
        ],
        by=PROGRAM,
        now=NOW,
    )  # fmt: skip
