"""The site as a server has it, its page cache in front: asked by the frozen clock."""

import gzip
import io
import sys
from dataclasses import dataclass, field

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from articles.pages.cache.machine import Machine
from newsroom.front import clock as microseconds
from newsroom.threaded import Site

_CODINGS = {"": lambda body: body, "br": brotli.decompress, "gzip": gzip.decompress}


@dataclass
class Told:
    """An answer as a reader gets it: its body decoded."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self):
        return self.body.decode()


@dataclass
class Reader:
    """Who asks the site; `counts` is what its cache counted since it was last read."""

    site: Site = field(default_factory=lambda: Site(WSGIHandler()))

    def ask(self, address, method="GET", **headers):
        """Ask for an address; `Host="…"`, `Accept_Encoding="br"` and such as headers."""
        path, _mark, query = address.partition("?")
        said = []
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "testserver", "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.version": (1, 0),
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        # As Django's own test client does: a request's end would end the test's transaction.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        try:
            answer = self.site(environ, lambda *given: said.extend(given))
            body = b"".join(answer)
            if hasattr(answer, "close"):
                answer.close()
        finally:
            for signal in (request_started, request_finished):
                signal.connect(close_old_connections)
        named = {name.lower(): value for name, value in said[1]}
        body = _CODINGS[named.get("content-encoding", "") if body else ""](body)
        return Told(int(said[0][:3]), named, body)

    def shares_with(self, another, folder):
        """Let the two be processes of one machine, which share what they render in a folder."""
        for one in (self, another):
            one.site.cache.machine = one.site.cache.horizon.machine = Machine(folder)

    def hears(self):
        """Let the cache look at the edition, as it does within a moment of a press."""
        self.site.cache.horizon.look(microseconds())

    def renders(self, *asked):
        """How often Django was asked for a page, for the addresses."""
        before = self.site.cache.counts["rendered"]
        for address in asked:
            self.ask(address)
        return self.site.cache.counts["rendered"] - before


@pytest.fixture
def reader(db, clock):
    return Reader()
