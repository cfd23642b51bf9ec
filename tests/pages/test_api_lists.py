"""The read API: its lists, read to their end."""

import json
import re

import pytest
from django.utils.http import http_date

from articles.desk import taxonomy
from articles.models import Section, Tag
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import do, rewrite
from tests.pages.ninjs_schema import faults_of_list
from tests.pages.reading_api import (
    LIST,
    MINUTE,
    end,
    faults_of,
    get,
    listed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(published, clock):
    return published()


@pytest.fixture
def fifty(published, author, topic, clock):
    """Fifty stories of one author and tag, two at each moment, the newest ones first."""
    lists = {"authors": [author.pk], "tags": [topic.pk]}
    made = [published(f"Story {n:02}", at=NOW - n // 2 * MINUTE, **lists) for n in range(50)]
    return sorted(made, key=lambda s: (s.list_rows.first().first_published_at, s.pk), reverse=True)


QUERIES = ("", "?section=world", "?author=ilse-hartmann", "?tag=ports")


def walk(client, path, between=lambda: None):
    """Read a list to its end by `next`, which is also in the Link header."""
    found = []
    while path:
        answer = client.get(path)
        page = json.loads(answer.content)
        assert faults_of_list(page) == []
        found += [int(item["altIds"][0]["value"]) for item in page["items"]]
        assert answer.get("Link") == (f'<{page["next"]}>; rel="next"' if page["next"] else None)
        path = page["next"] and page["next"].removeprefix("http://testserver")
        between()
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_a_list_is_read_to_its_end_each_story_once_newest_first(client, fifty, query):
    assert walk(client, LIST + query) == [story.pk for story in fifty]


@pytest.mark.parametrize("query", QUERIES)
def test_stories_published_meanwhile_are_no_reason_to_miss_one_or_read_it_twice(
    client, fifty, published, author, topic, query
):
    lists = {"authors": [author.pk], "tags": [topic.pk]}

    def publish():
        published("Meanwhile", at=NOW, **lists)
        do("publish", fifty[25], revision=rewrite(fifty[25], headline="Changed"))

    assert walk(client, LIST + query, between=publish) == [story.pk for story in fifty]


def test_a_list_holds_what_the_page_of_it_holds(client, fifty, published, national):
    published("Elsewhere", at=NOW, section=national.pk)
    for query, page in (("section=world", "/world/"), ("author=ilse-hartmann", None)):
        path = page or "/author/ilse-hartmann/"
        for before in ("", f"before={fifty[19].pk}"):
            shown = client.get(f"{path}?{before}").content.decode()
            items = get(client, f"{LIST}?{query}&{before}")["items"]
            links = [item["renditions"][0]["href"] for item in items]
            assert len(links) == 20
            paths = re.findall(r'<h[23][^>]*>\s*<a href="(/world/story[^"]*)"', shown)
            assert [f"http://testserver{path}" for path in paths] == links


def test_a_list_is_of_one_section_author_or_tag_and_two_at_once_are_none(
    client, fifty, published, national
):
    elsewhere = published("Elsewhere", at=NOW, section=national.pk)
    assert listed(client, f"{LIST}?section=national") == [elsewhere.pk]
    assert elsewhere.pk in listed(client)
    assert client.get(f"{LIST}?section=world&tag=ports").status_code == 404


def test_a_list_without_a_public_story_is_not_there_and_all_stories_always_are(
    client, story, clock
):
    Section.objects.create(name="Empty", slug="empty")
    assert client.get(f"{LIST}?section=empty").content == client.get(f"{LIST}?tag=no").content
    assert client.get(f"{LIST}?section=empty").status_code == 404
    end(story, "gone", clock)
    assert get(client, LIST) == {"items": [], "next": None}


def test_a_merged_tag_leads_to_the_one_that_took_it_over(client, fifty, topic):
    heir = Tag.objects.create(name="Harbours", slug="harbours")
    taxonomy.merge_tag(topic.pk, heir.pk, reason="The same", by=PROGRAM, now=NOW)
    answer = client.get(f"{LIST}?tag=ports&before={fifty[19].pk}")
    assert answer.status_code == 301
    assert answer["Location"] == f"http://testserver{LIST}?tag=harbours&before={fifty[19].pk}"
    assert "max-age=0" in answer["Cache-Control"]
    assert walk(client, f"{LIST}?tag=harbours") == [story.pk for story in fifty]


ODD_VALUES = (
    "", "0", "-1", str(10**30), "abc", "1.5", "٣", "%00", "1%20", str(2**63), "9" * 5000, "a/b",
    "%F0%9F%9A%A2", "%ff", "%ED%A0%80", "world%0A", "'", "%", "&&&",
)  # fmt: skip


@pytest.mark.parametrize("name", ["before", "section", "author", "tag"])
def test_an_odd_value_is_404_in_json_and_never_a_fault(client, fifty, name):
    for value in ODD_VALUES:
        answer = client.get(f"{LIST}?{name}={value}")
        assert answer.status_code == 404, value
        assert faults_of(answer) == []


def test_a_story_of_another_list_is_no_place_to_read_on_from(client, fifty, published, national):
    elsewhere = published("Elsewhere", at=NOW, section=national.pk)
    assert client.get(f"{LIST}?section=world&before={elsewhere.pk}").status_code == 404
    assert client.get(f"{LIST}?section=national&before={elsewhere.pk}").status_code == 404
    assert client.get(f"{LIST}?before={fifty[-1].pk}").status_code == 404  # nothing is older


def test_unknown_parameters_change_nothing(client, fifty):
    plain = client.get(f"{LIST}?section=world").content
    odd = client.get(f"{LIST}?utm_source=x&section=world&page=2&%00=%ff&callback=evil")
    assert odd.content == plain


def test_a_list_is_known_no_more_when_its_newest_or_any_other_story_is_taken_away(
    client, fifty, clock
):
    for story in (fifty[0], fifty[11]):
        known = client.get(LIST)["ETag"]
        end(story, "gone", clock)
        answer = client.get(
            LIST, headers={"if-none-match": known, "if-modified-since": http_date(NOW.timestamp())}
        )
        assert answer.status_code == 200
