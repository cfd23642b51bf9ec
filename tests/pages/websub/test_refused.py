"""WebSub: what the hub does not take is told again, and nothing else is."""

import socket
from datetime import timedelta

import pytest
from django.db.models import Max

from articles.desk import hub, topics
from articles.models import Article, FeedTopic
from tests.conftest import NOW
from tests.desk.pressing import do, rewrite
from tests.pages.websub.hub import of

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def test_what_the_hub_refuses_is_told_again_later_and_nothing_else(hears, server, published, clock):
    published(at=NOW - MINUTE)
    server.answers = [503, 404, 302]
    first = hears()
    assert len(first) == len(of("/", "/world/")) - 3
    assert hears() == []
    clock.move_to(NOW + MINUTE)
    assert hears() == []
    clock.move_to(NOW + 3 * MINUTE)
    assert set(first) | set(hears()) == of("/", "/world/")
    assert hears() == []


def last_due():
    return FeedTopic.objects.aggregate(last=Max("due_at"))["last"]


def test_each_refusal_doubles_the_wait_up_to_six_hours_and_after_days_it_is_given_up(
    hears, server, published, clock
):
    published(at=NOW - MINUTE)

    def refused(attempts):
        """How long the hub is left alone after so many refusals."""
        FeedTopic.objects.filter(due_at__isnull=False).update(attempts=attempts - 1)
        before = last_due() or NOW
        clock.move_to(before)
        server.answers = [500] * 12
        assert hears() == []
        return last_due() and round((last_due() - before) / MINUTE)

    waits = [refused(attempts) for attempts in (1, 2, 3, 12, hub.MOST_ATTEMPTS)]
    assert waits == [2, 4, 8, 6 * 60, None]
    server.answers = []
    clock.move_to(NOW + timedelta(days=30))
    assert hears() == []
    do("publish", Article.objects.get(), revision=1, now=NOW + timedelta(days=30))
    assert set(hears()) == of("/", "/world/")


def test_a_hub_that_is_not_there_is_tried_once_a_run_and_loses_nothing(
    hears, settings, published, clock
):
    published(at=NOW - MINUTE)
    there = settings.WEBSUB_HUB
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.WEBSUB_HUB = f"http://127.0.0.1:{free.getsockname()[1]}/"
    assert hears() == []
    assert not topics.due(NOW + MINUTE).exists()
    settings.WEBSUB_HUB = there
    clock.move_to(NOW + 3 * MINUTE)
    assert set(hears()) == of("/", "/world/")


def test_of_two_workers_only_one_tells(hears, story):
    do("publish", story, revision=rewrite(story, headline="Twice"), now=NOW)
    topics.look(NOW + SECOND)
    topic = topics.due(NOW + SECOND)[0]
    FeedTopic.objects.filter(pk=topic.pk).update(due_at=NOW + MINUTE)  # the other’s lease
    assert hub.tell(topic, {"/x": "etag"}, NOW + SECOND) == 0


def test_what_changes_while_the_hub_is_told_is_looked_at_again(hears, story):
    do("publish", story, revision=rewrite(story, headline="Once"), now=NOW)
    topics.look(NOW + SECOND)
    topic = topics.due(NOW + SECOND)[0]
    before = hub._hears

    def meanwhile(path):
        topics.look(NOW + 2 * SECOND)
        return before(path)

    hub._hears = meanwhile
    try:
        hub.tell(topic, {"/world/rss.xml": "etag"}, NOW + SECOND)
    finally:
        hub._hears = before
    topic.refresh_from_db()
    assert topic.due_at == NOW + 2 * SECOND
