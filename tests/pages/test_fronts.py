"""Fronts: what is put into a slot by hand, what fills it by rule, and the breaking banner."""

from datetime import timedelta

import lxml.html
import pytest

from articles import intervals
from articles.desk import fronts
from articles.desk.fronts import Put
from articles.models.front import HOME
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import HOUR, do

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def paper(published):
    """Twelve stories, the first the newest."""
    return [published(f"Story {n:02}", at=NOW - timedelta(minutes=n)) for n in range(1, 13)]


def arrange(section, *puts, seen=0, now=NOW, at=None):
    filled = [*puts, *[None] * (5 - len(puts))]
    fronts.publish(section, filled, by=PROGRAM, seen=seen, now=now, at=at)


def headlines(client, path="/", part="main"):
    page = lxml.html.fromstring(client.get(path).content)
    return [title.text_content() for title in page.cssselect(f"{part} .hd > a")]


def lead(client):
    return headlines(client, part=".lead")[0]


def test_without_a_hand_the_newest_story_leads_and_no_story_stands_twice(client, paper):
    shown = headlines(client)
    assert shown[0] == "Story 01"
    stories = [title for title in shown if title.startswith("Story")]
    assert sorted(stories) == [f"Story {n:02}" for n in range(1, 13)]


def test_a_pinned_story_stands_in_its_slot_and_nowhere_else(client, paper):
    arrange(HOME, Put(paper[9].pk), None, Put(paper[7].pk))
    shown = headlines(client)
    assert lead(client) == "Story 10"
    second = headlines(client, part=".second")
    assert second == ["Story 11", "Story 08", "Story 12"]
    assert shown.count("Story 10") == shown.count("Story 08") == 1


def test_by_rule_the_latest_stand_beside_the_lead_and_what_follows_fills_the_slots(client, paper):
    assert headlines(client, part=".latest") == [f"Story {n:02}" for n in range(2, 10)]
    assert headlines(client, part=".second") == ["Story 10", "Story 11", "Story 12"]


def test_a_pin_ends_at_its_moment_with_nothing_run(client, paper, clock):
    arrange(HOME, Put(paper[9].pk, NOW + HOUR))
    assert intervals.next_change(NOW) == NOW + HOUR
    clock.move_to(NOW + HOUR - timedelta(seconds=1), tick=False)
    assert lead(client) == "Story 10"
    clock.move_to(NOW + HOUR, tick=False)
    assert lead(client) == "Story 01"


def test_a_pinned_story_that_is_taken_down_leaves_its_slot_to_the_rule(client, paper):
    arrange(HOME, Put(paper[9].pk))
    do("take_down", paper[9], how="gone", reason="Wrong", authority="The editor")
    assert lead(client) == "Story 01"


def test_a_front_is_scheduled_and_the_one_before_stands_until_then(client, paper, clock):
    arrange(HOME, Put(paper[9].pk))
    arrange(HOME, Put(paper[8].pk), seen=1, at=NOW + HOUR)
    assert lead(client) == "Story 10"
    clock.move_to(NOW + HOUR, tick=False)
    assert lead(client) == "Story 09"


def test_a_front_shown_now_ends_where_the_scheduled_one_begins(client, paper, clock):
    arrange(HOME, Put(paper[8].pk), at=NOW + HOUR)
    arrange(HOME, Put(paper[9].pk), seen=1)
    assert lead(client) == "Story 10"
    clock.move_to(NOW + HOUR, tick=False)
    assert lead(client) == "Story 09"


def test_what_is_cancelled_lets_the_front_before_go_on_to_its_own_end(client, paper, clock):
    arrange(HOME, Put(paper[9].pk, NOW + 3 * HOUR))
    arrange(HOME, Put(paper[8].pk), seen=1, at=NOW + HOUR)
    fronts.cancel(HOME, by=PROGRAM, seen=2, now=NOW)
    clock.move_to(NOW + 2 * HOUR, tick=False)
    assert lead(client) == "Story 10"
    clock.move_to(NOW + 3 * HOUR, tick=False)
    assert lead(client) == "Story 01"


def test_a_draft_of_a_front_is_seen_by_nobody(client, paper):
    fronts.save(HOME, [Put(paper[9].pk), *[None] * 4], by=PROGRAM, seen=0, now=NOW)
    assert lead(client) == "Story 01"


def test_a_sections_front_has_its_own_slots_on_its_first_page_only(client, paper, world):
    arrange(world.pk, Put(paper[9].pk))
    assert headlines(client, "/world/")[:2] == ["Story 10", "Story 01"]
    assert headlines(client, "/world/").count("Story 10") == 1
    assert lead(client) == "Story 01"
    assert headlines(client, f"/world/?before={paper[8].pk}")[0] == "Story 10"


def test_a_banner_stands_above_every_page_and_ends_at_its_moment(client, paper, clock):
    fronts.show_banner("Parliament votes", paper[3].pk, until=NOW + HOUR, by=PROGRAM, now=NOW)
    for path in ("/", "/world/", "/world/story-01/", "/nowhere/"):
        page = lxml.html.fromstring(client.get(path).content)
        [link] = page.cssselect(".breaking a")
        assert (link.text_content(), link.get("href")) == ("Parliament votes", "/world/story-04/")
    clock.move_to(NOW + HOUR, tick=False)
    assert "breaking" not in client.get("/").content.decode()


def test_a_banner_whose_story_is_taken_down_leads_nowhere(client, paper):
    fronts.show_banner("It breaks", paper[3].pk, until=NOW + HOUR, by=PROGRAM, now=NOW)
    do("take_down", paper[3], how="gone", reason="Wrong", authority="The editor")
    page = lxml.html.fromstring(client.get("/").content)
    assert "It breaks" in page.cssselect(".breaking")[0].text_content()
    assert not page.cssselect(".breaking a")


def test_the_front_costs_as_many_queries_whatever_is_pinned(
    client, paper, world, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6):
        client.get("/")
    arrange(HOME, *(Put(story.pk) for story in paper[5:10]))
    arrange(world.pk, *(Put(story.pk) for story in paper[5:10]))
    for path in ("/", "/world/"):
        with django_assert_max_num_queries(6):
            client.get(path)
