"""The site as a WSGI application: pages from memory, for a server that has threads."""

import time
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import WSGIApplication

from articles.pages.cache.addresses import Address, canonical
from articles.pages.cache.entries import Entry, holds
from articles.pages.cache.horizon import Watch
from articles.pages.cache.page_cache import LED
from newsroom.front import clock, page_cache, watch

# Seconds: between two looks whether another thread or process has rendered a page, and how long
# one looks.
_BETWEEN, _PATIENCE = 0.005, 10.0


class Site:
    """The site in front of Django's handler."""

    def __init__(self, django: WSGIApplication) -> None:
        self.django, self.cache = django, page_cache(django)
        self.watch: Watch | None = None

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        host, cookie = _header(environ, "HTTP_HOST"), _header(environ, "HTTP_COOKIE")
        if not self.cache.takes(method, path, host, environ["wsgi.url_scheme"], cookie):
            return self.django(environ, start_response)
        query = environ.get("QUERY_STRING", "")  # it may be missing (PEP 3333)
        address = canonical(path, query) if query else Address(path)
        now = clock()
        entry = self.cache.fresh(address.key, now)
        if entry is None or address.old:
            entry, now = self._page(address), clock()
        answer = entry.answer(_header(environ, "HTTP_ACCEPT_ENCODING"), now)
        known = _header(environ, "HTTP_IF_NONE_MATCH")
        if known and entry.status == 200 and holds(answer.etag, known):
            answer = answer.not_modified
        status, headers = answer.start
        start_response(status, [*headers])  # the server may change its list (PEP 3333)
        return [answer.body] if method == "GET" else []

    def watch_edition(self) -> None:
        """Start the thread that looks at the edition; for a server, once in each process."""
        self.watch = watch(self.cache)
        self.watch.start()

    def _page(self, address: Address) -> Entry:
        """The page at an address, or what an address of another system leads to."""
        entry = self._rendered(address)
        if address.old and (entry.status == 404 or address.path == "/"):
            led = self._rendered(address.as_old())
            return led if led.status in LED else entry
        return entry

    def _rendered(self, address: Address) -> Entry:
        cache, key, left = self.cache, address.key, _PATIENCE
        while True:
            now = clock()
            entry = cache.fresh(key, now) or cache.while_down(key, now)
            entry = entry or cache.attempt(address, wait=left > 0)
            if entry is not None:
                return entry
            time.sleep(_BETWEEN)
            left -= _BETWEEN


def _header(environ: dict[str, Any], name: str) -> bytes:
    sent: str = environ.get(name, "")
    return sent.encode("latin-1")
