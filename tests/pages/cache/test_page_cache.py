"""What readers get from memory: at every moment what they would get without it."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from articles.desk import press, redirects
from articles.models import Article, Redirect
from articles.pages.cache.entries import microseconds
from articles.pages.cache.horizon import Horizon
from articles.pages.cache.machine import Machine
from articles.states import EndsAs
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import rewrite
from tests.pages.cache.conftest import Reader

pytestmark = pytest.mark.django_db

PAGE = "/world/harbour-opens/"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def seen(article):
    return Article.objects.get(pk=article.pk).pressed


def down(*_asked):
    raise OperationalError("The database is down.")


# --- What is kept ----------------------------------------------------------------------------


def test_a_page_is_rendered_once_and_then_served_from_memory_without_a_query(
    reader, published, django_assert_num_queries
):
    published()
    first = reader.ask(PAGE)
    with django_assert_num_queries(0):
        second = reader.ask(PAGE)
    assert (first.status, first.body) == (200, second.body)


def test_a_page_from_memory_is_the_page_without_it(reader, published, client):
    published()
    reader.ask(PAGE)
    assert reader.ask(PAGE).body == client.get(PAGE).content


def test_until_when_a_page_holds_by_age_is_told_to_the_cache_and_to_no_reader(
    reader, published, client
):
    published(at=NOW - timedelta(days=2) + MINUTE)  # news for one more minute
    for answer in (client.get("/news-sitemap.xml"), reader.ask("/news-sitemap.xml")):
        assert "x-holds-until" not in {name.lower() for name in answer.headers}
    entry = reader.site.cache.pages.get("/news-sitemap.xml")
    assert entry.known.ends == microseconds(NOW + MINUTE)


@pytest.mark.parametrize("query", ["utm_source=mail", "x=1", "a=1&b=2", "before=3", "%00", "&&=&"])
def test_what_a_page_does_not_have_makes_no_entry_and_no_render(reader, published, query):
    published()
    plain = reader.ask(PAGE)
    assert reader.renders(f"{PAGE}?{query}") == 0
    assert reader.ask(f"{PAGE}?{query}").body == plain.body
    assert len(reader.site.cache.pages) == 1


def test_however_many_queries_are_asked_a_page_has_one_entry(reader, published):
    published()
    for number in range(300):
        reader.ask(f"/?{number}=x")
        reader.ask(f"{PAGE}?r={number}")
        reader.ask(f"/nowhere/?r={number}")
    cache = reader.site.cache
    assert (len(cache.pages), len(cache.others)) == (2, 1)


def test_an_address_of_another_system_is_followed_from_home_and_from_nowhere(reader, published):
    published()
    for old in ("/?p=123", "/index.php?id=3"):
        redirects.save(Redirect(), old, PAGE, by=PROGRAM, now=NOW)
    assert reader.ask("/").status == reader.ask("/?p=124").status == 200
    for old in ("/?p=123", "/?utm_source=x&p=123", "/index.php?id=3"):
        answer = reader.ask(old)
        assert (answer.status, answer.headers["location"]) == (301, PAGE)
    assert reader.ask("/index.php").status == reader.ask("/index.php?id=4").status == 404


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"cookie": "sessionid=abc"}, "somebody is signed in"),
        ({"cookie": "a=b; as_of=x"}, "the site is read as of a moment"),
        ({"host": "elsewhere.example"}, "another host"),
    ],
)
def test_a_request_that_is_somebodys_own_is_none_of_the_caches(reader, published, headers, why):
    published()
    reader.ask(PAGE)
    before = dict(reader.site.cache.counts)
    answer = reader.ask(PAGE, **headers)
    assert reader.site.cache.counts == before, why
    assert "s-maxage" not in answer.headers.get("cache-control", "")


def test_the_desk_and_what_is_posted_go_by_the_cache(reader, published):
    published()
    assert reader.ask("/admin/").status == 302
    assert reader.ask("/admin/login/").headers["cache-control"].startswith("max-age=0, no-cache")
    assert reader.ask(PAGE, method="POST").status == 405
    assert not reader.site.cache.counts


@pytest.mark.parametrize(
    "name",
    [
        "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "X_FORWARDED_FOR", "FORWARDED", "X_ORIGINAL_URL",
        "X_REWRITE_URL", "X_HTTP_METHOD_OVERRIDE", "ACCEPT_LANGUAGE", "ACCEPT", "USER_AGENT",
        "REFERER", "ORIGIN", "COOKIE", "AUTHORIZATION", "RANGE", "IF_MODIFIED_SINCE", "IF_MATCH",
        "TRANSFER_ENCODING", "X_REQUESTED_WITH", "DNT", "PURPOSE", "VIA", "TE", "EXPECT",
    ],
)  # fmt: skip
def test_no_header_gets_into_a_page_that_others_are_served(reader, published, client, name):
    published()
    poisoned = reader.ask(PAGE, **{name: "evil.example"})
    clean = reader.ask(PAGE)
    assert poisoned.status == 200
    assert b"evil.example" not in clean.body
    assert (poisoned.body, poisoned.headers) == (clean.body, clean.headers)
    assert clean.body == client.get(PAGE).content


# --- To the second ---------------------------------------------------------------------------


def test_a_scheduled_story_shows_from_its_second_on_though_every_page_was_in_memory(
    reader, write, published, clock
):
    published()
    story = write("Flood Warning")
    press.schedule(story.pk, revision=1, by=PROGRAM, seen=0, now=NOW, at=NOW + 2 * SECOND)
    reader.hears()
    for page in ("/", "/world/", "/world/flood-warning/"):
        assert "Flood Warning" not in reader.ask(page).text
    clock.move_to(NOW + 2 * SECOND - timedelta(microseconds=1))
    assert "Flood Warning" not in reader.ask("/").text
    clock.move_to(NOW + 2 * SECOND)
    for page in ("/", "/world/", "/world/flood-warning/"):
        assert "Flood Warning" in reader.ask(page).text


def test_a_label_moves_on_without_a_render_and_without_a_query(
    reader, published, clock, client, django_assert_num_queries
):
    published(at=NOW - 30 * SECOND)
    assert "just now" in reader.ask("/").text
    reader.ask("/")
    clock.move_to(NOW + 30 * SECOND)
    reader.hears()
    with django_assert_num_queries(0):
        later = reader.ask("/")
    assert "1 minute ago" in later.text
    assert later.body == client.get("/").content


def test_the_day_in_the_masthead_is_the_newsrooms_day_from_its_midnight_on(
    reader, published, clock
):
    published()
    midnight = NOW.replace(hour=18, minute=30)  # in Asia/Kolkata
    clock.move_to(midnight - SECOND)
    assert "Friday, 19 June 2026" in reader.ask("/").text
    clock.move_to(midnight)
    assert "Saturday, 20 June 2026" in reader.ask("/").text


def test_what_is_published_is_there_as_soon_as_the_edition_was_looked_at(reader, published):
    published()
    assert "Harbour Closes" not in reader.ask("/").text
    published("Harbour Closes", at=NOW)
    reader.hears()
    assert reader.renders("/") == 1
    assert "Harbour Closes" in reader.ask("/").text


def test_a_process_that_slept_looks_at_the_edition_before_it_serves(reader, published, clock):
    published()
    reader.ask("/")
    published("Harbour Closes", at=NOW)
    clock.move_to(NOW + 2 * SECOND)
    assert "Harbour Closes" in reader.ask("/").text


def test_a_clock_that_was_set_back_shows_no_story_of_the_future(reader, write, published, clock):
    published()
    story = write("Flood Warning")
    press.schedule(story.pk, revision=1, by=PROGRAM, seen=0, now=NOW, at=NOW + MINUTE)
    clock.move_to(NOW + 2 * MINUTE)
    assert "Flood Warning" in reader.ask("/").text
    clock.move_to(NOW + SECOND)
    assert "Flood Warning" not in reader.ask("/").text


# --- When something fails --------------------------------------------------------------------


def test_while_the_database_is_down_readers_keep_the_pages_that_they_had(reader, published, clock):
    published()
    before = reader.ask(PAGE)
    with connection.execute_wrapper(down):
        clock.move_to(NOW + 20 * MINUTE)
        during = reader.ask(PAGE)
    assert (before.status, during.status) == (200, 200)
    assert "Harbour Opens" in during.text


def test_while_the_database_is_down_labels_go_on_being_right(reader, published, clock):
    published(at=NOW - 30 * SECOND)
    reader.ask("/")
    with connection.execute_wrapper(down):
        clock.move_to(NOW + 10 * MINUTE)
        assert "10 minutes ago" in reader.ask("/").text


def test_while_the_database_is_down_a_process_shows_what_another_rendered_after_it(
    reader, published, tmp_path
):
    another = Reader()
    reader.shares_with(another, tmp_path)
    assert reader.ask(PAGE).status == 404
    published()
    assert another.ask(PAGE).status == 200
    reader.hears()
    with connection.execute_wrapper(down):
        assert reader.ask(PAGE).status == 200


@pytest.mark.parametrize("how", [EndsAs.GONE, EndsAs.VANISHED])
def test_what_was_taken_down_is_never_served_again_not_even_while_the_database_is_down(
    reader, published, how
):
    story = published()
    reader.ask(PAGE)
    press.take_down(
        story.pk, how=how, reason="A court", authority="It", by=PROGRAM, seen=seen(story), now=NOW
    )
    reader.hears()
    with connection.execute_wrapper(down):
        answer = reader.ask(PAGE)
    assert answer.status == 500
    assert "The harbour opened" not in answer.text


def test_a_page_past_an_end_it_knew_of_is_not_served_while_the_database_is_down(
    reader, published, clock
):
    story = published()
    press.set_end(story.pk, at=NOW + MINUTE, by=PROGRAM, seen=seen(story), now=NOW)
    reader.ask(PAGE)
    with connection.execute_wrapper(down):
        clock.move_to(NOW + MINUTE - SECOND)
        assert reader.ask(PAGE).status == 200
        clock.move_to(NOW + MINUTE)
        assert reader.ask(PAGE).status == 500


def test_a_page_that_failed_once_is_asked_for_again(reader, published, clock):
    published()
    with connection.execute_wrapper(down):
        assert reader.ask(PAGE).status == 500
    assert reader.ask(PAGE).status == 200


# --- How it is answered ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("", None), ("identity", None), ("gzip", "gzip"), ("gzip, deflate, br", "br"),
        ("br;q=0, gzip", "gzip"), ("*", "br"), ("br;q=0.5", "br"), ("gzip;q=0.0", None),
    ],
)  # fmt: skip
def test_a_page_comes_in_the_best_coding_that_a_reader_takes(reader, published, accepts, coding):
    published()
    plain = reader.ask(PAGE)
    answer = reader.ask(PAGE, Accept_Encoding=accepts)
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.body == plain.body


def test_who_holds_the_page_is_told_so_in_every_coding_until_a_label_changes(
    reader, published, clock
):
    published(at=NOW - 30 * SECOND)
    etag = reader.ask("/", Accept_Encoding="br").headers["etag"]
    for accepts in ("br", "gzip", ""):
        held = reader.ask("/", If_None_Match=f'"x", {etag}', Accept_Encoding=accepts)
        assert (held.status, held.body) == (304, b"")
        assert held.headers["etag"] == etag
        assert "content-length" not in held.headers
        assert "content-security-policy" in held.headers
    clock.move_to(NOW + 30 * SECOND)
    assert reader.ask("/", If_None_Match=etag).status == 200


def test_head_tells_what_get_would_and_sends_nothing(reader, published):
    published()
    get, head = reader.ask(PAGE), reader.ask(PAGE, method="HEAD")
    assert (head.status, head.headers, head.body) == (200, get.headers, b"")


@pytest.mark.parametrize(
    ("ahead", "kept"),
    [
        (100 * SECOND, "public, max-age=10, s-maxage=1, stale-while-revalidate=1"),
        (5 * SECOND, "public, max-age=5, s-maxage=1, stale-while-revalidate=1"),
        (SECOND, "public, max-age=1, s-maxage=1"),
        (SECOND / 2, "public, max-age=0, s-maxage=0"),
    ],
)
def test_others_may_keep_a_page_until_the_next_change_that_is_known(
    reader, write, published, ahead, kept
):
    published(at=NOW - timedelta(days=40))  # no label of it changes
    story = write("Flood Warning")
    press.schedule(story.pk, revision=1, by=PROGRAM, seen=0, now=NOW, at=NOW + ahead)
    reader.hears()
    assert reader.ask(PAGE).headers["cache-control"] == f"{kept}, stale-if-error=3600"


def test_others_may_keep_a_page_until_the_next_label_changes(reader, published):
    published(at=NOW - 56 * SECOND)
    assert "max-age=4," in reader.ask("/").headers["cache-control"]


def test_nobody_may_show_a_page_past_an_end_though_the_site_does_not_answer(reader, published):
    story = published(at=NOW - timedelta(days=40))
    press.set_end(story.pk, at=NOW + MINUTE, by=PROGRAM, seen=seen(story), now=NOW)
    reader.hears()
    assert reader.ask(PAGE).headers["cache-control"].endswith("stale-if-error=60")


def test_a_redirect_and_a_missing_page_are_kept_apart_from_the_pages(reader, published):
    story = published()
    rewritten = rewrite(story, slug="harbour-open")
    press.publish(
        story.pk, revision=rewritten, by=PROGRAM, seen=seen(story), now=NOW, change="update"
    )
    reader.hears()
    assert reader.ask(PAGE).status == 301
    assert reader.ask("/nowhere/").status == 404
    assert (len(reader.site.cache.pages), len(reader.site.cache.others)) == (0, 2)
    assert reader.renders(PAGE, "/nowhere/", "/nowhere/?x=1") == 0


def test_the_cache_tells_the_site_when_something_was_withdrawn(db, clock, published):
    told = []
    horizon = Horizon(Machine(None), withdrawn=lambda: told.append(1))
    story = published()
    horizon.look(1)
    published("Harbour Closes", at=NOW)
    horizon.look(2)
    assert not told
    press.unpublish(story.pk, reason="Wrong", by=PROGRAM, seen=seen(story), now=NOW)
    horizon.look(3)
    assert told == [1]
