"""WebSub: a feed names the hub, in its headers and in itself."""

from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from articles import tasks
from articles.models import FeedTopic
from articles.pages.feeds import FORMATS
from tests.pages.reading_feeds import XML, faults, parsed

pytestmark = pytest.mark.django_db

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.mark.parametrize("file", FORMATS)
def test_a_feed_names_the_hub_and_itself_in_its_headers_and_in_itself(
    client, settings, published, clock, file
):
    settings.SITE_URL = "https://news.example"
    settings.WEBSUB_HUB = "https://hub.example/?a=1&b=2"
    published()
    behind = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    answer = client.get(f"/world/{file}", headers=behind)
    itself = f"https://news.example/world/{file}"
    assert answer["Link"] == f'<https://hub.example/?a=1&b=2>; rel="hub", <{itself}>; rel="self"'
    if file in XML:
        links = [(link.rel, link.href) for link in parsed(answer.content, file).feed.links]
        assert [href for rel, href in links if rel == "hub"] == [settings.WEBSUB_HUB]
        assert [href for rel, href in links if rel == "self"] == [itself]
    else:
        feed = answer.json()
        assert faults(feed) == []
        assert feed["hubs"] == [{"type": "WebSub", "url": settings.WEBSUB_HUB}]
        assert feed["feed_url"] == itself
    again = client.get(f"/world/{file}", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again["Link"]) == (304, answer["Link"])


@pytest.mark.parametrize("file", FORMATS)
def test_without_a_hub_a_feed_names_none(client, published, clock, file):
    published()
    answer = client.get(f"/{file}")
    assert "Link" not in answer
    assert b"hub" not in answer.content


def test_without_a_hub_nothing_is_looked_for_and_nothing_enqueued(
    published, clock, django_capture_on_commit_callbacks
):
    published()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.hub_soon()
    assert tasks.tell_hub.call() == 0
    assert not DBTaskResult.objects.exists()
    assert not FeedTopic.objects.exists()
