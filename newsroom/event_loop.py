"""The site as an ASGI application: pages from memory in the event loop, all else by Django's WSGI
handler on a few threads."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

from articles.pages.cache.addresses import Address, canonical
from articles.pages.cache.entries import Entry, holds
from articles.pages.cache.horizon import Watch
from articles.pages.cache.page_cache import LED
from newsroom.bridge import Message, Receive, Send, hand_over
from newsroom.front import clock, page_cache, watch

THREADS = int(os.environ.get("THREADS", "4"))
# Seconds: between two looks whether another process has rendered a page, and how long one looks.
_BETWEEN, _PATIENCE = 0.005, 10.0


class Site:
    """The site in front of Django's handler."""

    def __init__(self, django: WSGIApplication) -> None:
        self.django, self.cache = django, page_cache(django)
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")
        self.rendering: dict[str, asyncio.Task[Entry]] = {}
        self.watch: Watch | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        """Watch the edition from the server's start to its end."""
        await receive()
        self.watch = watch(self.cache)
        self.watch.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.watch.ended.set()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        method, raw_path, headers = scope["method"], scope["raw_path"], dict(scope["headers"])
        path = (unquote_to_bytes(raw_path) if b"%" in raw_path else raw_path).decode("latin-1")
        host, cookie = headers.get(b"host", b""), headers.get(b"cookie", b"")
        if not self.cache.takes(method, path, host, scope["scheme"], cookie):
            await hand_over(self.django, self.threads, scope, receive, send)
            return
        query = scope["query_string"]
        address = canonical(path, query.decode("latin-1")) if query else Address(path)
        now = clock()
        entry = self.cache.fresh(address.key, now)
        if entry is None or address.old:
            entry, now = await self._page(address), clock()
        answer = entry.answer(headers.get(b"accept-encoding", b""), now)
        known = headers.get(b"if-none-match")
        if known and entry.status == 200 and holds(answer.etag, known):
            answer = answer.not_modified
        start, body = answer.messages
        await send(start)
        await send(body if method == "GET" else _NO_BODY)

    async def _page(self, address: Address) -> Entry:
        """The page at an address, or what an address of another system leads to."""
        entry = await self._rendered(address)
        if address.old and (entry.status == 404 or address.path == "/"):
            led = await self._rendered(address.as_old())
            return led if led.status in LED else entry
        return entry

    async def _rendered(self, address: Address) -> Entry:
        """A page that is not in memory: rendered once, for all who wait for it."""
        key = address.key
        now = clock()
        if entry := self.cache.fresh(key, now) or self.cache.while_down(key, now):
            return entry
        task = self.rendering.get(key)
        if task is None:
            task = self.rendering[key] = asyncio.create_task(self._render(address))
            task.add_done_callback(lambda _task: self.rendering.pop(key, None))
        if entry := self.cache.meanwhile(key, clock()):
            return entry
        return await asyncio.shield(task)

    async def _render(self, address: Address) -> Entry:
        loop, left = asyncio.get_running_loop(), _PATIENCE
        while True:
            attempt = partial(self.cache.attempt, address, wait=left > 0)
            entry: Entry | None = await loop.run_in_executor(self.threads, attempt)
            if entry is not None:
                return entry
            await asyncio.sleep(_BETWEEN)
            left -= _BETWEEN


_NO_BODY: dict[str, Any] = {"type": "http.response.body", "body": b""}
