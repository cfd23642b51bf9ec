"""How an address is asked over HTTP, once, for no longer than a few seconds: a surface of the site
as a reader asks, or a hub that is told of a change."""

from collections.abc import Mapping
from email.message import Message
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from django.conf import settings

from articles.desk.receipts import NO_ANSWER, TIMEOUT, TOO_LONG, Answer

SECONDS_TO_WAIT = 5
LONGEST = 5_000_000  # bytes of a page that are read


class _NoRedirect(HTTPRedirectHandler):
    """A redirect is an answer of its own."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def fetch(path: str) -> Answer:
    """Ask one address of the site, where ORIGIN_URL or SITE_URL says, and return its answer."""
    return fetch_from(settings.ORIGIN_URL or settings.SITE_URL, path)


def fetch_from(origin: str, path: str) -> Answer:
    """Ask one address of the site by one of the ways to it, ORIGIN_URL's or SITE_URL's."""
    site, is_past = urlsplit(settings.SITE_URL), origin == settings.ORIGIN_URL
    headers = {
        "Host": site.netloc,
        # Past the proxy: what it would have said of how the reader came.
        **({"X-Forwarded-Proto": site.scheme} if is_past else {}),
        "User-Agent": "newsroom receipt",
    }
    # The origin is near: no proxy of the machine's stands between.
    proxies = ProxyHandler({}) if is_past else ProxyHandler()
    return _ask(origin + path, headers, proxies)


def post(url: str, fields: Mapping[str, str]) -> Answer:
    """Send a form to an address elsewhere, and return what it answered."""
    headers = {"User-Agent": f"newsroom ({settings.SITE_URL})"}
    return _ask(url, headers, ProxyHandler(), urlencode(fields).encode())


def _ask(
    url: str, headers: dict[str, str], proxies: ProxyHandler, sent: bytes | None = None
) -> Answer:
    request = Request(url, sent, headers)  # noqa: S310 - any other scheme has no handler in _opener: it raises URLError
    try:
        with _opener(proxies).open(request, timeout=SECONDS_TO_WAIT) as answer:
            return _read(answer, answer.status, answer.headers)
    except HTTPError as refused:
        with refused:
            return _read(refused, refused.code, refused.headers)
    except (URLError, OSError, HTTPException) as fault:
        return _fault(fault)


def _read(answer: Any, status: int, headers: Message) -> Answer:
    try:
        body = answer.read(LONGEST + 1)
    except (OSError, HTTPException) as fault:
        return _fault(fault)
    if len(body) > LONGEST:
        return Answer(status, fault=TOO_LONG)
    text = body.decode(headers.get_content_charset() or "utf-8", errors="replace")
    return Answer(status, text, headers.get("Location") or "")


def _fault(fault: Exception) -> Answer:
    cause = fault.reason if isinstance(fault, URLError) else fault
    return Answer(fault=TIMEOUT if isinstance(cause, TimeoutError) else NO_ANSWER)


def _opener(proxies: ProxyHandler) -> OpenerDirector:
    opener = OpenerDirector()
    for handler in (
        proxies, HTTPHandler(), HTTPSHandler(), _NoRedirect(), HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(), UnknownHandler(),
    ):  # fmt: skip
        opener.add_handler(handler)
    return opener
