"""The door that sees every request: counts it, times it, and gives its lines in the log one id."""

import re
from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from newsroom import metrics
from newsroom.logs import view_of

_log = structlog.stdlib.get_logger(__name__)
# Anything else that a client calls its request is not repeated in the log.
_AN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class SightMiddleware:
    """Stands before all others, so that it sees what each of them answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = _id_of(request)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            began = perf_counter()
            response = self.get_response(request)
            seconds = perf_counter() - began
            metrics.request_seen(view_of(request), response.status_code, seconds)
            if seconds > settings.SLOW_REQUEST:
                _log.warning(
                    "slow request",
                    view=view_of(request),
                    status=response.status_code,
                    seconds=round(seconds, 3),
                )
        if _is_for_one(request, response):
            response["X-Request-ID"] = request_id
        return response


def _id_of(request: HttpRequest) -> str:
    """What a proxy calls the request, where that is well-formed and short; else a new name."""
    given = request.headers.get("X-Request-ID", "")
    return given if _AN_ID.fullmatch(given) else uuid4().hex


def _is_for_one(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether an answer may say its request's id: the desk's, and a fault's. Any other is the same
    for everybody, to the last header."""
    return response.status_code >= 500 or request.path_info.startswith("/admin/")
