"""manage.py doctor: each fault is named in a sentence that says how it is mended."""

import json
import os
import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from articles.tasks import send_notices
from newsroom.health import database, worker
from newsroom.health.table import CHECKS
from tests.health.site import Site
from tests.mailing import use_mail_server


def doctor():
    """What it says as JSON: of each check, its faults."""
    said = StringIO()
    with suppress(CommandError):
        call_command("doctor", "--json", stdout=said)
    found = json.loads(said.getvalue())
    return {name: faults for name, faults in found.items() if faults}


def only(name, *words):
    """That there is this one fault, and that its sentence says all this."""
    found = doctor()
    assert list(found) == [name], found
    (sentence,) = found[name]
    for word in words:
        assert word in sentence
    assert ": " in sentence
    return sentence


def test_of_a_site_that_is_well_it_says_so_and_ends_with_0(well):
    said = StringIO()
    call_command("doctor", stdout=said)
    assert said.getvalue() == f"{len(CHECKS)} checks, no fault.\n"


def test_a_program_of_its_own_ends_with_1_and_says_everything(tmp_path):
    site = Site(tmp_path, DEBUG="1", SECRET_KEY="secret")
    done = site.manage("doctor")
    assert done.returncode == 1
    for said in (
        "migrations: Not all migrations are applied (accounts.0001_initial",
        "run `manage.py migrate`",
        "debug: DEBUG is on",
        "key: SECRET_KEY could be guessed",
    ):
        assert said in done.stdout
    assert "to mend." in done.stderr


