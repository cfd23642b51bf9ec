"""What a page costs: its queries, pinned, whatever the number of sections, stories and versions."""

from datetime import timedelta

import pytest
from django.db import connection
from zeal import NPlusOneError

from articles.desk import press
from articles.models import Publication, Section, SlugClaim, Tag
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite
from tests.pages.test_story_pictures import within
from tests.walls import WallMiddleware

pytestmark = pytest.mark.django_db

# PostgreSQL is asked which days there are before what of them holds words.
DAYS = 1 if connection.vendor == "postgresql" else 0
MOST = {
    "/": 6,
    "/?p=123": 7,  # an old address, or the front page
    "/world/": 6,
    "/author/ilse-hartmann/": 4,
    "/tag/ports/": 4,
    "/corrections/": 3,
    "/archive/": 5,
    "/archive/2026/": 5,
    "/archive/2026/06/": 5,
    "/archive/2026/06/19/": 3,
    "/authors/": 2,
    "/authors/i/": 3,
    "/topics/": 4,
    "/topics/p/": 3,
    "/sitemap.xml": 2,
    "/sitemaps/sections.xml": 1,
    "/sitemaps/2026-06.xml": 1,
    "/news-sitemap.xml": 2,
    "/news-sitemap-1.xml": 2,
    "/robots.txt": 0,
    "/world/main-story/": 5,  # one more where it bears notes
    "/nowhere/": 5,  # neither a section nor a page of the site nor an old address
    "/2019/05/nowhere/": 3,
    "/api/stories/": 2,
    "/api/stories/?section=world": 3,
    "/api/stories/?author=ilse-hartmann": 3,
    "/api/stories/?tag=ports": 3,
    "/api/takedowns/": 1,
    "/api/nothing/": 1,
    "/feeds/": 1,
    "/rss.xml": 3,
    "/atom-excerpts.xml": 3,
    "/world/feed.json": 4,
    "/author/ilse-hartmann/atom.xml": 4,
    "/tag/ports/feed-excerpts.json": 4,
    "/search/": 2,
    # Its words alone, and as the beginning of a word; whom they name; the newest; texts; names.
    "/search/?q=story": 7 + 2 * DAYS,
    "/search/?q=zzz": 6 + 2 * DAYS,
    "/world/main-story/versions/": 6,  # one more below a version
    "/world/main-story/versions/{number}/": 6,
    "/most-read/": 2,
    "/manifest.webmanifest": 0,
}


@pytest.fixture
def archive(published, author, topic, clock):
    """Fill the site: so many sections, stories in each, and versions of the main story."""

    def fill(sections, stories, versions):
        known = {"authors": [author.pk], "tags": [topic.pk]}
        targets = [published(f"Target {n}", **known).pk for n in range(2)]
        main = published("Main Story", also_read=targets, **known)
        do("publish", main, revision=rewrite(main, body="<p>More.</p>"), change="update")
        for version in range(versions):
            press.publish(main.pk, revision=2, by=PROGRAM, seen=2 + version, now=NOW)
        for number in range(sections):
            section = Section.objects.create(name=f"S{number}", slug=f"s{number}")
            for story in range(stories):
                at = NOW - timedelta(hours=1 + story)
                published(f"Story {number} {story}", at=at, section=section.pk, **known)

    return fill


@pytest.fixture
def correct():
    """Publish so many corrections of a story, each with its note."""

    def correct(story, count):
        for number in range(count):
            revision = rewrite(story, body=f"<p>As it was, and {number}.</p>")
            said = {"change": "correction", "note": f"It was {number}."}
            do("publish", story, revision=revision, **said)

    return correct


@pytest.mark.parametrize("notes", [1, 25])
def test_notes_cost_one_query_on_their_story_and_corrections_no_more_for_many(
    client, archive, correct, django_assert_num_queries, notes
):
    archive(1, 2, 1)
    correct(SlugClaim.objects.get(pk="main-story").article, notes)
    with django_assert_num_queries(6):
        page = client.get("/world/main-story/").content.decode().partition("<main")[2]
    assert page.count("It was") == notes
    with django_assert_num_queries(3):
        client.get("/corrections/")
    before = Publication.objects.filter(change="correction").order_by("-starts_at", "-pk")[0]
    # With one note that is what is not there, whose address may be an old one.
    with django_assert_num_queries(5 if notes == 1 else 4):
        client.get(f"/corrections/?before={before.pk}")


