"""How much and how often nginx takes, how long it waits, and what it writes down of a request."""

import socket
import ssl
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.proxy.programs import HOST
from tests.proxy.speaking import ask, connection


def asked_at_once(proxy, times, target, method="GET"):
    """The replies to so many requests from one address, as fast as they go."""
    body = b"" if method == "POST" else None
    with ThreadPoolExecutor(16) as crowd:
        return list(crowd.map(lambda _one: ask(proxy, target, method, body), range(times)))


def counted(replies):
    return Counter(reply.status for reply in replies)


def test_30_reads_a_minute_are_counted_and_not_as_many_as_a_program_sends(proxy, behind):
    statuses = counted(asked_at_once(proxy, 40, "/most-read/", "POST"))
    assert set(statuses) == {200, 429}
    assert 11 <= statuses[200] < 30
    assert ask(proxy, "/most-read/").status == 200  # the page itself is read as often as one likes


@pytest.mark.parametrize("target", ["/admin/login/", "//admin/login/", "/%61dmin/login/?next=/"])
def test_a_password_is_not_guessed_at_speed_however_the_page_is_written(proxy, behind, target):
    assert counted(asked_at_once(proxy, 40, target, "POST"))[429]
    assert ask(proxy, "/admin/login/").status == 200  # the form shows
    assert ask(proxy, "/admin/", "POST", b"").status == 200  # and who is in works on


def test_searching_is_limited_mildly(proxy, behind):
    replies = asked_at_once(proxy, 80, "/search/?q=harbour")
    assert counted(replies)[200] >= 21
    refused = [reply for reply in replies if reply.status == 429]
    assert {reply["Retry-After"] for reply in refused} == {"60"}
    assert ask(proxy, "/").status == 200


def test_an_upload_of_25_mb_passes_on_the_desk_and_nowhere_else(proxy, behind):
    upload = b"a" * 26_000_000
    assert ask(proxy, "/admin/articles/image/add/", "POST", upload).status == 200
    assert len(behind.to("/admin/articles/image/add/")[0].body) == len(upload)
    behind.heard.clear()
    assert claim(proxy, "/admin/articles/image/add/", 32_000_000) == 413
    assert claim(proxy, "/world/", 70_000) == 413
    assert claim(proxy, "/most-read/", 1_100) == 413
    assert not behind.heard


def claim(proxy, target, length):
    """The status of a POST that says it is so long, and sends nothing."""
    with connection(proxy) as wire:
        wire.sendall(
            f"POST {target} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {length}\r\n\r\n".encode()
        )
        return int(wire.recv(100).split(b" ")[1])


SLOW = {
    "a head that never ends": b"GET /slow/ HTTP/1.1\r\nHost: news.example\r\nX-A: b",
    "a body that never comes": b"POST /slow/ HTTP/1.1\r\nHost: news.example\r\n"
    b"Content-Length: 10\r\n\r\nabc",
    "nothing at all": b"",
}


@pytest.mark.parametrize("way", SLOW)
def test_who_is_slow_is_left_and_never_waited_for_by_the_site(proxy, behind, way):
    began = time.monotonic()
    with connection(proxy) as wire:
        wire.sendall(SLOW[way])
        heard = b""
        while more := read(wire):
            heard += more
    assert time.monotonic() - began < 8  # a second in this configuration, 10 and 15 in life
    assert heard == b"" or heard.startswith(b"HTTP/1.1 408")
    assert not behind.to("/slow/")


def read(wire):
    try:
        return wire.recv(65536)
    except (ConnectionError, ssl.SSLError, OSError):
        return b""


def test_readers_are_served_while_hundreds_are_slow(proxy, behind):
    slow = [socket.create_connection(("127.0.0.1", proxy.tls)) for _one in range(300)]
    try:
        began = time.monotonic()
        assert ask(proxy, "/").status == 200
        assert time.monotonic() - began < 5
    finally:
        for one in slow:
            one.close()


def test_the_log_says_what_was_asked_and_nothing_of_who_asked(proxy, behind):
    before = len(proxy.logged())
    ask(proxy, "/world/?utm_source=letter", User_Agent="Browser/1", Referer="https://else.example/")
    ask(proxy, "/search/?q=secretword")
    ask(proxy, "/share/secrettoken/")
    ask(proxy, "/%73hare/secrettoken/")
    ask(proxy, "/most-read/", "POST", b"story=7")
    ask(proxy, "/healthz")
    ask(proxy, "/last/")
    deadline = time.monotonic() + 2
    while "/last/" not in proxy.logged()[before:] and time.monotonic() < deadline:
        time.sleep(0.01)
    lines = [line.split()[1:4] for line in proxy.logged()[before:].splitlines()]
    assert [path for _status, _method, path in lines] == [
        f"{HOST}/world/", f"{HOST}/search/", f"{HOST}/share/", f"{HOST}-", f"{HOST}/last/",
    ]  # fmt: skip
    for word in ("127.0.0.1", "Browser", "else.example", "secret", "utm_", "story"):
        assert word not in proxy.logged()[before:]


def test_no_log_names_the_address_of_who_was_limited(proxy, behind):
    assert counted(asked_at_once(proxy, 80, "/search/?q=secretword"))[429]
    assert counted(asked_at_once(proxy, 40, "/admin/login/", "POST"))[429]
    for name in ("newsroom.error.log", "error.log", "access.log"):
        assert "limiting" not in proxy.logged(name)
        assert "secretword" not in proxy.logged(name)