def test_static_files_that_were_not_gathered(well, tmp_path):
    well.STATIC_ROOT = tmp_path / "static"
    well.STORAGES = {
        **well.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    only("static", "not gathered", "collectstatic")
    well.STATIC_ROOT.mkdir()
    paths = {"desk/theme.css": "desk/theme.1.css"}
    (well.STATIC_ROOT / "staticfiles.json").write_text(
        json.dumps({"version": "1.1", "paths": paths, "hash": ""})
    )
    well.STORAGES = {**well.STORAGES}  # as a process that starts now
    only("static of this release", "static files are not gathered, such as", "collectstatic")


def test_a_worker_that_never_was_or_is_silent(well):
    well_since = timezone.now()
    worker.Heartbeat.objects.all().delete()
    only("worker", "heard of yet", "manage.py db_worker")
    worker.beat(well_since - timedelta(minutes=3))
    only("worker", "heard of for 3 minutes", "manage.py db_worker")


def test_a_task_that_has_been_ready_for_long_though_a_worker_lives(well):
    with time_machine.travel(timezone.now() - timedelta(minutes=12), tick=False):
        send_notices.enqueue()
    send_notices.using(run_after=timezone.now() + timedelta(hours=1)).enqueue()  # in its time
    only("worker", "oldest of 1 tasks", "12 minutes", "hangs")


def test_a_folder_of_pictures_that_takes_none(well, tmp_path):
    (tmp_path / "file").write_text("no folder")
    options = {"location": str(tmp_path / "file" / "pictures")}
    well.STORAGES = {**well.STORAGES, "default": {**well.STORAGES["default"], "OPTIONS": options}}
    only("media", "Not a directory", "PICTURES_STORE")


class Bucket:
    """A store elsewhere that does not let us in."""

    def exists(self, name):
        raise ConnectionError("no route")


def test_a_bucket_that_does_not_answer(well):
    well.STORAGES = {**well.STORAGES, "default": {"BACKEND": f"{__name__}.Bucket"}}
    only("media", "ConnectionError", "PICTURES_STORE")


def test_shared_memory_that_cannot_be_written(well, tmp_path):
    (tmp_path / "file").write_text("no folder")
    well.SHARED_FOLDER = str(tmp_path / "file")
    only("memory", "where pages are kept", "--shm-size")


def test_shared_memory_that_others_may_write_to(well, tmp_path):
    tmp_path.chmod(0o777)
    well.SHARED_FOLDER = str(tmp_path)
    only("memory", "is not the site's alone", "SHARED_FOLDER")


def test_a_disk_that_is_nearly_full(well):
    well.LEAST_ROOM = 1.0
    for said in doctor()["disks"]:
        assert "is nearly full" in said
        assert "MB are free: make room" in said


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_clock_that_tells_another_time_than_the_databases(well, seconds):
    wrong = datetime.now(UTC) + timedelta(seconds=seconds)
    with time_machine.travel(wrong, tick=True):
        worker.beat(timezone.now())
        way = "ahead of" if seconds > 0 else "behind"
        only("clock", f"30 seconds {way} the database's", "NTP")


def test_a_zone_that_no_newsroom_lives_in(well, tmp_path):
    well.TIME_ZONE = "Etc/GMT-1"
    only("zone", "TIME_ZONE=Etc/GMT-1", "+0100", "Europe/Berlin")


def test_a_zone_that_was_not_set_on_a_machine_that_has_one(well, tmp_path):
    well.TIME_ZONE = "UTC"
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Kolkata")
    (said,) = database.wrong_zone(timezone.now(), link)
    assert "this machine stands in Asia/Kolkata: set TIME_ZONE" in said


def forget_zone():
    for name in ("timezone", "timezone_name"):
        connections["default"].__dict__.pop(name, None)


def test_a_database_that_does_not_tell_moments_in_utc(well):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL timezone TO 'Asia/Kolkata'")
        only("zone", "Asia/Kolkata instead of UTC", "DATABASE_URL")
    else:
        connection.settings_dict["TIME_ZONE"] = "Asia/Kolkata"
        forget_zone()
        try:
            assert "instead of UTC" in doctor()["zone"][0]
        finally:
            connection.settings_dict["TIME_ZONE"] = None
            forget_zone()


def test_a_migration_that_is_not_applied(well):
    MigrationRecorder(connection).record_unapplied("articles", "0020_search_by_days")
    only("migrations", "articles.0020_search_by_days", "manage.py migrate")


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def mend(sentence):
    """Do what a sentence says is to be run."""
    execute(sentence.partition("and there: ")[2])
    assert doctor() == {}


def test_an_index_that_a_model_declares(well):
    execute("DROP INDEX list_order")
    mend(only("indexes", "list_order", "articles_listrow", "CREATE INDEX"))


def test_a_rule_that_no_two_tags_have_one_name(well):
    execute("DROP INDEX one_tag_a_name_whatever_its_capitals")
    mend(only("indexes", "one_tag_a_name_whatever_its_capitals", "CREATE UNIQUE INDEX"))


def test_what_keeps_two_versions_of_a_story_from_overlapping(well):
    if connection.vendor == "postgresql":
        execute("ALTER TABLE articles_publication DROP CONSTRAINT no_two_publications_overlap")
        mend(only("indexes", "no_two_publications_overlap", "EXCLUDE USING gist"))
    else:
        execute("DROP TRIGGER no_two_publications_overlap_update")
        only("indexes", "no_two_publications_overlap", "CREATE TRIGGER")


def test_a_table_of_a_search(well):
    execute("DROP TABLE articles_reading_search")
    only("indexes", "articles_reading_search", "0013_reading_search.py", "rebuild_search")


def test_a_mail_server_that_does_not_answer(well):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, and not listening
        port = nobody.getsockname()[1]
        smtp = "django.core.mail.backends.smtp.EmailBackend"
        use_mail_server(well, smtp, host="127.0.0.1", port=port)
        only("mail", f"127.0.0.1:{port}", "refused", "EMAIL_URL")


def test_debug_that_is_on_and_a_key_that_is_weak(well):
    well.DEBUG = True
    only("debug", "DEBUG is on", "environment")
    well.DEBUG, well.SECRET_KEY = False, "x" * 60
    only("key", "SECRET_KEY", "secrets.token_urlsafe")


def test_a_backup_that_is_missing_or_older_than_a_day(well, tmp_path):
    well.BACKUPS = str(tmp_path / "backups")
    only("backups", "is missing", "make one now")
    made = tmp_path / "backups" / "newsroom-1.tar"
    made.parent.mkdir()
    made.write_text("everything")
    assert doctor() == {}
    two_days_ago = timezone.now().timestamp() - 2 * 86400
    os.utime(made, (two_days_ago, two_days_ago))
    only("backups", "48 hours old", "cron")


def test_an_address_of_the_site_where_nobody_answers(well, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")  # no test leaves this machine
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        well.SITE_URL = "https://news.example"
        well.ORIGIN_URL = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        only("proxy", f"ORIGIN_URL={well.ORIGIN_URL}", "cannot be reached")


class Proxy(BaseHTTPRequestHandler):
    """A proxy on this machine; `says` is what it adds of who asked."""

    behind, says = "", {}

    def do_GET(self):
        host = urlsplit(self.path)
        asked = Request(f"{self.behind}{host.path}", headers={"Host": host.netloc, **self.says})
        try:
            answer = build_opener(ProxyHandler({})).open(asked)
        except HTTPError as refused:
            answer = refused
        with answer:
            self.send_response(answer.status)
            self.end_headers()
            self.wfile.write(answer.read())

    def log_message(self, *args):
        pass


@pytest.fixture
def proxied(well, live_server, monkeypatch):
    """A site whose address leads to a proxy; and the proxy."""
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), type("OfThisTest", (Proxy,), {}))
    proxy.RequestHandlerClass.behind = live_server.url
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_port}")
    monkeypatch.delenv("no_proxy", raising=False)
    well.SITE_URL, well.ALLOWED_HOSTS = "http://news.example", ["news.example"]
    yield proxy.RequestHandlerClass
    proxy.shutdown()
    proxy.server_close()


live = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@live
def test_a_proxy_that_passes_strangers_on_as_this_machine(proxied):
    only("proxy", "as if they were this machine", "/metrics", "X-Forwarded-For")
    proxied.says = {"X-Forwarded-For": "203.0.113.77"}
    assert doctor() == {}
