"""What nginx keeps of readers' pages: as long as the site says, alike for all, or not at all."""

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from newsroom import proxy_cache
from tests.proxy.origin import PAGE, Origin, origin
from tests.proxy.programs import free_port, nginx
from tests.proxy.speaking import ask

ONE_SECOND = "public, max-age=10, s-maxage=1"


def asked(proxy, behind, path, *requests):
    """How often requests, each some headers, came through to the site."""
    before = len(behind.to(path))
    for headers in requests:
        ask(proxy, path, **headers)
    return len(behind.to(path)) - before


def again_until(told, path, proxy, *, within=4.0, **headers):
    """Ask until the body is what is told; the reply. Fails after some seconds."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        reply = ask(proxy, path, **headers)
        if told in reply.body:
            return reply
        time.sleep(0.05)
    raise AssertionError(f"{path} never said {told!r}")


def test_a_page_is_asked_for_once_while_it_may_be_kept(proxy, behind):
    behind.says("/page/", kept="public, s-maxage=60")
    assert asked(proxy, behind, "/page/", {}, {}, {"User_Agent": "x"}, {"Accept": "a/b"}) == 1
    assert asked(proxy, behind, "/page/", {"Cookie": "theme=dark"}, {"X_Any": "thing"}) == 0
    assert ask(proxy, "/page/", "HEAD").status == 200
    assert len(behind.to("/page/")) == 1


def test_compressions_are_kept_apart_and_their_spellings_are_not(proxy, behind):
    behind.says("/coded/", kept="public, s-maxage=60")
    spellings = ["gzip", "gzip, deflate", "deflate, gzip;q=0.5", "GZIP", "br;q=0, gzip"]
    assert asked(proxy, behind, "/coded/", *({"Accept_Encoding": one} for one in spellings)) == 1
    spellings = ["br", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.1"]
    assert asked(proxy, behind, "/coded/", *({"Accept_Encoding": one} for one in spellings)) == 1
    spellings = ["", "identity", "deflate", "gzip;q=0", "xgzip", "brotli", "br;q=0.0"]
    assert asked(proxy, behind, "/coded/", *({"Accept_Encoding": one} for one in spellings)) == 1
    heard = [one.get("Accept-Encoding") for one in behind.to("/coded/")]
    assert heard == ["gzip", "br", ""]


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "sessionid=abc"},
        {"Cookie": "theme=dark; sessionid=abc"},
        {"Cookie": "theme=dark;sessionid =abc"},
        {"Cookie": "as_of=abc:def"},
        {"Authorization": "Basic abc"},
    ],
)
def test_who_is_known_to_the_site_gets_nothing_kept_and_leaves_nothing(proxy, behind, headers):
    behind.says("/known/", b"For one person.\n", kept="public, s-maxage=60")
    proxy_cache.purge(proxy.cache)
    assert asked(proxy, behind, "/known/", headers, headers) == 2
    behind.says("/known/", b"For everybody.\n", kept="public, s-maxage=60")
    assert ask(proxy, "/known/").body == b"For everybody.\n"
    behind.says("/known/", b"For one person.\n", kept="public, s-maxage=60")
    assert ask(proxy, "/known/", **headers).body == b"For one person.\n"
    assert ask(proxy, "/known/").body == b"For everybody.\n"


@pytest.mark.parametrize(
    "path",
    [
        "/admin/", "/admin", "//admin/", "/Admin/", "/%61dmin/", "/admin;x/", "/./admin/",
        "/x/../admin/", "/%2fadmin/", "/admin/login/?next=/", "/ADMIN/login/", "/share/secret/",
        "//share/secret/", "/%73hare/secret/", "/api/stories/", "/search/?q=a",
        "/pictures/x.jpg", "/healthz",
    ],
)  # fmt: skip
def test_the_desk_and_what_is_for_one_is_never_kept_however_it_is_written(proxy, behind, path):
    behind.says(path.partition("?")[0], kept="public, s-maxage=60")
    assert asked(proxy, behind, path, {}, {}) == 2


@pytest.mark.parametrize("path", ["/admin/", "//admin/x/", "/%61dmin/", "/share/secret/"])
def test_the_desk_is_never_asked_to_compress(proxy, behind, path):
    ask(proxy, path, Accept_Encoding="br, gzip")
    assert behind.to(path)[-1].get("Accept-Encoding") == ""


@pytest.mark.parametrize(
    ("kept", "more"),
    [
        ("private, max-age=60", {}),
        ("no-store", {}),
        ("public, max-age=0, must-revalidate", {}),
        ("public, s-maxage=60", {"Set-Cookie": "a=b"}),
        ("public, s-maxage=60", {"Vary": "Accept-Encoding, Cookie"}),
        ("public, s-maxage=60", {"Vary": "*"}),
    ],
)
def test_what_the_site_says_is_not_everybodys_is_not_kept(proxy, behind, kept, more):
    behind.says("/not-kept/", kept=kept, headers=more)
    assert asked(proxy, behind, "/not-kept/", {}, {}) == 2


def test_only_reading_is_answered_from_what_is_kept(proxy, behind):
    behind.says("/read/", kept="public, s-maxage=60")
    ask(proxy, "/read/")
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        ask(proxy, "/read/", method, b"")
    assert [one.method for one in behind.to("/read/")][1:] == [
        "POST", "PUT", "DELETE", "PATCH", "OPTIONS",
    ]  # fmt: skip


def test_a_known_page_is_answered_304_and_parts_of_one_are_not_cut_wrong(proxy, behind):
    behind.says("/tagged/", b"0123456789", kept="public, s-maxage=60", headers={"ETag": 'W/"a"'})
    whole = ask(proxy, "/tagged/")
    assert (whole["ETag"], whole["Cache-Control"]) == ('W/"a"', "public, s-maxage=60")
    assert ask(proxy, "/tagged/", If_None_Match='W/"a"').status == 304
    part = ask(proxy, "/tagged/", Range="bytes=2-4")
    assert (part.status, part.body) in [(200, b"0123456789"), (206, b"234")]
    assert len(behind.to("/tagged/")) == 1


def test_a_head_that_comes_first_keeps_the_whole_page(proxy, behind):
    behind.says("/head/", b"0123456789", kept="public, s-maxage=60")
    head = ask(proxy, "/head/", "HEAD")
    assert (head["Content-Length"], head.body) == ("10", b"")
    assert ask(proxy, "/head/").body == b"0123456789"
    assert len(behind.to("/head/")) == 1


def test_500_who_ask_at_once_are_one_request_for_the_site(proxy, behind):
    behind.says("/cold/", kept="public, s-maxage=60", after=0.2)
    with ThreadPoolExecutor(100) as crowd:
        replies = list(crowd.map(lambda _one: ask(proxy, "/cold/").status, range(500)))
    assert replies == [200] * 500
    assert len(behind.to("/cold/")) == 1


def test_a_page_is_asked_for_again_in_its_second_behind_the_readers_back(proxy, behind):
    behind.says("/next/", b"first", kept="public, s-maxage=1, stale-while-revalidate=30")
    assert ask(proxy, "/next/").body == b"first"
    behind.says("/next/", b"second", kept="public, s-maxage=60", after=1.0)
    end = time.monotonic() + 4
    while len(behind.to("/next/")) == 1 and time.monotonic() < end:
        began = time.monotonic()
        assert ask(proxy, "/next/").body == b"first"
        assert time.monotonic() - began < 0.9  # nobody waits for the second
    again_until(b"second", "/next/", proxy)


def test_after_the_time_that_the_site_gave_nobody_gets_an_old_page_not_even_once(proxy, behind):
    behind.says("/ended/", b"first", kept=ONE_SECOND)
    ask(proxy, "/ended/")
    behind.says("/ended/", b"second", kept=ONE_SECOND)
    again_until(b"second", "/ended/", proxy)
    kinds = {line.split()[-1] for line in proxy.logged().splitlines() if "/ended/" in line}
    assert kinds <= {"MISS", "HIT", "EXPIRED"}


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_what_a_living_site_answers_is_never_replaced_by_an_old_page(proxy, behind, status):
    path = f"/withdrawn-{status}/"
    behind.says(path, b"A story.", kept="public, s-maxage=1, stale-if-error=600")
    ask(proxy, path)
    behind.says(path, b"No story.", kept="no-store", status=status)
    assert again_until(b"No story.", path, proxy).status == status


@pytest.fixture
def mortal(binary, tmp_path):
    """A proxy before an origin that can be ended and started again at the same address."""
    port = free_port()
    with contextlib.ExitStack() as life:
        server: Origin = life.enter_context(origin(port))
        with nginx(binary, tmp_path, server.address) as proxy:
            yield proxy, server, life.pop_all()


def test_while_the_site_is_down_a_page_stays_as_long_as_its_header_says_and_no_longer(mortal):
    proxy, server, life = mortal
    server.says("/long/", b"long", kept=PAGE)
    server.says("/short/", b"short", kept="public, s-maxage=1, stale-if-error=1")
    ask(proxy, "/long/"), ask(proxy, "/short/")
    life.close()
    assert again_until(b"We Are Just Restarting", "/short/", proxy).status == 502
    stale = ask(proxy, "/long/")
    assert (stale.status, stale.body) == (200, b"long")
    never = ask(proxy, "/never-asked/")
    assert (never.status, never["Retry-After"]) == (502, "5")

    proxy_cache.purge(proxy.cache)
    assert ask(proxy, "/long/").status == 502


def test_after_a_purge_every_page_is_asked_for_again(proxy, behind):
    behind.says("/purged/", b"first", kept="public, s-maxage=600")
    for coding in ("", "gzip", "br"):
        ask(proxy, "/purged/", Accept_Encoding=coding)
    behind.says("/purged/", b"second", kept="public, s-maxage=600")
    assert ask(proxy, "/purged/").body == b"first"
    assert proxy_cache.purge(proxy.cache) >= 3
    for coding in ("", "gzip", "br"):
        assert ask(proxy, "/purged/", Accept_Encoding=coding).body == b"second"
    assert not list(proxy.folder.glob("proxy/*"))


def test_a_page_that_was_being_fetched_during_a_purge_is_not_kept(proxy, behind):
    big = b"a" * 300_000
    behind.says("/slow/", big, kept="public, s-maxage=600", headers={"Content-Length": "300001"})
    waiting = threading.Thread(target=ask_and_forget, args=(proxy, "/slow/"))
    waiting.start()
    end = time.monotonic() + 3
    while not list(proxy.cache.glob("*.*")) and time.monotonic() < end:
        time.sleep(0.01)
    assert list(proxy.cache.glob("*.*")), "nothing was being written"
    proxy_cache.purge(proxy.cache)
    for wire in list(behind.open):
        with contextlib.suppress(OSError):
            wire.send(b"b")  # the byte that was missing
    waiting.join(timeout=5)
    behind.says("/slow/", b"second")
    assert ask(proxy, "/slow/").body == b"second"


def ask_and_forget(proxy, path):
    with contextlib.suppress(Exception):
        ask(proxy, path)


def test_a_request_whose_process_went_away_is_asked_again_and_what_was_posted_is_not(proxy, behind):
    behind.says("/again/", kept="no-store", hangs_up=1)
    assert ask(proxy, "/again/").status == 200
    assert len(behind.to("/again/")) == 2
    behind.says("/admin/save/", kept="no-store", hangs_up=1)
    assert ask(proxy, "/admin/save/", "POST", b"word=1").status == 502
    assert len(behind.to("/admin/save/")) == 1
