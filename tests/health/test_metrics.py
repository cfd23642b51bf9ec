"""/metrics: what Prometheus reads, of all workers of a machine; strangers find no such address."""

from datetime import timedelta

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from articles.tasks import send_notices
from newsroom import metrics
from newsroom.health import worker

BY_HTTPS = {"Host": "news.example", "X-Forwarded-Proto": "https"}
CANARY = "xyzzycanary"
TOKEN = "a-token-of-twenty-signs-or-more"


def read(text):
    """Every sample, by its name and labels."""
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status_and_never_by_address(client, published, clock):
    published(slug="harbour")
    before = read(client.get("/metrics").content.decode())
    for path in ("/world/harbour/", "/world/harbour/?utm=1", "/world/none/", "/a/b/c/d", "/x.php"):
        client.get(path)
    answer = client.get("/metrics")
    after = read(answer.content.decode())
    more = {name: value - before.get(name, 0) for name, value in after.items()}
    assert more["newsroom_requests_total", "200", "story"] == 2
    assert more["newsroom_requests_total", "404", "story"] == 1
    assert more["newsroom_requests_total", "404", "none"] == 2
    assert more["newsroom_request_seconds_count", "story"] == 3
    assert "harbour" not in answer.content.decode()
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_the_page_cache_and_the_press_are_counted(client):
    before = read(client.get("/metrics").content.decode())
    metrics.cache_counted({"hit": 120, "render": 2})
    metrics.cache_counted({"hit": 30, "stale": 1})
    metrics.cache_holds(entries=12, size=480_000)
    metrics.press_seen(0.3)
    after = read(client.get("/metrics").content.decode())
    more = {name: value - before.get(name, 0) for name, value in after.items()}
    assert more["newsroom_page_cache_total", "hit"] == 150
    assert more["newsroom_page_cache_total", "stale"] == 1
    assert more["newsroom_press_to_visible_seconds_bucket", "0.25"] == 0
    assert more["newsroom_press_to_visible_seconds_bucket", "0.5"] == 1
    assert after["newsroom_page_cache_entries",] == 12
    assert after["newsroom_page_cache_bytes",] == 480_000


@pytest.mark.django_db
def test_the_queue_and_the_worker_are_looked_up(client):
    worker.beat(timezone.now() - timedelta(seconds=20))
    send_notices.enqueue()
    send_notices.using(run_after=timezone.now() + timedelta(hours=1)).enqueue()
    found = read(client.get("/metrics").content.decode())
    assert found["newsroom_database_up",] == 1
    assert found["newsroom_queue_tasks",] == 1
    assert 0 <= found["newsroom_queue_oldest_seconds",] < 10
    assert 20 <= found["newsroom_worker_heartbeat_seconds",] < 30


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked", [{"REMOTE_ADDR": "203.0.113.77"}, {"headers": {"X-Forwarded-For": "127.0.0.1"}}]
)
def test_strangers_find_no_such_address(client, settings, asked, clock):
    settings.OPS_TOKEN = TOKEN
    stranger = client.get("/metrics", follow=True, **asked)
    nothing = client.get("/nothing", follow=True, **asked)
    assert (stranger.status_code, nothing.status_code) == (404, 404)
    assert stranger.content.decode().replace("metrics", "nothing") == nothing.content.decode()
    asked.setdefault("headers", {})["Authorization"] = f"Bearer {TOKEN}"
    assert client.get("/metrics", **asked).status_code == 200
