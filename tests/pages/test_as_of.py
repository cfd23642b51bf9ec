"""The site as of another moment: the same pages, to who may, and nothing of it to anyone else."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import intervals
from articles.models import Publication
from articles.moments import AS_OF_COOKIE, choose_as_of
from articles.states import EndsAs
from tests.conftest import NOW
from tests.desk.pressing import do, rewrite
from tests.pages.timelines import Timeline

pytestmark = pytest.mark.django_db

HERE = "/world/harbour-opens/"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BANNER = re.compile(r'<aside class="as-of".*?</aside>', re.DOTALL)
# It moves labels on with the reader's clock, so a page of another moment goes without.
SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)


@pytest.fixture
def story(published, clock):
    return published(at=NOW - 2 * HOUR)


@pytest.fixture
def reading(desk_of):
    """A browser in which someone reads the site as of a moment."""

    def reading(user, moment):
        browser = desk_of(user)
        choose(browser, moment)
        return browser

    return reading


def choose(browser, moment):
    answer = browser.post(reverse("as_of"), {"moment": moment.isoformat()})
    assert (answer.status_code, answer["Location"]) == (302, "/")


def body(answer):
    """A page without what stands on it because it is of another moment."""
    page = SCRIPT.sub("", BANNER.sub("", answer.content.decode()))
    return "\n".join(line for line in page.splitlines() if line.strip())


def banner(answer):
    found = BANNER.search(answer.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


# --- What is shown ------------------------------------------------------------------------------


def test_a_moment_in_the_past_shows_what_readers_saw_then_with_labels_of_then(
    reading, publisher, story, published
):
    published("Tides Rise", slug="tides", at=NOW - 3 * HOUR)
    browser = reading(publisher, NOW - 2 * HOUR - MINUTE)
    home = browser.get("/").content.decode()
    assert "Harbour Opens" not in home
    assert re.search(r"<time[^>]*>59 minutes ago</time>", home)
    assert browser.get(HERE).status_code == 404
    choose(browser, NOW - 2 * HOUR)
    assert re.search(r"<time[^>]*>just now</time>", browser.get("/").content.decode())
    assert browser.get(HERE).status_code == 200


def test_a_moment_in_the_future_shows_what_is_scheduled_to_who_may_and_to_nobody_else(
    client, reading, publisher, story
):
    revision = rewrite(story, headline="Harbour Closes")
    do("schedule", story, revision=revision, at=NOW + DAY)
    browser = reading(publisher, NOW + DAY)
    assert "Harbour Closes" in browser.get(HERE).content.decode()
    choose(browser, NOW + DAY - SECOND)
    for page in (browser.get(HERE), client.get(HERE)):
        assert "Harbour Closes" not in page.content.decode()


def test_the_banner_says_the_moment_in_the_newsrooms_zone_and_leads_back(reading, publisher, story):
    answer = reading(publisher, NOW + DAY - 6 * HOUR).get("/")
    assert banner(answer) == (
        "The site as of Saturday 20 June 2026, 06:00, not as readers see it now. "
        "Another moment, or back to now"
    )
    assert 'href="/admin/as-of/"' in BANNER.search(answer.content.decode())[0]
    assert 'method="post"' not in answer.content.decode()
    assert "labels.js" not in answer.content.decode()


def test_every_answer_is_kept_by_no_cache_and_by_no_search_engine(reading, publisher, story):
    do("publish", story, revision=rewrite(story, slug="harbour-closes"), now=NOW - HOUR)
    do("take_down", story, how=EndsAs.GONE, reason="A libel", now=NOW - MINUTE)
    browser = reading(publisher, NOW - 2 * HOUR)
    moments = {
        NOW - 2 * HOUR: {"/": 200, "/corrections/": 200, "/nowhere/": 404, "/world": 301},
        NOW: {HERE: 410, "/world/": 404},
    }
    for moment, answers in moments.items():
        choose(browser, moment)
        for path, status in answers.items():
            answer = browser.get(path)
            assert answer.status_code == status, path
            assert answer["Cache-Control"] == "no-store, private"
            assert answer["X-Robots-Tag"] == "noindex"
            assert bool(banner(answer)) == (status != 301)


def test_a_redirect_of_another_moment_is_kept_by_no_cache(client, reading, publisher, story):
    do("publish", story, revision=rewrite(story, slug="harbour-closes"), now=NOW - HOUR)
    answer = reading(publisher, NOW - HOUR).get(HERE)
    assert (answer.status_code, answer["Location"]) == (301, "/world/harbour-closes/")
    assert answer["Cache-Control"] == "no-store, private"
    assert client.get(HERE)["Cache-Control"] == "public, max-age=60"


def test_head_answers_as_get_does_and_other_methods_are_refused(reading, publisher, story):
    browser = reading(publisher, NOW - HOUR)
    head, get = browser.head(HERE), browser.get(HERE)
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "Content-Length": ""} == {**get.headers, "Content-Length": ""}
    assert int(get["Content-Length"]) == len(get.content)
    assert browser.post(HERE).status_code == 405


def test_the_desk_is_never_read_as_of_another_moment(reading, publisher, story):
    browser = reading(publisher, NOW - 3 * HOUR)
    page = browser.get(f"/admin/articles/article/{story.pk}/change/")
    assert "live" in page.content.decode()
    assert not banner(page)
    assert "X-Robots-Tag" not in page


# --- What was taken down since ------------------------------------------------------------------


@pytest.fixture
def gone(story, published, author, topic):
    """A story that stood everywhere, and was taken down a minute ago."""
    lists = {"authors": [author.pk], "tags": [topic.pk]}
    revision = rewrite(story, body="<p>It was so.</p>", **lists)
    said = {"change": "correction", "note": "It was otherwise."}
    do("publish", story, revision=revision, now=NOW - HOUR, **said)
    published("Other", at=NOW - 2 * HOUR, also_read=[story.pk], **lists)
    do("take_down", story, how=EndsAs.GONE, reason="A libel", now=NOW - MINUTE)
    return story


SHOWN_ON = (
    "/", "/world/", "/author/ilse-hartmann/", "/tag/ports/", "/corrections/", "/world/other/",
    "/nowhere/", "/archive/", "/archive/2026/", "/archive/2026/06/", "/archive/2026/06/19/", HERE,
)  # fmt: skip
MARK = "Since taken down: “Harbour Opens”"


@pytest.mark.parametrize("path", SHOWN_ON)
def test_a_story_taken_down_since_bears_a_mark_for_who_may_take_down(
    reading, managing_editor, gone, path
):
    browser = reading(managing_editor, NOW - HOUR)
    answer = browser.get(path)
    assert answer.status_code == (404 if path == "/nowhere/" else 200)
    assert "Harbour Opens" in body(answer)
    assert banner(answer).endswith(MARK)


@pytest.mark.parametrize("path", SHOWN_ON)
def test_a_story_taken_down_since_is_gone_for_others_and_in_no_list(reading, publisher, gone, path):
    browser = reading(publisher, NOW - HOUR)
    answer = browser.get(path)
    assert answer.status_code == {"/nowhere/": 404, HERE: 410}.get(path, 200)
    page = answer.content.decode()
    assert "Harbour" not in page
    assert "It was" not in page
    assert "Since taken down" not in page


@pytest.mark.parametrize("path", ["/sitemaps/2026-06.xml", "/news-sitemap.xml"])
def test_a_sitemap_names_a_story_taken_down_since_to_who_may_take_down_only(
    reading, managing_editor, publisher, gone, path
):
    for user, sees in ((managing_editor, True), (publisher, False)):
        answer = reading(user, NOW - HOUR).get(path)
        assert answer.status_code == 200
        assert ("harbour-opens" in answer.content.decode()) == sees
        assert answer["Cache-Control"] == "no-store, private"


def test_an_old_address_of_a_story_taken_down_since_is_gone_as_well(reading, publisher, story):
    do("publish", story, revision=rewrite(story, slug="harbour-closes"), now=NOW - HOUR)
    do("take_down", story, how=EndsAs.GONE, reason="A libel", now=NOW - MINUTE)
    answer = reading(publisher, NOW - HOUR).get(HERE)
    assert answer.status_code == 410
    assert "19 June 2026" in body(answer)
    assert "Harbour" not in body(answer)


def test_a_story_restored_since_bears_no_mark_and_is_open_to_others(
    reading, managing_editor, publisher, gone
):
    do("restore", gone, revision=2, reason="It was right")
    for user in (managing_editor, publisher):
        answer = reading(user, NOW - HOUR).get(HERE)
        assert answer.status_code == 200
        assert "Since taken down" not in answer.content.decode()


@pytest.mark.parametrize("verb", ["unpublish", "expired"])
def test_a_story_that_ended_otherwise_shows_without_a_mark(reading, publisher, story, clock, verb):
    if verb == "unpublish":
        do("unpublish", story)
    else:
        do("set_end", story, at=NOW + MINUTE)
        clock.shift(HOUR)
    answer = reading(publisher, NOW - HOUR).get(HERE)
    assert answer.status_code == 200
    assert "Since taken down" not in banner(answer)


@pytest.mark.parametrize("verb", ["vanish", "withhold"])
def test_what_was_withheld_since_shows_at_no_moment(reading, managing_editor, story, verb):
    if verb == "vanish":
        do("take_down", story, how=EndsAs.VANISHED, reason="By law")
    else:
        Publication.objects.filter(article=story).update(withheld=True)
    browser = reading(managing_editor, NOW - HOUR)
    assert browser.get(HERE).status_code == 404
    assert verb == "withhold" or "Harbour" not in browser.get("/").content.decode()


def test_what_was_erased_since_shows_at_no_moment(reading, managing_editor, story):
    do("erase", story, reason="By law", authority="A court")
    browser = reading(managing_editor, NOW - HOUR)
    assert browser.get(HERE).status_code == 404
    assert "Harbour" not in browser.get("/").content.decode()


# --- Who may ------------------------------------------------------------------------------------


def cookie_of(user, moment):
    answer = HttpResponse()
    choose_as_of(answer, moment, person=user.pk)
    return answer.cookies[AS_OF_COOKIE].value


COOKIES = {
    "nonsense": lambda mine, theirs: "nonsense",
    "empty": lambda mine, theirs: "",
    "unsigned": lambda mine, theirs: mine.rsplit(":", 2)[0],
    "changed": lambda mine, theirs: mine.replace("06-20", "06-21"),
    "of another person": lambda mine, theirs: theirs,
    "odd": lambda mine, theirs: "\ud83d\udea2:é:\x7f".encode("utf-8", "replace").decode("latin-1"),
}


@pytest.mark.parametrize("name", COOKIES)
def test_a_cookie_that_does_not_verify_shows_the_page_that_anyone_gets(
    client, desk_of, publisher, managing_editor, story, name
):
    do("schedule", story, revision=rewrite(story, headline="To Come"), at=NOW + HOUR)
    mine, theirs = (cookie_of(user, NOW + DAY) for user in (publisher, managing_editor))
    browser = desk_of(publisher)
    browser.cookies[AS_OF_COOKIE] = COOKIES[name](mine, theirs)
    assert browser.get(HERE).content == client.get(HERE).content
    browser.cookies[AS_OF_COOKIE] = mine
    assert "To Come" in browser.get(HERE).content.decode()


def test_the_cookie_alone_opens_nothing(client, publisher, story):
    client.cookies[AS_OF_COOKIE] = cookie_of(publisher, NOW - DAY)
    answer = client.get(HERE)
    assert answer.status_code == 200
    assert not banner(answer)


@pytest.mark.parametrize("lost", ["the role", "the desk", "the account"])
def test_who_loses_the_right_is_out_on_the_next_request(reading, publisher, story, lost):
    browser = reading(publisher, NOW - DAY)
    assert browser.get(HERE).status_code == 404
    if lost == "the role":
        publisher.groups.set([Group.objects.get(name="Editor")])
    else:
        setattr(publisher, "is_staff" if lost == "the desk" else "is_active", False)
        publisher.save()
    answer = browser.get(HERE)
    assert answer.status_code == 200
    assert not banner(answer)
    assert "Cache-Control" not in answer


@pytest.mark.parametrize("path", ["/", HERE, "/world/", "/corrections/", "/nowhere/"])
def test_an_ordinary_request_asks_neither_session_nor_person_whoever_sends_it(
    client, desk_of, publisher, story, path
):
    signed_in, confused = desk_of(publisher), desk_of(publisher)
    confused.cookies[AS_OF_COOKIE] = "nonsense"
    with CaptureQueriesContext(
        connection,
    ) as anonymous:
        plain = client.get(path)
    for browser in (signed_in, confused):
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(path)
        assert len(asked) == len(anonymous)
        assert "Vary" not in answer
        assert answer.headers == plain.headers
        assert answer.content == plain.content


def test_reading_as_of_costs_five_queries_more_at_most(
    reading, managing_editor, story, django_assert_max_num_queries
):
    browser = reading(managing_editor, NOW - HOUR)
    with django_assert_max_num_queries(3 + 5):
        browser.get(HERE)


# --- The same pages -----------------------------------------------------------------------------

TIMELINES, STEPS = 3, 24


def assert_same(one, other, where):
    assert one.status_code == other.status_code, where
    assert one.get("Location") == other.get("Location"), where
    assert body(one) == body(other), where


@pytest.mark.parametrize("seed", range(TIMELINES))
def test_a_page_as_of_a_moment_is_the_page_that_was_served_then_or_will_be(
    client, reading, managing_editor, write, clock, seed
):
    line = Timeline(seed, write, clock)
    for step in range(STEPS):
        line.happens()
        line.forward(to_an_edge=True)
        if step % 4 == 3:
            line.serve(client)
            line.forward()
    line.forward()
    assert {answer.status_code for _t, _path, answer in line.served} == {200, 301, 404, 410}
    browser, chosen = reading(managing_editor, line.t), None
    for moment, path, then in line.served:
        if moment != chosen:
            choose(browser, chosen := moment)
        assert_same(then, browser.get(path), (seed, moment, path))
    for _ in range(2):
        ahead = intervals.next_change(line.t) or line.t + HOUR
        choose(browser, ahead)
        told = {path: browser.get(path) for path in line.paths()}
        line.t = ahead
        clock.move_to(line.t)
        for path, answer in told.items():
            assert_same(client.get(path), answer, (seed, ahead, path))