@pytest.mark.parametrize(("sections", "stories", "versions"), [(1, 2, 1), (6, 8, 30)])
def test_each_page_asks_so_many_queries_and_counts_nothing(
    client, archive, django_assert_max_num_queries, sections, stories, versions
):
    archive(sections, stories, versions)
    number = Publication.objects.filter(path="/world/main-story/").get(change="update").pk
    for path, most in ((path.format(number=number), most) for path, most in MOST.items()):
        with django_assert_max_num_queries(most, info=path) as captured:
            client.get(path)
        assert not any("COUNT(" in query["sql"].upper() for query in captured), path


@pytest.mark.parametrize(("sections", "stories", "versions"), [(1, 2, 1), (6, 8, 30)])
def test_a_document_costs_the_same_whatever_the_archive(
    client, archive, correct, django_assert_num_queries, sections, stories, versions
):
    archive(sections, stories, versions)
    article = SlugClaim.objects.get(pk="main-story").article
    with django_assert_num_queries(3):  # the version, the names, what is read as well
        client.get(f"/api/stories/{article.pk}/")
    correct(article, 2)
    with django_assert_num_queries(4):  # and its notes
        client.get(f"/api/stories/{article.pk}/")


def test_a_list_for_programs_costs_the_same_for_one_story_and_for_twenty(
    client, archive, published, django_assert_num_queries
):
    archive(6, 8, 1)
    published("One", tags=[Tag.objects.create(name="Tides", slug="tides").pk])
    for slug, items in (("tides", 1), ("ports", 20)):
        with django_assert_num_queries(3):  # the tag, its stories, their names
            page = client.get(f"/api/stories/?tag={slug}").json()
        assert len(page["items"]) == items


@pytest.mark.parametrize("file", ["rss.xml", "atom-excerpts.xml", "feed.json"])
def test_pictures_cost_a_feed_one_query_for_any_number_of_them(
    client, published, add_picture, clock, django_assert_num_queries, file
):
    published("Plain")
    with django_assert_num_queries(3):
        client.get(f"/{file}")
    own, other = add_picture(make=True), add_picture(make=True)
    for number in range(8):
        text = "<p>One.</p>" + within(other.pk) * (number + 1)
        published(f"Shown {number}", picture=own.pk, body=text)
    with django_assert_num_queries(4):
        client.get(f"/{file}")


def test_pictures_cost_programs_one_query_for_any_number_of_them(
    client, published, add_picture, clock, django_assert_num_queries
):
    own, other = add_picture(make=True), add_picture(make=True)
    plain = published("Plain", section=Section.objects.get(slug="national").pk)
    text = "<p>One.</p>" + within(own.pk) + within(other.pk)
    shown = [published(f"Shown {n}", picture=own.pk, body=text) for n in range(8)]
    for path, queries in (
        (f"/api/stories/{plain.pk}/", 2),
        (f"/api/stories/{shown[0].pk}/", 3),
        ("/api/stories/?section=national", 3),
        ("/api/stories/?section=world", 4),
    ):
        with django_assert_num_queries(queries):
            client.get(path)


@pytest.mark.parametrize("ended", [1, 22])
def test_a_page_of_what_ended_costs_one_query_and_one_more_below_a_story(
    client, published, clock, django_assert_num_queries, ended
):
    for number in range(ended + 1):
        story = published(f"Story {number}")
        do("take_down", story, how=EndsAs.GONE, reason="A libel", now=NOW - timedelta(hours=1))
    with django_assert_num_queries(1):
        client.get("/api/takedowns/")
    with django_assert_num_queries(2):
        client.get(f"/api/takedowns/?before={story.pk}")


def test_a_page_opens_no_transaction_and_writes_nothing(client, archive, django_assert_num_queries):
    archive(1, 2, 1)
    with django_assert_num_queries(MOST["/world/main-story/"], exact=False) as captured:
        client.get("/world/main-story/")
    verbs = {query["sql"].lstrip("(").split()[0].upper() for query in captured}
    assert verbs == {"SELECT"}


@pytest.mark.parametrize("path", ["/", "/admin/"])
def test_a_page_that_asks_for_each_row_by_itself_fails(published, rf, path):
    published("One", at=NOW - timedelta(hours=1))
    published("Two", at=NOW - timedelta(hours=1))
    wall = WallMiddleware(lambda _request: [one.section for one in Publication.objects.all()])
    with pytest.raises(NPlusOneError):
        wall(rf.get(path))
