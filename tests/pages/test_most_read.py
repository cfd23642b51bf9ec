"""Most read: what counts as a read, what is kept of it, and where readers see the ranking."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles import reads
from articles.models import LastRanking, MostRead, ReadsAnHour
from articles.moments import give_moment
from articles.pages.most_read import most_read
from tests.conftest import NOW, person
from tests.desk.pressing import HOUR, do, rewrite

pytestmark = pytest.mark.django_db

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CUBOT = "Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 Chrome/142.0 Mobile"
BROWSER = {
    "User-Agent": FIREFOX,
    "Origin": "http://testserver",
    "Sec-Fetch-Site": "same-origin",
}


@pytest.fixture
def tell(client, clock):
    """Post what the script of a story's page posts, a header changed or (None) left out."""

    def tell(story, *, kind="text/plain;charset=UTF-8", **changed):
        named = {name.replace("_", "-").title(): value for name, value in changed.items()}
        headers = {name: value for name, value in {**BROWSER, **named}.items() if value is not None}
        body = str(getattr(story, "pk", story)) if not isinstance(story, bytes) else story
        return client.post("/most-read/", data=body, content_type=kind, headers=headers)

    return tell


def counted():
    return dict(ReadsAnHour.objects.values_list("story", "count"))


def shown(client, path="/most-read/"):
    """The headlines of the most read on a page, in their order."""
    page = html.fromstring(client.get(path).content)
    return [title.text_content() for title in page.cssselect(".most li .hd")]


def rank(*stories, at=NOW):
    """Let stories be read, the first one most, and ranked."""
    for times, story in enumerate(reversed(stories), 1):
        for _ in range(times):
            reads.count(story.pk, at)
    reads.rank_if_due(at)


# --- What counts ----------------------------------------------------------------------------------


def test_each_read_of_a_browser_counts_once_and_is_answered_by_nothing(tell, published):
    story, other = published(), published("Other")
    answers = [tell(story), tell(story), tell(other)]
    assert {(a.status_code, a.content) for a in answers} == {(204, b"")}
    assert counted() == {story.pk: 2, other.pk: 1}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Sec_Fetch_Site": None},  # over http, no browser sends it
        {"User_Agent": CUBOT},
        {"DNT": "0"},
        {"DNT": "unspecified"},
    ],
)
def test_a_browser_that_did_not_decline_is_counted(tell, published, changed):
    story = published()
    tell(story, **changed)
    assert counted() == {story.pk: 1}


DECLINED = [{"DNT": "1"}, {"Sec_GPC": "1"}]
AHEAD = [
    {"Sec_Purpose": "prefetch"},
    {"Sec_Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
]
ROBOTS = [
    {"User_Agent": agent}
    for agent in (
        None, "", "curl/8.9.1", "Wget/1.24", "python-requests/2.32", "Go-http-client/2.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0",
        "Mozilla/5.0 (compatible; Yahoo! Slurp)", "Mozilla/5.0 (compatible; Baiduspider/2.0)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/142.0 Safari/537.36",
        "Mozilla/5.0 Chrome/142.0 Mobile Safari/537.36 Chrome-Lighthouse",
        "Mozilla/5.0 (compatible; Google-InspectionTool/1.0)", "WhatsApp/2.23 A",
        "Mozilla/5.0 (Macintosh) AppleWebKit/605 (Applebot/0.1) Safari", "CUBOT bot",
        "Mozilla/5.0 (compatible; Some Preview)", "Mozilla/5.0 (compatible; LinkCrawler)",
    )
]  # fmt: skip
ELSEWHERE = [
    {"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": "none"},
    {"Origin": "https://other.example"}, {"Origin": "null"}, {"Origin": None},
    {"Origin": "http://testserver.other.example"},
    {"kind": "application/x-www-form-urlencoded"}, {"kind": "application/json"}, {"kind": ""},
]  # fmt: skip


@pytest.mark.parametrize("changed", [*DECLINED, *AHEAD, *ROBOTS, *ELSEWHERE])
def test_who_declined_a_robot_a_page_fetched_ahead_or_another_site_is_not_counted(
    tell, published, changed
):
    answer = tell(published(), **changed)
    assert (answer.status_code, answer.content) == (204, b"")
    assert counted() == {}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"0", b"-1", b"+1", b" 1", b"1 ", b"1.0", b"1e3", b"x", b"1\x00", b"\xff\xfe",
        "١".encode(), str(2**63).encode(), b"9" * 64, b"1" * 65, b"1" * 10_000, b"{}" * 5_000,
    ],
)  # fmt: skip
def test_a_body_that_is_no_storys_id_is_answered_alike(tell, published, body):
    published()
    answer = tell(body)
    assert (answer.status_code, answer.content) == (204, b"")
    assert counted() == {}


