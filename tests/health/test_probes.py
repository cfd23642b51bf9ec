"""/healthz and /readyz: asked by programs, by whatever host and scheme; strangers see no more than
the status."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from articles.models.taxonomy import RESERVED_SLUGS
from newsroom.health import worker
from newsroom.logs import PROBES

TOKEN = "a-token-of-twenty-signs-or-more"
EVERY_CHECK = {"database", "migrations", "static", "memory", "media", "worker", "clock"}


@pytest.fixture
def ready(well):
    """What /readyz says, asked by a process that has not looked yet."""

    def ready(**asked):
        answer = Client().get("/readyz", **asked)
        return answer.status_code, json.loads(answer.content)

    return ready


def test_healthz_answers_without_asking_the_database_anything(
    client, db, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("probe", ["/healthz", "/readyz"])
def test_a_probe_is_answered_whatever_host_it_names_and_over_http(well, client, probe):
    well.SECURE_SSL_REDIRECT = True
    answer = client.get(probe, HTTP_HOST="10.0.0.7:8000")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert client.head(probe).content == b""
    assert client.get("/", HTTP_HOST="10.0.0.7:8000").status_code == 400
    assert client.post(probe, secure=True).status_code == 405


def test_a_site_that_is_well_is_ready_and_says_what_it_looked_at(ready):
    code, said = ready()
    assert (code, said["status"], said["scheme"]) == (200, "ready", "http")
    assert set(said["checks"]) == EVERY_CHECK
    for found in said["checks"].values():
        assert found["ok"] is True
        assert found["why"] == ""
        assert 0 <= found["seconds"] < 5
    assert ready(secure=True)[1]["scheme"] == "https"


def test_a_dead_worker_and_a_full_store_degrade_a_site_that_readers_are_served_by(
    ready, well, tmp_path
):
    worker.beat(timezone.now() - timedelta(minutes=5))
    (tmp_path / "file").write_text("no folder")
    options = {"location": str(tmp_path / "file" / "pictures")}
    well.STORAGES = {**well.STORAGES, "default": {**well.STORAGES["default"], "OPTIONS": options}}
    code, said = ready()
    assert (code, said["status"]) == (200, "degraded")
    assert {name for name, found in said["checks"].items() if not found["ok"]} == {
        "worker",
        "media",
    }
    assert "start `manage.py db_worker`" in said["checks"]["worker"]["why"]


def test_a_missing_migration_makes_a_site_unready(ready):
    MigrationRecorder(connection).record_unapplied("articles", "0020_search_by_days")
    code, said = ready()
    assert (code, said["status"]) == (503, "unready")
    assert "manage.py migrate" in said["checks"]["migrations"]["why"]


def test_static_files_that_are_not_gathered_make_a_site_unready(ready, well, tmp_path):
    well.STATIC_ROOT = tmp_path / "static"
    manifest = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    well.STORAGES = {**well.STORAGES, "staticfiles": manifest}
    code, said = ready()
    assert (code, said["status"]) == (503, "unready")
    assert "collectstatic" in said["checks"]["static"]["why"]


@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "203.0.113.77"},
        {"REMOTE_ADDR": ""},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"X-Forwarded-Proto": "https"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
        {"headers": {"X-Real-IP": "127.0.0.1"}},
        {"headers": {"Authorization": "Bearer "}, "REMOTE_ADDR": "203.0.113.77"},
        {"headers": {"Authorization": f"Bearer {TOKEN}x"}, "REMOTE_ADDR": "203.0.113.77"},
        {"headers": {"Authorization": f"Basic {TOKEN}"}, "REMOTE_ADDR": "203.0.113.77"},
    ],
)
@pytest.mark.parametrize("token", ["", TOKEN])
def test_strangers_are_told_the_status_and_no_more(ready, well, asked, token):
    well.OPS_TOKEN = token
    assert ready(**asked) == (200, {"status": "ready"})


@pytest.mark.parametrize(
    "asked",
    [
        {"REMOTE_ADDR": "127.0.0.1"},
        {"REMOTE_ADDR": "::1"},
        {"REMOTE_ADDR": "::ffff:127.0.0.1"},
        {
            "REMOTE_ADDR": "203.0.113.77",
            "headers": {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.7"},
        },
    ],
)
def test_this_machine_and_who_bears_the_token_are_told_everything(ready, well, asked):
    well.OPS_TOKEN = TOKEN
    assert "checks" in ready(**asked)[1]


def test_however_many_ask_it_is_looked_once_in_a_second(well, client, django_assert_num_queries):
    client.get("/readyz")
    with django_assert_num_queries(0):
        for _ in range(5):
            client.get("/readyz")


def test_no_section_can_be_called_like_a_probe():
    assert {probe[1:] for probe in PROBES} <= set(RESERVED_SLUGS)
