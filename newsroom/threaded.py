"""The site as a WSGI application: pages from memory, for a server that has threads."""

import time
from collections.abc import Callable, Iterable
from http.client import responses
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
        host, cookie, accepted, known = (
            environ.get(name, "").encode("latin-1")
            for name in ("HTTP_HOST", "HTTP_COOKIE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH")
        )
        if not self.cache.takes(method, path, host, environ["wsgi.url_scheme"], cookie):
            return self.django(environ, start_response)
        address = canonical(path, environ.get("QUERY_STRING", ""))
        entry = self._rendered(address)
        if address.old and (entry.status == 404 or path == "/"):
            led = self._rendered(address.as_old())
            entry = led if led.status in LED else entry
        answer = entry.answer(accepted, clock())
        if known and entry.status == 200 and holds(answer.etag, known):
            answer = answer.not_modified
        start_response(
            f"{answer.status} {responses[answer.status]}",
            [(name.decode(), value.decode("latin-1")) for name, value in answer.headers],
        )
        return [answer.body] if method == "GET" else []

    def watch_edition(self) -> None:
        """Start the thread that looks at the edition; for a server, once in each process."""
        self.watch = watch(self.cache)
        self.watch.start()

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