def test_no_more_of_a_body_is_read_than_an_id_has(rf, clock, published):
    sent = rf.post("/most-read/", data=b"1" * 10_000, content_type="text/plain", headers=BROWSER)
    give_moment(sent, NOW)
    most_read(sent)
    assert len(sent.read()) == 10_000 - 65


# --- What is kept, and told --------------------------------------------------------------------


@pytest.mark.parametrize("hidden", ["draft", "scheduled", "unpublished", "gone", "vanished"])
def test_a_story_that_is_not_public_is_not_counted_and_the_answer_does_not_say_so(
    tell, write, published, hidden
):
    public = published("Public")
    story = write("Hidden") if hidden in ("draft", "scheduled") else published("Hidden")
    if hidden == "scheduled":
        do("schedule", story, revision=1, at=NOW + SECOND)
    elif hidden == "unpublished":
        do("unpublish", story)
    elif hidden != "draft":
        do("take_down", story, how=hidden, reason="W", authority="The court")
    told, known = tell(story), tell(public)
    assert (told.status_code, told.content) == (known.status_code, known.content)
    assert sorted(told.headers.items()) == sorted(known.headers.items())
    assert counted() == {public.pk: 1}


def test_a_scheduled_story_counts_from_its_second(tell, write, clock):
    story = write()
    do("schedule", story, revision=1, at=NOW + MINUTE)
    clock.move_to(NOW + MINUTE - SECOND)
    tell(story)
    assert counted() == {}
    clock.move_to(NOW + MINUTE)
    tell(story)
    assert counted() == {story.pk: 1}


def test_nothing_is_kept_of_who_reads(tell, client, published):
    client.cookies["sessionid"] = "x" * 32
    answer = tell(published())
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    columns = {field.name for field in ReadsAnHour._meta.get_fields()}
    assert columns == {"id", "story", "hour", "count"}


def test_an_editor_who_reads_the_site_as_of_another_moment_is_not_counted(
    tell, client, published, publisher
):
    story = published()
    client.force_login(publisher)
    client.post("/admin/as-of/", {"moment": "2026-06-19 11:00"})
    tell(story)
    assert counted() == {}


def test_other_methods_are_refused(client, clock, db):
    assert client.head("/most-read/").status_code == 200
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)("/most-read/").status_code == 405


def test_a_database_that_is_down_loses_a_read_and_nothing_else(tell, published):
    story = published()

    def down(*_asked):
        raise OperationalError("the database went away")

    with connection.execute_wrapper(down):
        assert tell(story).status_code == 204
    tell(story)
    assert counted() == {story.pk: 1}


def test_a_read_is_two_questions_and_one_statement_that_writes(tell, published):
    story = published()
    tell(story)
    with CaptureQueriesContext(connection) as captured:
        tell(story)
    asked = [q["sql"].split()[0] for q in captured if not q["sql"].startswith("PRAGMA")]
    assert asked == ["SELECT", "INSERT", "SELECT"]


# --- The ranking -------------------------------------------------------------------------------


def test_the_first_read_of_a_minute_ranks_and_the_others_do_not(tell, published, clock):
    first, second = published("First"), published("Second")
    tell(first)
    tell(second)
    tell(second)
    assert list(MostRead.objects.values_list("story", "reads")) == [(first.pk, 1)]
    clock.move_to(NOW + MINUTE)
    tell(first)
    ranked = MostRead.objects.order_by("place").values_list("place", "story", "reads")
    assert list(ranked) == [(1, second.pk, 2), (2, first.pk, 2)]


def test_one_of_two_claims_a_minute(db):
    with connection.cursor() as cursor:
        assert reads._claim(cursor, NOW)
        assert not reads._claim(cursor, NOW)
        assert not reads._claim(cursor, NOW - MINUTE)
        assert reads._claim(cursor, NOW + MINUTE)


def test_a_clock_that_ran_ahead_does_not_stop_the_ranking(tell, published, clock):
    clock.move_to(NOW + 2 * HOUR)
    tell(published("Ahead"))
    clock.move_to(NOW)
    story = published("Now")
    tell(story)
    tell(story)
    assert LastRanking.objects.get().minute == NOW
    assert MostRead.objects.count() == 2


def test_reads_of_the_last_24_hours_count_the_current_one_among_them(client, published, clock):
    old, late = published("Old", at=NOW - 48 * HOUR), published("Late", at=NOW - 48 * HOUR)
    hour = reads.hour_of(NOW)
    reads.count(old.pk, hour - 23 * HOUR - SECOND)
    reads.count(late.pk, hour - 23 * HOUR)
    reads.rank_if_due(NOW)
    assert shown(client) == ["Late"]


