"""The sitemap of the news of two days: as Google reads it, and never of what is not public."""

from datetime import timedelta

import pytest
from django.conf import settings
from lxml import etree

from articles.pages import sitemap_xml
from articles.states import EndsAs
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, rewrite
from tests.pages.reading_sitemaps import (
    NS,
    assert_valid,
    news_titles,
    paths,
    read,
    values,
    write_many,
)  # fmt: skip

pytestmark = pytest.mark.django_db

DAY, SECOND, MICROSECOND = timedelta(days=1), timedelta(seconds=1), timedelta(microseconds=1)


def test_the_news_names_paper_language_first_publication_and_title(client, published, clock):
    published("Harbour & Sons Open", slug="harbour", at=NOW - 2 * HOUR)
    root = read(client, "/news-sitemap.xml")
    assert_valid(root, "urlset", 1000)
    (entry,) = root
    assert paths(root) == ["/world/harbour/"]
    (block,) = entry.iterfind("news:news", NS)
    assert [etree.QName(part).localname for part in block] == [
        "publication", "publication_date", "title",
    ]  # fmt: skip
    assert [part.text for part in block[0]] == [settings.SITE_NAME, "en"]
    assert [part.text for part in block[1:]] == ["2026-06-19T10:00:00+05:30", "Harbour & Sons Open"]


def test_a_story_is_news_until_just_before_it_is_48_hours_old(client, published, clock):
    published("Old", at=NOW - 2 * DAY)
    published("Young", at=NOW - 2 * DAY + MICROSECOND)
    assert news_titles(client) == ["Young"]
    clock.shift(SECOND)
    assert_valid(read(client, "/news-sitemap.xml"), "urlset", 0)


def test_the_date_of_the_news_is_the_first_publication_after_a_correction_too(
    client, published, clock
):
    story = published(at=NOW - 2 * HOUR)
    said = {"change": "correction", "note": "It was wrong."}
    do("publish", story, revision=rewrite(story, headline="Harbour Closes"), **said)
    root = read(client, "/news-sitemap.xml")
    assert values(root, ".//news:title") == ["Harbour Closes"]
    assert values(root, ".//news:publication_date") == ["2026-06-19T10:00:00+05:30"]


def test_what_is_not_public_is_no_news(client, published, write, clock):
    write("Draft")
    do("schedule", write("Scheduled"), revision=1, at=NOW + HOUR)
    do("unpublish", published("Unpublished"))
    do("take_down", published("Gone"), how=EndsAs.GONE, reason="A libel")
    assert news_titles(client) == []
    clock.shift(HOUR)
    assert news_titles(client) == ["Scheduled"]


@pytest.mark.parametrize("count", [1000, 1001])
def test_of_more_than_a_thousand_stories_the_address_is_an_index_of_two_files(
    client, world, clock, count
):
    write_many(world, count)
    root = read(client, "/news-sitemap.xml")
    if count == 1000:
        assert_valid(root, "urlset", 1000)
        assert len(root) == 1000
        return
    assert_valid(root, "sitemapindex", 2)
    files = paths(root)
    assert files == ["/news-sitemap-1.xml", "/news-sitemap-2.xml"]
    listed = [news_titles(client, file) for file in files]
    assert list(map(len, listed)) == [1000, 1]
    assert sum(listed, []) == [f"Story {number}" for number in range(1001)]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en-gb", "en"), ("de", "de"), ("pt-br", "pt"), ("zh-hans", "zh-cn"), ("zh-CN", "zh-cn"),
        ("zh-hant", "zh-tw"), ("zh-tw", "zh-tw"), ("dsb", "dsb"), ("sr-latn", "sr"),
    ],
)  # fmt: skip
def test_the_language_is_named_as_the_standard_names_it(code, said):
    assert sitemap_xml.language(code) == said
