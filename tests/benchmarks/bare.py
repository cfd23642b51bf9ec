"""What the site is measured against: the same bytes and headers, with nothing behind them.

BARE_PAGE names the file that a page was kept in (a line of JSON, and the body).
"""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

_LINE, _, BODY = Path(os.environ["BARE_PAGE"]).read_bytes().partition(b"\n")
HEADERS = [(name, value) for name, value in json.loads(_LINE)]
_OCTETS = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in HEADERS]
_START = {"type": "http.response.start", "status": 200, "headers": _OCTETS}
_BODY = {"type": "http.response.body", "body": BODY}


async def asgi(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A bare ASGI callable."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send(_START)
    await send(_BODY)


def wsgi(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """A bare WSGI callable."""
    start_response("200 OK", HEADERS)
    return [BODY]


def view(_request: HttpRequest, **_words: str) -> HttpResponse:
    """The one view of a Django without middleware."""
    return HttpResponse(BODY, headers=dict(HEADERS))


urlpatterns = [re_path("", view)]

if os.environ.get("BARE_DJANGO"):
    settings.configure(ROOT_URLCONF=__name__, MIDDLEWARE=[], ALLOWED_HOSTS=["*"], SECRET_KEY="x")
    django = get_wsgi_application()
