"""A takedown’s receipt over real HTTP: the site answers, one page still shows it, nobody does."""

import socket
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
import time_machine

from articles import tasks
from articles.desk import fetching, receipts
from articles.models import Article, Receipt, Section
from articles.pages import feeds
from tests.conftest import NOW
from tests.desk.pressing import HOUR, do, rewrite

ROOM = "/admin/articles/article"
SITE = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(scope="session")
def live_server(django_db_setup, live_server):
    """Made once the tests' database is: before, its threads would share one connection."""
    return live_server


@pytest.fixture
def clock():
    """Starts at NOW and ticks: a server waits by it."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def story(clock, published, author, topic):
    """A live story that had another address, below a newer one."""
    story = published("Harbour Opens", authors=[author.pk], tags=[topic.pk])
    rewrite(story, section=Section.objects.get(slug="national").pk)
    do("publish", story, revision=2, now=NOW - HOUR)
    published("Tides Rise", at=NOW - timedelta(minutes=9), tags=[topic.pk], also_read=[story.pk])
    return story


def taken_down(desk, story, **values):
    """Take a story down, let the worker do its task, and return the receipt's lines."""
    seen = Article.objects.get(pk=story.pk).pressed
    said = {"seen": seen, "reason": "A name", "authority": "The court of Halvern", **values}
    verb = said.pop("verb", "take_down")
    assert desk.post(f"{ROOM}/{story.pk}/verb/{verb}/", said).status_code == 302
    receipt = Receipt.objects.filter(article=story.pk).order_by("-pk").first()
    tasks.fetch_receipt.func(receipt.pk)
    receipt.refresh_from_db()
    assert receipt.finished_at is not None
    return receipts.lines(receipt)


@pytest.fixture
def desk(desk_of, managing_editor):
    return desk_of(managing_editor)


def red(lines):
    return [(line.name, line.said) for line in lines if line.is_red]


@SITE
@pytest.mark.parametrize(
    "how",
    [
        {"how": "gone"},
        {"how": "vanished"},
        {"verb": "unpublish"},
        {"verb": "erase", "confirmed": "on"},
    ],
    ids=str,
)
def test_no_surface_of_the_site_shows_what_was_withdrawn(live_server, settings, story, desk, how):
    settings.ORIGIN_URL = live_server.url
    lines = taken_down(desk, story, **how)
    assert red(lines) == []
    assert {"Home", "Section: World", "Corrections"} < {line.name for line in lines}
    own = "410, not there" if how.get("how") == "gone" else "404, not there"
    assert [line.said for line in lines[:2]] == [own, own]


@SITE
def test_a_page_that_still_links_to_it_is_red_by_name(live_server, settings, story, desk, author):
    settings.ORIGIN_URL = live_server.url
    author.bio = "Wrote of it here: /world/harbour-opens/"
    author.save()
    other = Article.objects.get(headline="Tides Rise")
    rewrite(other, authors=[author.pk])
    do("publish", other, revision=2, now=NOW - timedelta(minutes=1))
    name = "Author: Ilse Hartmann"
    feeds_too = [f"{name}, as a feed: {file}" for file in feeds.FORMATS]
    below_a_story = "Also read: Tides Rise"  # who wrote it, with their bio
    assert red(taken_down(desk, story, how="gone")) == [
        (place, "200, still holds the story’s address")
        for place in (name, *feeds_too, below_a_story)
    ]


@SITE
def test_a_site_that_does_not_answer_is_red_at_every_place(settings, story, desk):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.ORIGIN_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
    lines = taken_down(desk, story, how="gone")
    assert {line.said for line in lines} == {"did not answer"}
    assert all(line.is_red for line in lines)


class Stub(BaseHTTPRequestHandler):
    """Answers by path, and keeps what it was asked."""

    asked: list = []
    leave = Event()

    def do_GET(self):
        self.asked.append((self.path, dict(self.headers)))
        if self.path == "/slow/":
            self.leave.wait(20)
            return
        status = {"/moved/": 301, "/broken/": 503}.get(self.path, 200)
        body = b"x" * (fetching.LONGEST + 1 if self.path == "/long/" else 9)
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/elsewhere/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture
def stub(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    Stub.asked, Stub.leave = [], Event()
    Thread(target=server.serve_forever, daemon=True).start()
    settings.ORIGIN_URL = f"http://127.0.0.1:{server.server_port}"
    settings.SITE_URL = "https://news.example"
    yield Stub
    Stub.leave.set()
    server.shutdown()
    server.server_close()


def test_a_surface_is_asked_at_the_origin_in_the_sites_name(stub):
    assert fetching.fetch("/fine/").status == 200
    path, headers = stub.asked[0]
    assert path == "/fine/"
    assert headers["Host"] == "news.example"
    assert headers["X-Forwarded-Proto"] == "https"


def test_a_redirect_is_not_followed(stub):
    answer = fetching.fetch("/moved/")
    assert (answer.status, answer.target) == (301, "/elsewhere/")
    assert [path for path, _headers in stub.asked] == ["/moved/"]


def test_a_failing_a_long_and_a_slow_answer_each_say_so(stub, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS_TO_WAIT", 0.3)
    assert fetching.fetch("/broken/").status == 503
    assert fetching.fetch("/long/").fault == receipts.TOO_LONG
    assert fetching.fetch("/slow/").fault == receipts.TIMEOUT


def test_only_http_and_https_are_asked(settings):
    settings.ORIGIN_URL = "file://"
    assert fetching.fetch("/etc/hostname").fault == receipts.NO_ANSWER
