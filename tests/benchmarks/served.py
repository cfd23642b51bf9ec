"""The site as gunicorn's workers run it, watched from outside: each render is written down.

BENCH_ENTRY names the entry (asgi or wsgi), BENCH_RENDERS the file that gets a line a render.
"""

import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

site = import_module(f"newsroom.{os.environ.get('BENCH_ENTRY', 'wsgi')}").application


def written_down(django: Callable[..., Iterable[bytes]], file: str) -> Callable[..., Any]:
    """Django's handler, which adds the path of each render to a file."""
    log = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def handler(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        os.write(log, f"{environ['PATH_INFO']}\n".encode())  # whole: POSIX, of O_APPEND
        return django(environ, start_response)

    return handler


if renders := os.environ.get("BENCH_RENDERS"):
    site.cache.django = written_down(site.cache.django, renders)
