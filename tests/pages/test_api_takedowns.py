"""The list of what was taken down, for who holds copies: what an address tells as ended (410), the
last one first, and never a trace of what is not to be known of (404)."""

import json

import pytest

from articles.models import Publication
from articles.states import EndsAs
from tests.conftest import NOW
from tests.desk.pressing import HOUR, MICROSECOND, do, rewrite
from tests.pages.ninjs_schema import faults_of_ended
from tests.pages.reading_api import MINUTE, address, end, faults_of, get
from tests.pages.test_api_lists import ODD_VALUES

pytestmark = pytest.mark.django_db

LIST = "/api/takedowns/"
NOTHING = {"items": [], "next": None}


def told(client, path=LIST):
    """The stories of a page of the list; each is what its own address answers (410)."""
    page = get(client, path)
    assert faults_of_ended(page) == []
    stories = [int(item["uri"].rpartition("/")[2]) for item in page["items"]]
    for story, item in zip(stories, page["items"], strict=True):
        assert get(client, f"/api/stories/{story}/", 410) == item
    return stories


def walk(client, between=lambda: None):
    found, path = [], LIST
    while path:
        found += told(client, path)
        answer = client.get(path)
        following = json.loads(answer.content)["next"]
        assert answer.get("Link") == (f'<{following}>; rel="next"' if following else None)
        path = following and following.removeprefix("http://testserver")
        between()
    return found


@pytest.mark.parametrize("how", ["gone", "expired"])
def test_a_story_whose_address_says_that_it_ended_is_listed_as_it_is_told_there(
    client, published, clock, how
):
    story = published()
    assert get(client, LIST) == NOTHING
    end(story, how, clock)
    assert told(client) == [story.pk]
    [item] = get(client, LIST)["items"]
    assert item["pubStatus"] == "canceled"
    assert ("expires" in item) == (how == "expired")


@pytest.mark.parametrize("how", ["unpublish", "vanished", "erase", "withheld"])
@pytest.mark.parametrize("before", ["", "gone"])
def test_what_is_not_to_be_known_of_leaves_no_trace_also_where_it_was_told_before(
    client, published, write, clock, how, before
):
    story = published()
    if before:
        do("take_down", story, how=EndsAs.GONE, reason="A libel", now=NOW - HOUR)
        assert told(client) == [story.pk]
        if how == "unpublish":
            do("restore", story, revision=1, reason="It was right", now=NOW - MINUTE)
    end(story, how, clock)
    write("A Draft")
    do("schedule", write("To Come"), revision=1, at=NOW + HOUR)
    assert get(client, LIST) == NOTHING
    assert client.get(f"{LIST}?before={story.pk}").content == client.get("/api/x/").content


def test_an_end_is_listed_from_its_second_on(client, published, clock):
    story = published()
    do("set_end", story, at=NOW + HOUR)
    clock.move_to(NOW + HOUR - MICROSECOND)
    assert get(client, LIST) == NOTHING
    clock.move_to(NOW + HOUR)
    assert told(client) == [story.pk]


def test_a_story_that_is_back_is_listed_no_more_and_one_that_ended_twice_is_listed_once(
    client, published, clock
):
    story, other = published(), published("Other")
    do("take_down", story, how=EndsAs.GONE, reason="A libel", now=NOW - HOUR)
    do("take_down", other, how=EndsAs.GONE, reason="A libel", now=NOW - 30 * MINUTE)
    assert told(client) == [other.pk, story.pk]
    revision = rewrite(story, body="<p>It is so.</p>")
    do("restore", story, revision=revision, reason="It was right", now=NOW - MINUTE)
    assert told(client) == [other.pk]
    do("take_down", story, how=EndsAs.GONE, reason="It was not", now=NOW)
    assert told(client) == [story.pk, other.pk]


def test_a_page_of_the_site_is_no_story_and_not_listed(client, published, clock):
    about = published("About us", slug="about", kind="page")
    end(about, "gone", clock)
    assert get(client, LIST) == NOTHING


@pytest.fixture
def fifty(published, clock):
    """Fifty stories that were taken down, three at each moment; the last ones first."""
    stories = [published(f"Story {n:02}") for n in range(50)]
    for number, story in enumerate(stories):
        now = NOW - number // 3 * MINUTE
        do("take_down", story, how=EndsAs.GONE, reason="A libel", now=now)
    rows = Publication.objects.order_by("-ends_at", "-pk")
    return list(rows.values_list("article", flat=True))


def test_the_list_is_read_to_its_end_each_story_once_the_last_one_first(client, fifty):
    assert walk(client) == fifty


def test_what_ends_or_comes_back_meanwhile_is_no_reason_to_miss_one(client, fifty, published):
    def meanwhile():
        do("take_down", published("Meanwhile"), how=EndsAs.GONE, reason="A libel", now=NOW)

    assert walk(client, between=meanwhile) == fifty


def test_below_a_story_that_is_back_or_never_ended_nothing_stands(client, fifty, published):
    back = Publication.objects.get(article=fifty[19]).article
    do("restore", back, revision=1, reason="It was right")
    for story in (back.pk, published("Live").pk, fifty[-1], 10**9):
        answer = client.get(f"{LIST}?before={story}")
        assert answer.status_code == 404
        assert faults_of(answer) == []


def test_an_odd_value_is_404_in_json_and_never_a_fault(client, fifty):
    for value in ODD_VALUES:
        answer = client.get(f"{LIST}?before={value}")
        assert answer.status_code == 404, value
        assert faults_of(answer) == []
    assert client.get(f"{LIST}?section=world&x=%00").content == client.get(LIST).content


def test_who_holds_the_list_gets_304_until_one_ends_or_is_back(client, published, clock):
    stories = [published(f"Story {number}") for number in range(2)]
    happenings = [
        lambda: end(stories[0], "gone", clock),
        lambda: end(stories[1], "expired", clock),
        lambda: do("restore", stories[0], revision=1, reason="Right", now=NOW + MINUTE),
    ]
    for happens in happenings:
        held = client.get(LIST)
        same = client.get(LIST, headers={"if-none-match": held["ETag"]})
        assert (same.status_code, same.content) == (304, b"")
        assert "Last-Modified" not in held
        happens()
        answer = client.get(LIST, headers={"if-none-match": held["ETag"]})
        assert answer.status_code == 200
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_no_word_of_a_story_stands_in_the_list(client, published, author, topic, clock):
    story = published("Xyzzy Opens", slug="xyzzy", authors=[author.pk], tags=[topic.pk])
    end(story, "gone", clock)
    said = client.get(LIST).content.decode().lower()
    assert not any(word in said for word in ("xyzzy", "world", "ilse", "ports", "libel"))
    assert address(story) not in said
