"""How Django is asked for a page that everybody gets: as nobody in particular.

Nothing of the request at hand goes there but the page's one address, so that nothing of it, a
header, a cookie or a host, can get into what the next reader is served.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.http import HttpResponseBase

from articles.pages.cache.addresses import Address
from articles.pages.cache.entries import microseconds, moment

# What Django is told beside; a client can set no variable that does not begin with HTTP_.
MOMENT, ONLY_OLD = "newsroom.moment", "newsroom.only_old_address"

# And what it tells the cache: the microseconds since 1970 until which a page holds. No reader is
# sent it (articles/middleware.py).
HOLDS_UNTIL = "X-Holds-Until"

SCHEME, HOST = urlsplit(settings.SITE_URL)[:2]


def keep_until(response: HttpResponseBase, moment: datetime | None) -> None:
    """Say of a page that it is another from a moment on by age alone, which no interval tells."""
    if moment:
        response[HOLDS_UNTIL] = str(microseconds(moment))


def ask(
    django: WSGIApplication, address: Address, now: int
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return the status, headers and body of the page at `now`, with holes for its labels."""
    said: list[Any] = []
    written: list[bytes] = []  # by an application of the old way, which Django is not

    def start_response(
        status: str, headers: list[tuple[str, str]], _fault: object = None, /
    ) -> Callable[[bytes], object]:
        said[:] = status, headers
        return written.append

    answer = django(_environ(address, now), start_response)
    try:
        body = b"".join([*written, *answer])
    finally:
        if hasattr(answer, "close"):
            answer.close()
    status, headers = said
    return int(status.split(" ", 1)[0]), headers, body


def _environ(address: Address, now: int) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": address.path,
        "QUERY_STRING": address.query,
        "SERVER_NAME": HOST.partition(":")[0],
        "SERVER_PORT": "443" if SCHEME == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": SCHEME,
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        MOMENT: moment(now),
    }
    if address.only_old:
        environ[ONLY_OLD] = True
    return environ
