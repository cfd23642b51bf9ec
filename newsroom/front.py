"""The page cache as a site has it, and its clock; both doors (asgi, wsgi) stand on it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from articles import shared_memory
from articles.pages.cache.horizon import Horizon
from articles.pages.cache.machine import Machine
from articles.pages.cache.page_cache import PageCache
from articles.pages.cache.rendering import WSGI

MEGABYTE = 2**20
# Set by gunicorn.conf.py, another for each start and reload: nothing of an older release, with
# other templates or settings, is taken for a page of this one.
GENERATION = "NEWSROOM_GENERATION"


def clock() -> int:
    """Return the microseconds since 1970, UTC."""
    return time.time_ns() // 1000


def page_cache(django: WSGI, *, withdrawn: Callable[[], object] = lambda: None) -> PageCache:
    """Return a process's page cache in front of Django's handler.

    `withdrawn` is called each time something was taken away from readers.
    """
    return PageCache(
        django,
        Horizon(withdrawn=withdrawn),
        Machine(_shared()),
        room=settings.PAGE_CACHE_MB * MEGABYTE,
        clock=clock,
    )


def _shared() -> Path | None:
    """The folder in which this generation's processes share pages; None where they cannot."""
    generation, folder = os.environ.get(GENERATION), shared_memory.folder()
    if not generation or folder is None:
        return None
    pages = folder / f"pages-{generation}"
    pages.mkdir(mode=0o700, exist_ok=True)
    return pages
