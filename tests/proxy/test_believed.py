"""What nginx believes of a request: nothing that a reader could forge, smuggle or blow up."""

import socket
import ssl

import pytest

from tests.proxy.programs import HOST, configuration_is_fine
from tests.proxy.speaking import TLS, ask, ask_plainly, connection, say

# What a reader may send, and what the site hears in its place.
FORGED = {
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": HOST,
    "X-Real-IP": "127.0.0.1",
}
CLEARED = [
    "Forwarded", "X-Forwarded-Protocol", "X-Forwarded-Scheme", "X-Forwarded-Ssl",
    "X-Forwarded-Server", "X-Forwarded-Prefix", "X-Forwarded-Path", "X-Forwarded-Uri",
    "X-Forwarded-User", "X-Url-Scheme", "Front-End-Https", "X-Host", "X-Original-Host",
    "X-Original-URL", "X-Original-URI", "X-Rewrite-URL", "X-Script-Name", "Script-Name",
    "Path-Info", "Remote-User", "X-Remote-User", "X-HTTP-Method", "X-HTTP-Method-Override",
    "X-Method-Override", "X-Client-IP", "X-Cluster-Client-IP", "True-Client-IP",
    "CF-Connecting-IP", "Proxy", "X_Forwarded_Host", "X_Script_Name", "SCRIPT_NAME", "TE",
]  # fmt: skip


def test_the_deployed_configuration_is_one_that_nginx_takes(binary, proxy):
    done = configuration_is_fine(binary, proxy.folder)
    assert done.returncode == 0, done.stderr
    # The one word of Debian 12's nginx that later ones still take, and say so.
    rest = [line for line in done.stderr.splitlines() if "listen ... http2" not in line]
    assert not [line for line in rest if "[warn]" in line], done.stderr


def test_every_header_that_says_who_or_where_is_the_proxys_own(proxy, behind):
    ask(proxy, "/forged/", **dict.fromkeys(FORGED, "forged.example"))
    heard = behind.to("/forged/")[0]
    assert {name: heard.all(name) for name in FORGED} == {k: [v] for k, v in FORGED.items()}
    assert heard.all("X-Forwarded-Port") == [str(proxy.tls)]
    assert heard.all("Host") == [HOST]


def test_no_header_that_another_program_believes_reaches_the_site(proxy, behind):
    lines = "".join(f"{name}: forged.example\r\n{name}: again.example\r\n" for name in CLEARED)
    said = f"GET /cleared/ HTTP/1.1\r\nHost: {HOST}\r\n{lines}Connection: close\r\n\r\n"
    assert say(proxy, said.encode()).startswith(b"HTTP/1.1 200")
    forged = {"forged.example", "again.example"}
    assert not [header for header in behind.to("/cleared/")[0].headers if header[1] in forged]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "news.example.evil.example", "", "news.example@evil"]
)
def test_a_host_that_is_not_the_papers_gets_no_answer(proxy, behind, host):
    before = len(behind.heard)
    answer = say(proxy, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")
    assert len(behind.heard) == before


def test_an_address_that_names_another_host_is_that_hosts(proxy, behind):
    before = len(behind.heard)
    said = f"GET http://evil.example/ HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"
    assert say(proxy, said.encode()) == b""
    assert len(behind.heard) == before


def test_plain_http_leads_to_https_and_lets_a_certificate_be_fetched(proxy):
    moved = ask_plainly(proxy, "/world/harbour/?a=b")
    assert (moved.status, moved["Location"]) == (301, f"https://{HOST}/world/harbour/?a=b")
    place = proxy.folder / "acme" / ".well-known" / "acme-challenge"
    place.mkdir(parents=True, exist_ok=True)
    (place / "token").write_text("proof")
    assert ask_plainly(proxy, "/.well-known/acme-challenge/token").body == b"proof"


def test_http_2_is_spoken_over_todays_tls(proxy):
    TLS.set_alpn_protocols(["h2", "http/1.1"])
    with connection(proxy) as wire:
        assert (wire.version(), wire.selected_alpn_protocol()) == ("TLSv1.3", "h2")
    TLS.set_alpn_protocols(["http/1.1"])


def test_another_name_gets_no_certificate(proxy):
    address = ("127.0.0.1", proxy.tls)
    with socket.create_connection(address, timeout=5) as plain, pytest.raises(ssl.SSLError):
        TLS.wrap_socket(plain, server_hostname="evil.example")


SMUGGLED = {
    "a length and chunks": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX",
    "two lengths": b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
    "a length of two numbers": b"Content-Length: 4, 5\r\n\r\nabcde",
    "a signed length": b"Content-Length: +4\r\n\r\nabcd",
    "chunks twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks by another name": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks after white space": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded line": b"X-Folded: a\r\n b: c\r\nContent-Length: 0\r\n\r\n",
    "a bare carriage return": b"X-A: b\rContent-Length: 5\r\n\r\n",
    "a zero byte": b"X-A: b\x00c\r\n\r\n",
    "two hosts": b"Host: evil.example\r\n\r\n",
}


@pytest.mark.parametrize("trick", SMUGGLED)
def test_a_request_that_could_be_read_as_two_is_refused(proxy, behind, trick):
    before = len(behind.heard)
    head = f"POST /most-read/ HTTP/1.1\r\nHost: {HOST}\r\n".encode()
    answer = say(proxy, head + SMUGGLED[trick])
    assert answer.split(b" ")[1] in (b"400", b"501")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert len(behind.heard) == before


def test_lines_that_end_in_a_bare_line_feed_hide_no_second_request(proxy, behind):
    before = len(behind.heard)
    hidden = b"GET /hidden/ HTTP/1.1\nHost: news.example\n\n"
    said = b"POST /bare/ HTTP/1.1\nHost: news.example\nContent-Length: %d\nConnection: close\n\n"
    say(proxy, said % len(hidden) + hidden)
    assert [one.target for one in behind.heard[before:]] in ([], ["/bare/"])


def test_chunks_reach_the_site_as_one_body_of_a_known_length(proxy, behind):
    said = f"POST /chunks/ HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n"
    say(proxy, said.encode() + b"Connection: close\r\n\r\n5\r\nabcde\r\n2\r\nfg\r\n0\r\n\r\n")
    heard = behind.to("/chunks/")[0]
    assert (heard.body, heard.get("Content-Length")) == (b"abcdefg", "7")
    assert not heard.all("Transfer-Encoding")


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        ("/" + "a" * 9000, {}, 414),
        ("/", {"X-Long": "a" * 9000}, 431),
        ("/", {f"X-{number}": "a" * 4000 for number in range(12)}, 431),
        ("/a/../../../etc/passwd", {}, 400),
        ("/\x00", {}, 400),
    ],
)
def test_what_is_too_long_or_leads_out_is_refused_on_a_page_of_the_papers(
    proxy, behind, target, headers, status
):
    before = len(behind.heard)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    said = f"GET {target} HTTP/1.1\r\nHost: {HOST}\r\n{lines}Connection: close\r\n\r\n"
    answer = say(proxy, said.encode())
    assert answer.split(b" ")[1] == str(status).encode()
    assert b'class="mast-name"' in answer
    assert len(behind.heard) == before


def test_a_long_address_and_a_long_cookie_still_reach_the_site(proxy, behind):
    target = "/long/?q=" + "a" * 7000
    assert ask(proxy, target, Cookie="a=" + "b" * 7000).status == 200
    assert behind.to(target)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_a_method_that_mirrors_or_tunnels_is_refused(proxy, behind, method):
    before = len(behind.heard)
    assert ask(proxy, "/", method).status in (400, 405)
    assert len(behind.heard) == before
