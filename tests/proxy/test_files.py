"""What nginx sends by itself: static files, the bytes of pictures, and its own pages."""

import gzip
import re
import threading

import pytest

from tests.proxy.origin import Answer
from tests.proxy.programs import HOST, ROOT
from tests.proxy.speaking import ask

CSS = b"body { color: red }\n" * 50


@pytest.fixture(scope="module", autouse=True)
def files(proxy):
    """As collectstatic leaves them: with twins, and a second time under the name of the content."""
    for name in ("site.css", "site.0123456789ab.css"):
        (proxy.static / name).write_bytes(CSS)
        (proxy.static / f"{name}.gz").write_bytes(gzip.compress(CSS))
        (proxy.static / f"{name}.br").write_bytes(b"brotli " + CSS)
    (proxy.static / "story.js").write_bytes(b"1;")
    (proxy.static / "mark.svg").write_bytes(b"<svg/>")
    (proxy.static / "icon.png").write_bytes(b"0123456789")
    (proxy.static / "odd.bin").write_bytes(b"<script>")
    (proxy.static / "staticfiles.json").write_bytes(b"{}")
    (proxy.static.parent / "newsroom.sqlite3").write_bytes(b"secret")
    (proxy.pictures / "ab").mkdir()
    (proxy.pictures / "ab" / "cd.jpg").write_bytes(b"0123456789")


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("br, gzip", "br", b"brotli " + CSS),
        ("gzip, deflate", "gzip", gzip.compress(CSS)),
        ("gzip, br;q=0", "gzip", gzip.compress(CSS)),
        ("identity", "", CSS),
        ("", "", CSS),
    ],
)
def test_a_static_file_comes_as_it_was_compressed_before(proxy, accepted, coding, body):
    for name in ("site.css", "site.0123456789ab.css"):
        reply = ask(proxy, f"/static/{name}", Accept_Encoding=accepted)
        assert (reply.status, reply["Content-Encoding"]) == (200, coding)
        assert reply["Content-Type"] == "text/css; charset=utf-8"
        assert reply["Vary"] == "Accept-Encoding"
        assert len(reply.body) == len(body)
        assert int(reply["Content-Length"]) == len(body)


def test_a_file_without_a_twin_comes_as_it_is(proxy):
    script = ask(proxy, "/static/story.js", Accept_Encoding="br, gzip")
    assert (script.body, script["Content-Encoding"]) == (b"1;", "")
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    assert script["Vary"] == "Accept-Encoding"
    assert ask(proxy, "/static/mark.svg")["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert ask(proxy, "/static/odd.bin")["Content-Type"] == "application/octet-stream"


def test_only_a_name_that_says_its_content_is_kept_for_ever(proxy):
    kept = ask(proxy, "/static/site.0123456789ab.css", Accept_Encoding="br")["Cache-Control"]
    assert kept == "public, max-age=315360000, immutable"
    assert ask(proxy, "/static/site.css", Accept_Encoding="br")["Cache-Control"] == (
        "public, max-age=60"
    )


def test_parts_heads_and_known_files_are_answered_right(proxy):
    whole = ask(proxy, "/static/icon.png")
    part = ask(proxy, "/static/icon.png", Range="bytes=2-4")
    assert (part.status, part.body, part["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert ask(proxy, "/static/icon.png", Range="bytes=20-").status == 416
    assert ask(proxy, "/static/icon.png", If_None_Match=whole["ETag"]).status == 304
    head = ask(proxy, "/static/icon.png", "HEAD")
    assert (head["Content-Length"], head.body) == ("10", b"")
    coded = ask(proxy, "/static/site.css", Range="bytes=0-4", Accept_Encoding="br")
    assert (coded.status, coded.body, coded["Content-Encoding"]) == (206, b"brotl", "br")


@pytest.mark.parametrize(
    "path",
    [
        "/static/", "/static", "/static/none.css", "/static/staticfiles.json",
        "/static/site.css.br", "/static/site.css.gz", "/static/../newsroom.sqlite3",
        "/static/%2e%2e/newsroom.sqlite3", "/static../newsroom.sqlite3",
        "/static/..%2fnewsroom.sqlite3", "/.stored/ab/cd.jpg", "/.stored/", "/.error.html",
    ],
)  # fmt: skip
def test_no_list_no_other_file_and_no_stored_picture_can_be_asked_for(proxy, behind, path):
    for one in ("/static", "/newsroom.sqlite3", path):
        behind.answers[one] = Answer(b"There is no such page.", 404)
    reply = ask(proxy, path)
    assert reply.status in (400, 403, 404)
    for secret in (b"secret", b"01234", b"brotli", b"{}", b"Index of"):
        assert secret not in reply.body


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/static/none.css", "GET", 404),
        ("/static/site.css", "POST", 405),
        ("/static/", "GET", 403),
        ("/metrics", "GET", 404),
    ],
)
def test_nginxs_own_pages_are_the_papers_and_as_strict(proxy, path, method, status):
    reply = ask(proxy, path, method)
    page = reply.body.decode()
    assert reply.status == status
    assert f'<p class="side label">{status}</p>' in page
    assert HOST in page
    assert reply["Content-Type"] == "text/html; charset=utf-8"
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert reply["Cache-Control"] == "no-store"
    assert "default-src 'none'" in reply["Content-Security-Policy"]
    assert "unsafe" not in reply["Content-Security-Policy"]
    # Nothing inline, and nothing that the site would have to answer while it is down.
    assert not re.search(r"<style|style=|<script>| on\w+=|<!--#|\(none\)", page)
    linked = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(linked) == 3
    for one in linked:
        assert (ROOT / one.lstrip("/")).is_file()


def test_every_static_answer_says_not_to_guess_its_type(proxy):
    for path in ("site.css", "icon.png", "odd.bin", "none.png", "none.css", "staticfiles.json"):
        assert ask(proxy, f"/static/{path}")["X-Content-Type-Options"] == "nosniff"
    assert ask(proxy, "/static/icon.png", Range="bytes=20-")["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/metrics", "/readyz", "/metrics/", "//metrics", "/%6detrics"])
def test_what_is_for_this_machine_is_refused_from_outside(proxy, behind, path):
    before = len(behind.heard)
    assert ask(proxy, path).status == 404
    assert len(behind.heard) == before
    assert ask(proxy, "/healthz").status == 200
    assert ask(proxy, "/metrics-of-growth/").status == 200


def test_the_site_decides_on_a_picture_and_nginx_sends_its_bytes(proxy, behind):
    headers = {
        "X-Accel-Redirect": "/.stored/ab/cd.jpg",
        "Content-Type": "image/jpeg",
        "Cache-Control": "public, max-age=60",
        "ETag": '"cd"',
    }
    behind.answers["/pictures/x.jpg"] = Answer(b"", headers=headers)
    whole = ask(proxy, "/pictures/x.jpg")
    assert (whole.status, whole.body) == (200, b"0123456789")
    told = {name: whole[name] for name in ("Content-Type", "Cache-Control", "ETag")}
    assert told == {name: headers[name] for name in told}
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert "X-Accel-Redirect" not in whole.headers

    part = ask(proxy, "/pictures/x.jpg", Range="bytes=2-4", If_Range='"cd"')
    assert (part.status, part.body) == (206, b"234")
    other = ask(proxy, "/pictures/x.jpg", Range="bytes=2-4", If_Range='"other"')
    assert (other.status, other.body) == (200, b"0123456789")

    behind.answers["/pictures/x.jpg"] = Answer(b"No.", 404)
    assert ask(proxy, "/pictures/x.jpg").status == 404  # each time anew
    assert threading.active_count() < 100
