"""Django behind the event loop: bodies come whole or not at all, and no client holds a thread."""

import asyncio
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from newsroom import bridge

BIG = b"x" * (3 * 2**20)


class Client:
    """Who asks: sends parts of a body, then waits or goes away; and takes what it is sent."""

    def __init__(self, *parts, goes_away=False, takes=lambda: None):
        self.parts, self.goes_away, self.takes = list(parts), goes_away, takes
        self.status, self.headers, self.body = None, {}, b""
        self.is_whole = False

    async def receive(self):
        if self.parts:
            part = self.parts.pop(0)
            more = bool(self.parts) or self.goes_away
            return {"type": "http.request", "body": part, "more_body": more}
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.takes()
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body += message["body"]
            self.is_whole = not message.get("more_body")


def scope(**changes):
    return {
        "type": "http", "method": "POST", "scheme": "https", "raw_path": b"/w%C3%A9b/%2F/",
        "query_string": b"a=%20&b=\xe9", "http_version": "1.1", "server": ("127.0.0.1", 8000),
        "client": ("10.1.2.3", 4), "headers": [], **changes,
    }  # fmt: skip


def ask(app, *parts, client=None, **changes):
    """Have an application answer a client through the bridge, on one thread."""
    client = client or Client(*(parts or (b"",)))
    # Each event loop in a thread of its own: a browser's driver may run one in this.
    with ThreadPoolExecutor(1) as threads, ThreadPoolExecutor(1) as loop:
        asked = bridge.hand_over(app, threads, scope(**changes), client.receive, client.send)
        loop.submit(asyncio.run, asked).result()
    return client


def told(seen, start_response, *parts):
    """Answer 200 with some parts, and keep what was asked."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Said", "caf\xe9")])
    return list(parts)


def test_a_request_reaches_django_as_any_wsgi_server_would_hand_it_over():
    seen = {}

    def app(environ, start_response):
        seen.update(environ, body=environ["wsgi.input"].read())
        return told(seen, start_response, b"one", b"two")

    headers = [
        (b"host", b"news.example"), (b"content-type", b"text/plain"), (b"content-length", b"5"),
        (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y"),
        (b"x_forwarded_for", b"forged"), (b"x-name", b"caf\xe9"),
    ]  # fmt: skip
    client = ask(app, b"he", b"llo", headers=headers)
    assert (client.status, client.body, client.is_whole) == (200, b"onetwo", True)
    assert client.headers == {b"content-type": b"text/plain", b"x-said": b"caf\xe9"}
    assert seen["body"] == b"hello"
    assert seen["PATH_INFO"] == "/w\xc3\xa9b///"
    assert seen["QUERY_STRING"] == "a=%20&b=\xe9"
    assert (seen["wsgi.url_scheme"], seen["REMOTE_ADDR"]) == ("https", "10.1.2.3")
    assert (seen["CONTENT_LENGTH"], seen["CONTENT_TYPE"]) == ("5", "text/plain")
    assert (seen["HTTP_COOKIE"], seen["HTTP_ACCEPT"]) == ("a=1; b=2", "x,y")
    assert seen["HTTP_X_NAME"] == "caf\xe9"
    assert "HTTP_X_FORWARDED_FOR" not in seen


def test_who_goes_away_in_the_middle_of_a_body_has_asked_for_nothing():
    def app(environ, start_response):
        pytest.fail("a half of what was typed was handed on")

    client = ask(app, client=Client(b"half of a story", goes_away=True))
    assert client.status is None


def test_a_body_that_is_too_large_is_refused_before_django_is_asked(monkeypatch):
    monkeypatch.setattr(bridge, "LARGEST_BODY", 10)

    def app(environ, start_response):
        pytest.fail("it was handed on")

    client = ask(app, b"123456", b"78901")
    assert (client.status, client.headers[b"connection"]) == (413, b"close")


def test_a_large_body_and_a_large_answer_come_whole():
    def app(environ, start_response):
        start_response("200 OK", [])
        return iter([hashlib.sha256(environ["wsgi.input"].read()).digest(), *[BIG] * 3])

    client = ask(app, BIG, BIG)
    assert client.body == hashlib.sha256(BIG * 2).digest() + BIG * 3


def test_no_thread_waits_for_a_client_that_takes_its_time():
    """While one client takes what it is sent, the one thread there is serves another."""
    with ThreadPoolExecutor(1) as threads, ThreadPoolExecutor(1) as loop:

        def app(environ, start_response):
            start_response("200 OK", [])
            return iter([BIG, BIG])

        def is_free():
            assert threads.submit(threading.get_ident).result(timeout=10)

        client = Client(b"", takes=is_free)
        asked = bridge.hand_over(app, threads, scope(), client.receive, client.send)
        loop.submit(asyncio.run, asked).result()
    assert len(client.body) == 2 * len(BIG)


class Closed:
    """An answer that says whether it was closed, as Django's must be to end its request."""

    def __init__(self, parts):
        self.parts, self.is_closed = iter(parts), False

    def __iter__(self):
        return self.parts

    def close(self):
        self.is_closed = True


def answering(answer):
    """An application that answers so."""

    def app(environ, start_response):
        start_response("200 OK", [])
        return answer

    return app


def test_an_answer_is_closed_once_it_was_sent():
    answer = Closed([b"one"])
    ask(answering(answer))
    assert answer.is_closed


def test_an_answer_is_closed_when_its_client_goes_away_in_the_middle_of_it():
    answer = Closed([BIG, BIG, BIG])

    def gone():
        raise ConnectionResetError

    client = Client(b"", takes=gone)
    with pytest.raises(ConnectionResetError):
        ask(answering(answer), client=client)
    assert answer.is_closed
