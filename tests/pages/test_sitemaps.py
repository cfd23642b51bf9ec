"""The sitemaps: valid by the standards' rules, complete, without anything that is not public."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from articles.models import Article, ListRow, Publication, Section
from articles.pages import sitemap_files, surfaces
from articles.states import EndsAs
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, rewrite
from tests.pages.reading_sitemaps import (
    NS,
    assert_valid,
    changed,
    month_files,
    news_titles,
    paths,
    read,
    values,
    write_many,
)  # fmt: skip
from tests.pages.timelines import Timeline

pytestmark = pytest.mark.django_db

DAY, SECOND, MICROSECOND = timedelta(days=1), timedelta(seconds=1), timedelta(microseconds=1)
HERE = "/world/harbour-opens/"


# --- Form -----------------------------------------------------------------------------------------


def test_every_file_is_a_valid_sitemap_and_every_address_in_it_answers(
    client, published, author, topic, clock, national
):
    for number, months in enumerate((0, 1, 1, 26)):
        at = NOW - months * 30 * DAY - HOUR
        published(f"Story {number}", at=at, authors=[author.pk], tags=[topic.pk])
    Section.objects.create(name="Empty", slug="empty")
    index = read(client, "/sitemap.xml")
    assert_valid(index, "sitemapindex", 50_000)
    files = paths(index)
    assert files == [
        "/sitemaps/sections.xml", "/sitemaps/2024-04.xml", "/sitemaps/2026-05.xml",
        "/sitemaps/2026-06.xml",
    ]  # fmt: skip
    for file in files:
        root = read(client, file)
        assert_valid(root, "urlset", sitemap_files.MOST)
        for path in paths(root):
            assert client.get(path).status_code == 200, path
    assert paths(read(client, files[0])) == [
        "/", "/archive/", "/authors/", "/topics/", "/corrections/", "/world/",
    ]  # fmt: skip


def test_robots_name_both_sitemaps_and_close_what_is_no_page(client, db):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert [line for line in lines if line.startswith("Disallow")] == [
        "Disallow: /admin/", "Disallow: /search/?", "Disallow: /share/",
    ]  # fmt: skip
    for name in ("sitemap.xml", "news-sitemap.xml"):
        assert f"Sitemap: {settings.SITE_URL}/{name}" in lines
        assert client.get(f"/{name}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/sitemaps/2026-07.xml", "/sitemaps/2026-6.xml", "/sitemaps/2026-13.xml", "/sitemaps/x.xml",
        "/sitemaps/0000-00.xml", "/sitemaps/9999-12.xml", "/sitemaps/2026-06-part-9.xml",
        "/sitemaps/2026-06-part-01.xml", "/sitemaps/2026-06-part-.xml", "/sitemaps/2026-06.xml/",
        f"/sitemaps/2026-06-part-{10**25}.xml", "/sitemaps/٢٠٢٦-06.xml", "/sitemaps/%00.xml",
        "/news-sitemap-0.xml", "/news-sitemap-2.xml", "/news-sitemap-01.xml", "/news-sitemap-.xml",
        f"/news-sitemap-{10**25}.xml", "/news-sitemap-٣.xml", "/sitemap.xml/", "/robots.txt/",
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_not_found(client, published, clock, path):
    part = published().pk // sitemap_files.MOST
    assert client.get(f"/sitemaps/2026-06-part-{part}.xml").status_code == 200
    assert client.get(path).status_code == 404


ODD = "A\u0b95 & B <i>\"quoted\" 'so'</i> ]]> 日本 👩‍🚀"


def test_odd_text_is_escaped_once_and_never_breaks_a_file(client, published, clock):
    story = published(ODD, slug="odd")
    assert news_titles(client) == [ODD]
    # Past every form and gate, as an old database could hold it.
    Publication.objects.filter(article=story).update(headline="Ring\x07 \x0b\x1f\ufffe the bell")
    assert news_titles(client) == ["Ring  the bell"]


# --- What is listed -------------------------------------------------------------------------------


def test_a_story_stands_in_the_month_in_which_it_first_came_out_by_utc(client, published, clock):
    for number, at in enumerate((
        datetime(2026, 5, 31, 23, 59, 59, 999999, UTC), datetime(2026, 6, 1, tzinfo=UTC),
    )):  # fmt: skip
        published(f"Story {number}", at=at)
    assert paths(read(client, "/sitemaps/2026-05.xml")) == ["/world/story-0/"]
    assert paths(read(client, "/sitemaps/2026-06.xml")) == ["/world/story-1/"]


def test_an_entry_says_since_when_its_text_reads_so_in_the_newsrooms_zone(client, published, clock):
    story = published(at=NOW - 2 * DAY)
    do("publish", story, revision=rewrite(story, body="<p>New.</p>"), now=NOW - HOUR)
    (entry,) = read(client, "/sitemaps/2026-06.xml")
    assert entry.findtext("s:lastmod", namespaces=NS) == "2026-06-19T11:00:00+05:30"


@pytest.mark.parametrize("seed", range(3))
def test_the_files_hold_exactly_what_is_public_at_every_moment(client, write, clock, seed):
    line, held, asked_at = Timeline(seed + 40, write, clock), {}, NOW
    for _step in range(25):
        line.happens()
        line.forward(to_an_edge=True)
        public = Publication.objects.at(line.t)
        listed = [path for file in month_files(client) for path in paths(read(client, file))]
        assert sorted(listed) == sorted(public.values_list("path", flat=True))
        fresh = public.filter(first_published_at__gt=line.t - 2 * DAY)
        assert sorted(news_titles(client)) == sorted(fresh.values_list("headline", flat=True))
        # What a month lists is another only where the index says that it changed since.
        before, held = held, {file: client.get(file).content for file in month_files(client)}
        for file in held.keys() & before.keys():
            if held[file] != before[file]:
                assert changed(client, file) >= asked_at.replace(microsecond=0)
        asked_at = line.t


def test_a_month_of_more_stories_than_a_file_holds_is_cut_by_their_ids(
    client, world, clock, monkeypatch
):
    monkeypatch.setattr(sitemap_files, "MOST", 7)
    write_many(world, 30)
    first, last = (ListRow.objects.earliest(n).story_id for n in ("story_id", "-story_id"))
    files = month_files(client)
    assert files == [f"/sitemaps/2026-06-part-{n}.xml" for n in range(first // 7, last // 7 + 1)]
    listed = [paths(read(client, file)) for file in files]
    assert max(map(len, listed)) <= 7
    assert sorted(sum(listed, [])) == sorted(f"/world/story-{n}/" for n in range(30))
    assert len(paths(read(client, "/sitemaps/2026-06.xml"))) == 7  # never more than a file holds
    for story in Article.objects.filter(pk__lt=7 * (first // 7 + 1)):
        do("take_down", story, how=EndsAs.GONE, reason="A libel")
    assert month_files(client) == files[1:]  # a part without a story is none
    middle = 7 * (first // 7 + 2)
    for story in Article.objects.filter(pk__range=(middle, middle + 6)):
        do("take_down", story, how=EndsAs.GONE, reason="A libel")
    assert month_files(client) == [files[1], *files[3:]]


def test_a_story_taken_down_leaves_every_file_and_the_index_says_when(client, published, clock):
    published("Other", at=NOW - 3 * HOUR)
    story = published()
    assert HERE in paths(read(client, "/sitemaps/2026-06.xml"))
    clock.shift(HOUR)
    do("take_down", story, how=EndsAs.GONE, reason="A libel", now=NOW + HOUR)
    assert paths(read(client, "/sitemaps/2026-06.xml")) == ["/world/other/"]
    assert news_titles(client) == ["Other"]
    assert changed(client) == NOW + HOUR


CHANGES = {
    "an update": lambda story: do("publish", story, revision=rewrite(story, body="<p>New.</p>")),
    "a typo": lambda story: do(
        "publish", story, revision=rewrite(story, headline="Harbor Opens"), change="typo", sure=True
    ),
    "another address": lambda story: do(
        "publish", story, revision=rewrite(story, slug="elsewhere")
    ),
    "an unpublish": lambda story: do("unpublish", story),
    "a takedown": lambda story: do("take_down", story, how=EndsAs.GONE, reason="A libel"),
    "one without a trace": lambda story: do(
        "take_down", story, how=EndsAs.VANISHED, reason="By law"
    ),
    "an erasure": lambda story: do("erase", story, reason="By law", authority="A court"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_index_says_when_a_month_last_changed_whatever_the_change_was(
    client, published, clock, change
):
    published("Other", at=NOW - 3 * DAY)
    story = published("Harbour Opens", at=NOW - 2 * DAY)
    published("Of Another Month", at=NOW - 40 * DAY)
    assert changed(client) == NOW - 2 * DAY
    CHANGES[change](story)
    assert changed(client) == NOW
    assert changed(client, "/sitemaps/2026-05.xml") == NOW - 40 * DAY


def test_what_is_scheduled_changes_nothing_before_its_moment(client, published, write, clock):
    story = published(at=NOW - 2 * DAY)
    do("schedule", write("To Come"), revision=1, at=NOW + HOUR)
    do("schedule", story, revision=rewrite(story, body="<p>New.</p>"), at=NOW + 2 * HOUR)
    do("set_end", story, at=NOW + 3 * HOUR)
    for hours, moment in (
        (0, NOW - 2 * DAY),
        (1, NOW + HOUR),
        (2, NOW + 2 * HOUR),
        (3, NOW + 3 * HOUR),
    ):
        clock.move_to(NOW + hours * HOUR)
        assert changed(client) == moment


# --- Asked again ----------------------------------------------------------------------------------

FILES = ("/sitemap.xml", "/sitemaps/2026-06.xml", "/news-sitemap.xml", "/sitemaps/sections.xml")


@pytest.mark.parametrize("path", FILES[:3])
def test_who_asks_again_gets_304_until_something_changes_and_never_after_a_removal(
    client, published, clock, path
):
    published("Newest", at=NOW - HOUR)
    story = published("Oldest", at=NOW - 5 * HOUR)
    answer = client.get(path)
    assert "Last-Modified" not in answer
    again = client.get(path, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    clock.shift(HOUR)
    do("take_down", story, how=EndsAs.GONE, reason="A libel", now=NOW + HOUR)
    later = "Fri, 19 Jun 2026 23:00:00 GMT"
    for asked in ({"if-none-match": answer["ETag"]}, {"if-modified-since": later}, {}):
        now = client.get(path, headers=asked)
        assert now.status_code == 200
        assert b"oldest" not in now.content.lower()


@pytest.mark.parametrize("path", FILES)
def test_head_answers_as_get_does(client, published, clock, path):
    published()
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", get["ETag"])
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(("zone", "offset"), [("Europe/Berlin", "+02:00"), ("UTC", "+00:00")])
def test_every_moment_bears_the_offset_of_the_newsrooms_zone(
    client, published, clock, zone, offset
):
    published()
    with override_settings(TIME_ZONE=zone):
        dates = values(read(client, "/news-sitemap.xml"), ".//news:publication_date")
        dates += values(read(client, "/sitemaps/2026-06.xml"), "*/s:lastmod")
        dates += values(read(client, "/sitemap.xml"), "*/s:lastmod")
    assert len(dates) == 3
    assert all(moment.endswith(offset) for moment in dates)


def test_a_receipt_looks_at_the_files_of_a_story_where_it_stands(client, world, published, clock):
    write_many(world, 1500)
    story = published("Old News", at=NOW - DAY)
    showing = surfaces.showing(Publication.objects.filter(article=story), NOW)
    looked_at = {surface.path for surface in showing}
    assert {"/sitemaps/2026-06.xml", "/news-sitemap.xml", "/news-sitemap-2.xml"} < looked_at
    assert f"/sitemaps/2026-06-part-{story.pk // sitemap_files.MOST}.xml" in looked_at
    assert "Old News" in news_titles(client, "/news-sitemap-2.xml")
