"""The newsroom itself behind nginx: what it says of its address, its people and its pictures."""

import re
import sqlite3
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.utils import timezone

from articles.desk import pictures, press, renditions, revisions
from articles.desk.revisions import Values
from articles.models import ListKind, ListRow, Section
from tests import files
from tests.conftest import PROGRAM, person
from tests.proxy.programs import HOST, PACKAGED, gunicorn, nginx
from tests.proxy.speaking import ask

# That the tests' database is made; no test asks it.
pytestmark = pytest.mark.django_db

ORIGIN = f"https://{HOST}"
STORY = "/world/harbour-opens/"
FORGED = {
    "X_Forwarded_Host": "evil.example",
    "X_Forwarded_Proto": "http",
    "X_Forwarded_Port": "81",
    "Forwarded": "host=evil.example;proto=http",
    "X_Forwarded_Ssl": "off",
    "X_Script_Name": "/evil",
    "Script_Name": "/evil",
    "X_Original_URL": "/admin/",
    "X_HTTP_Method_Override": "DELETE",
}


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker, tmp_path_factory):
    """A copy of the tests' database, with a story that shows a picture."""
    if connection.vendor != "sqlite":
        pytest.skip("A copy of the tests' database is a file.")
    copy = tmp_path_factory.mktemp("database") / "newsroom.sqlite3"
    tests_own = connection.settings_dict["NAME"]
    with sqlite3.connect(tests_own) as here, sqlite3.connect(copy) as there:
        here.backup(there)
    here.close(), there.close()
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = str(copy)
        try:
            told = write_a_story()
        finally:
            connection.close()
            connection.settings_dict["NAME"] = tests_own
    return copy, told


def write_a_story():
    """Publish one with a picture; return the address and the bytes of one of its files."""
    now = timezone.now() - timedelta(hours=1)
    world = Section.objects.get(slug="world")
    values = Values("Harbour Opens", world.pk, body="<p>The harbour opened.</p>")
    story = revisions.create(values, by=PROGRAM, now=now)
    press.publish(story.pk, revision=1, by=PROGRAM, seen=0, now=now)
    image = pictures.add(files.photo(), by=PROGRAM, now=now)
    image.alt = "A lock at high water"
    pictures.save(image, by=PROGRAM, now=now)
    renditions.make(image.pk)
    shown = {"kind": ListKind.PICTURE, "what": image.pk, "story": story}
    ListRow.objects.create(**shown, starts_at=now, first_published_at=now)
    editor = person("Editor", email="editor@news.example")
    # As the site itself reads it; the tests' own way is a faster one.
    editor.password = PBKDF2PasswordHasher().encode("pass", "salt", iterations=1000)
    editor.save()
    rendition = image.renditions.order_by("pk").first()
    return rendition.get_absolute_url(), rendition.bytes


@pytest.fixture(scope="module")
def site(database, tmp_path_factory):
    """The proxy before gunicorn before the newsroom, each by its deployed configuration."""
    folder = tmp_path_factory.mktemp("site")
    copy, told = database
    stored = settings.STORAGES["default"]["OPTIONS"]["location"]
    environment = {
        "DEBUG": "1",  # names of static files without collectstatic
        "SECRET_KEY": "only-for-tests",
        "SITE_URL": ORIGIN,
        "ALLOWED_HOSTS": HOST,
        "DATABASE_URL": f"sqlite:///{copy}",
        "PICTURES_STORE": stored,
        "X_ACCEL_PREFIX": "/.stored/",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "WEB_CONCURRENCY": "1",
    }
    with (
        gunicorn(folder, **environment) as (port, _process),
        nginx(PACKAGED, folder / "nginx", f"127.0.0.1:{port}") as proxy,
    ):
        proxy.pictures.rmdir()
        proxy.pictures.symlink_to(stored)
        yield proxy, *told


def test_a_page_names_its_own_address_whatever_a_reader_says(site):
    for headers in ({}, FORGED):
        page = ask(site[0], STORY, **headers)
        assert page.status == 200
        assert f'<link rel="canonical" href="{ORIGIN}{STORY}">' in page.body.decode()
        assert b"evil.example" not in page.body


def test_a_redirect_leads_where_the_paper_is_and_the_site_knows_that_it_was_asked_by_https(site):
    for headers in ({}, FORGED):
        moved = ask(site[0], STORY.rstrip("/"), **headers)
        assert (moved.status, moved["Location"]) == (301, STORY)
        # Asked by http it would lead to https for ever, and send no HSTS.
        home = ask(site[0], "/", **headers)
        assert (home.status, home.headers.get_all("Strict-Transport-Security")) == (
            200, ["max-age=31536000; includeSubDomains; preload"],
        )  # fmt: skip


def test_somebody_signs_in_by_https_with_cookies_that_never_leave_it(site):
    form = ask(site[0], "/admin/login/", Accept_Encoding="br, gzip")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form.body.decode())[1]
    cookie = form["Set-Cookie"]
    assert "Secure" in cookie
    assert form["Content-Encoding"] == ""
    typed = f"csrfmiddlewaretoken={token}&username=editor@news.example&password=pass&next=/admin/"
    sent = {
        "Cookie": cookie.partition(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    done = ask(site[0], "/admin/login/", "POST", typed.encode(), Origin=ORIGIN, **sent)
    assert done.status == 302
    assert "sessionid=" in str(done.headers.get_all("Set-Cookie"))
    other = ask(
        site[0], "/admin/login/", "POST", typed.encode(), Origin="https://evil.example", **sent
    )
    assert other.status == 403


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("/admin", {301}), ("/admin/", {302}), ("//admin/", {404}), ("/Admin/", {404}),
        ("/%61dmin/", {302}), ("/admin;x/", {404}), ("/./admin/", {404}),
        ("/admin/%2e%2e/admin/", {302}), ("/x/../admin/", {404}),
        ("/admin#x", {301, 302, 400, 404}),
    ],
)  # fmt: skip
def test_however_the_desk_is_written_nobody_is_in_without_signing_in(site, path, statuses):
    reply = ask(site[0], path)
    assert reply.status in statuses
    if reply.status in (301, 302):
        assert reply["Location"].startswith(("/admin/", "/%61dmin/"))


def test_the_bytes_of_a_picture_come_from_nginx_with_what_the_site_said(site):
    proxy, address, size = site
    whole = ask(proxy, address)
    assert (whole.status, len(whole.body)) == (200, size)
    assert whole["Content-Type"].startswith("image/")
    assert whole["Cache-Control"] == "public, max-age=60"
    assert whole["X-Content-Type-Options"] == "nosniff"
    part = ask(proxy, address, Range="bytes=5-9", If_Range=whole["ETag"])
    assert (part.status, part.body) == (206, whole.body[5:10])
    assert ask(proxy, address, If_None_Match=whole["ETag"]).status == 304
    head = ask(proxy, address, "HEAD")
    assert (head.status, head["Content-Length"], head.body) == (200, str(size), b"")
    assert ask(proxy, f"/pictures/{'0' * 32}.jpg").status == 404


def test_a_head_has_the_headers_of_the_page_and_no_body(site):
    page, head = ask(site[0], STORY), ask(site[0], STORY, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head["Content-Type"] == page["Content-Type"]
    assert head["Content-Security-Policy"] == page["Content-Security-Policy"]


def test_a_read_is_counted_through_the_proxy(site):
    sent = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0"}
    assert ask(site[0], "/most-read/", "POST", b"1", **sent).status == 204
    assert "POST" not in [line.split()[2] for line in site[0].logged().splitlines()[-3:]]
