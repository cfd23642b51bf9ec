"""The page cache as a site has it, and its clock; both doors (asgi, wsgi) stand on it."""

import logging
import os
import shutil
import time
from collections import Counter
from pathlib import Path
from threading import Timer
from wsgiref.types import WSGIApplication

from django.conf import settings

from articles import bell, shared_memory
from articles.pages.cache.entries import SECOND
from articles.pages.cache.horizon import Horizon, Watch
from articles.pages.cache.machine import Machine
from articles.pages.cache.page_cache import PageCache
from newsroom import metrics, proxy_cache

log = logging.getLogger(__name__)

MEGABYTE = 2**20
_LONGEST_ANSWER = 2.0  # seconds: a page rendered before a withdrawal may reach the proxy after it
# Set by gunicorn.conf.py, another for each start and reload: nothing of an older release, with
# other templates or settings, is taken for a page of this one.
GENERATION = "NEWSROOM_GENERATION"


def clock() -> int:
    """Return the microseconds since 1970, UTC."""
    return time.time_ns() // 1000


def page_cache(django: WSGIApplication) -> PageCache:
    """Return a process's page cache in front of Django's handler."""
    return PageCache(
        django,
        Horizon(Machine(_shared()), withdrawn=_empty_the_proxy),
        room=settings.PAGE_CACHE_MB * MEGABYTE,
        clock=clock,
    )


def _empty_the_proxy() -> None:
    """Have the proxy forget what it keeps: now, and once what was being answered is answered."""
    if not settings.PROXY_CACHE:
        return
    _purge()
    later = Timer(_LONGEST_ANSWER, _purge)
    later.daemon = True
    later.start()


def _purge() -> None:
    try:
        proxy_cache.purge(Path(settings.PROXY_CACHE))
    except (proxy_cache.NotACacheError, OSError) as fault:
        log.error("The proxy's cache cannot be emptied: %s", fault)


def watch(cache: PageCache) -> Watch:
    """Return the thread that looks at the edition for a cache, and tells ops what it sees."""
    return Watch(cache.horizon, clock, Report(cache))


class Report:
    """What a cache counted since it was last told, for /metrics."""

    def __init__(self, cache: PageCache) -> None:
        self.cache = cache
        self._told: Counter[str] = Counter()
        self._moved = 0

    def __call__(self) -> None:
        cache, counted = self.cache, self.cache.counts.copy()
        metrics.cache_counted(counted - self._told)
        self._told = counted
        metrics.cache_holds(
            len(cache.pages) + len(cache.others), cache.pages.bytes + cache.others.bytes
        )
        moved = cache.horizon.state.moved
        if self._moved and moved != self._moved:
            metrics.press_seen((moved - min(bell.rung_at(), moved)) / SECOND)
        self._moved = moved


def _shared() -> Path | None:
    """The folder in which this generation's processes share pages; None where they cannot."""
    generation, folder = os.environ.get(GENERATION), shared_memory.folder()
    if not generation or folder is None:
        return None
    pages = folder / f"pages-{generation}"
    pages.mkdir(mode=0o700, exist_ok=True)
    for other in folder.glob("pages-*"):
        if other != pages:  # of before: who still uses it renders for itself
            shutil.rmtree(other, ignore_errors=True)
    return pages
