"""With no worker running: what is scheduled is absent until its second and there from it on."""

from datetime import timedelta

import pytest

from articles.desk import press
from articles.models import Article
from tests.conftest import NOW, PROGRAM
from tests.desk.pressing import rewrite

pytestmark = pytest.mark.django_db

TWO_SECONDS, MICROSECOND = timedelta(seconds=2), timedelta(microseconds=1)
PAGES = ("/", "/world/", "/author/ilse-hartmann/", "/tag/ports/", "/world/flood-warning/")


@pytest.fixture
def scheduled(write, published, author, topic, clock):
    """A story that goes live in two seconds, beside one that is live in the same lists."""
    published("Harbour Opens", authors=[author.pk], tags=[topic.pk])
    story = write("Flood Warning", authors=[author.pk], tags=[topic.pk])
    press.schedule(story.pk, revision=1, by=PROGRAM, seen=0, now=NOW, at=NOW + TWO_SECONDS)
    return story


def seen_on(client):
    """The pages that show the story."""
    return {page for page in PAGES if "Flood Warning" in client.get(page).content.decode()}


def test_a_story_scheduled_two_seconds_ahead_shows_from_its_second_on_and_never_before(
    client, scheduled, clock
):
    assert seen_on(client) == set()
    clock.move_to(NOW + TWO_SECONDS - MICROSECOND, tick=False)
    assert seen_on(client) == set()
    assert client.get("/world/flood-warning/").status_code == 404
    clock.move_to(NOW + TWO_SECONDS, tick=False)
    assert seen_on(client) == set(PAGES)


def test_an_end_comes_to_its_second_as_well(client, scheduled, clock):
    seen = Article.objects.get(pk=scheduled.pk).pressed
    end = NOW + timedelta(minutes=5)
    press.set_end(scheduled.pk, at=end, by=PROGRAM, seen=seen, now=NOW)
    clock.move_to(end - MICROSECOND, tick=False)
    assert seen_on(client) == set(PAGES)
    clock.move_to(end, tick=False)
    assert seen_on(client) == set()
    assert client.get("/world/flood-warning/").status_code == 410


def test_a_change_scheduled_for_a_live_story_takes_over_in_its_second(
    client, write, scheduled, clock
):
    story = Article.objects.get(pk=scheduled.pk)
    clock.move_to(NOW + TWO_SECONDS, tick=False)
    later = rewrite(story, headline="Flood Recedes", now=NOW + TWO_SECONDS)
    at = NOW + 2 * TWO_SECONDS
    press.schedule(
        story.pk, revision=later, by=PROGRAM, seen=story.pressed, now=NOW + TWO_SECONDS, at=at,
        change="update",
    )  # fmt: skip
    clock.move_to(at - MICROSECOND, tick=False)
    assert "Flood Warning" in client.get("/").content.decode()
    clock.move_to(at, tick=False)
    page = client.get("/").content.decode()
    assert "Flood Recedes" in page
    assert "Flood Warning" not in page