def test_an_hour_begins_on_the_newsrooms_clock(settings):
    assert reads.hour_of(NOW) == NOW  # noon, at half past six in UTC
    assert reads.hour_of(NOW + 59 * MINUTE) == NOW
    settings.TIME_ZONE = "UTC"
    assert reads.hour_of(NOW) == NOW - 30 * MINUTE


def test_where_nobody_has_read_for_a_day_nothing_is_ranked(client, published, clock):
    rank(published())
    clock.move_to(NOW + 24 * HOUR - SECOND)
    assert shown(client) == ["Harbour Opens"]
    clock.move_to(NOW + 24 * HOUR)
    assert shown(client) == []


def test_a_shorter_ranking_leaves_nothing_of_a_longer_one(client, published, clock):
    stories = [published(name) for name in ("A", "B", "C")]
    rank(*stories, at=NOW - 23 * HOUR)
    rank(stories[2])
    assert shown(client) == ["A", "C", "B"]
    clock.move_to(NOW + 2 * HOUR)
    rank(stories[2], at=NOW + 2 * HOUR)
    assert shown(client) == ["C"]


# --- Where readers see it -------------------------------------------------------------------------


def test_pages_show_the_five_most_read_and_the_page_of_them_ten(client, published, clock):
    stories = [published(f"Story {n}") for n in range(12)]
    rank(*stories)
    names = [story.headline for story in stories]
    assert shown(client, "/") == names[:5]
    assert shown(client) == names[:10]


def test_a_section_shows_its_own_and_a_story_all_but_itself(client, published, national, clock):
    abroad, at_home = published("Abroad"), published("At Home", section=national.pk)
    rank(abroad, at_home)
    assert shown(client, "/national/") == ["At Home"]
    assert shown(client, "/world/") == ["Abroad"]
    assert shown(client, "/national/at-home/") == ["Abroad"]
    assert shown(client, "/world/abroad/") == ["At Home"]


def test_a_story_is_shown_in_the_section_it_has_now_and_by_the_headline_it_has_now(
    client, published, national, clock
):
    story, other = published("Before"), published("Other")
    rank(story, other)
    do("publish", story, revision=rewrite(story, headline="After", section=national.pk))
    assert shown(client, "/national/") == ["After"]
    assert shown(client, "/world/") == ["Other"]


@pytest.mark.parametrize("how", ["unpublish", "gone", "vanished", "expired"])
def test_a_story_that_ended_since_is_shown_no_more_and_leaves_no_gap(client, published, clock, how):
    ended, others = published("Ended"), [published(f"Story {n}") for n in range(5)]
    rank(ended, *others)
    assert shown(client, "/")[0] == "Ended"
    if how == "unpublish":
        do("unpublish", ended)
    elif how == "expired":
        do("set_end", ended, at=NOW + MINUTE)
        clock.move_to(NOW + MINUTE)
    else:
        do("take_down", ended, how=how, reason="W", authority="The court")
    for path in ("/", "/world/", "/most-read/"):
        assert shown(client, path) == [story.headline for story in others]


@pytest.mark.parametrize("path", ["/", "/world/", "/world/harbour-opens/"])
def test_without_reads_there_is_no_block(client, published, clock, path):
    published()
    assert "Most Read" not in client.get(path).content.decode()


def test_the_site_as_of_another_moment_shows_none_and_counts_none(client, published, clock):
    story = published()
    rank(story, published("Other"))
    client.force_login(person("Publisher"))
    client.post("/admin/as-of/", {"moment": "2026-06-19 11:00"})
    for path in ("/", "/world/", "/world/harbour-opens/", "/most-read/"):
        page = client.get(path)
        assert page.status_code == 200
        assert shown(client, path) == []
        assert b"story.js" not in page.content


def test_a_page_does_not_differ_for_who_has_a_session(client, published, clock, desk_of, reporter):
    rank(published(), published("Other"))
    for path in ("/", "/most-read/", "/world/other/"):
        page = client.get(path)
        assert page.content == desk_of(reporter).get(path).content
        assert "Vary" not in page.headers


def test_only_a_live_storys_page_bears_the_script(client, published, desk_of, editor, clock):
    story = published()
    page = html.fromstring(client.get("/world/harbour-opens/").content)
    (script,) = page.cssselect("script[data-counted]")
    assert script.get("data-story") == str(story.pk)
    proof = desk_of(editor).get(f"/admin/articles/article/{story.pk}/proof/1/")
    assert b"Harbour Opens" in proof.content
    assert b"data-counted" not in proof.content
    for path in ("/", "/world/", "/most-read/", "/nowhere/"):
        assert b"story.js" not in client.get(path).content
