"""A hub that hears what the worker tells it."""

from datetime import timedelta
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest
import time_machine

from articles import tasks
from tests.conftest import NOW
from tests.pages.websub.hub import Hub

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def clock():
    """Starts at NOW and ticks: what waits for an answer goes by it."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture
def hears(clock, server, settings):
    """Let the worker look, and return of which feeds the hub was told and took it."""
    settings.WEBSUB_HUB = f"http://127.0.0.1:{server.server_port}/hub?x=1"
    server.answers, server.told = [], []

    def hears():
        server.told.clear()
        tasks.tell_hub.call()
        return [path for status, path in server.told if status < 300]

    return hears


@pytest.fixture
def story(hears, published, author, topic):
    """A live story that the hub was told of."""
    known = {"authors": [author.pk], "tags": [topic.pk], "standfirst": "It is open."}
    story = published("Harbour Opens", at=NOW - MINUTE, **known)
    hears()
    return story
