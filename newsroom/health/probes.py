"""The door for programs that ask how the site is: /healthz, /readyz and /metrics, whatever host
they name.

It stands before all that would send them elsewhere: the redirect to https, the list of hosts.
"""

import json
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from newsroom import metrics
from newsroom.health import table
from newsroom.health.figures import Figures
from newsroom.health.findings import Found, Weight
from newsroom.health.strangers import may_see_inside

# However many ask, the checks are done once in this time by a process.
SECONDS_KEPT = 1.0


class ProbesMiddleware:
    """Answers a probe, and hands everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.probes = {"/healthz": _healthz, "/readyz": self._readyz, "/metrics": self._metrics}
        self._lock = threading.Lock()
        self._kept: tuple[float, list[Found]] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = self.probes.get(request.path_info)
        if probe is None or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        return probe(request)

    def _readyz(self, request: HttpRequest) -> HttpResponse:
        found = self._found()
        status = _status(found)
        said: dict[str, Any] = {"status": status}
        if may_see_inside(request):
            said |= {
                "scheme": request.scheme,
                "checks": {one.check.name: _told(one) for one in found},
            }
        code = 503 if status == Weight.UNREADY.value else 200
        return answer(request, json.dumps(said), "application/json", code)

    def _metrics(self, request: HttpRequest) -> HttpResponseBase:
        if not may_see_inside(request):
            return self.get_response(request)  # an address like any other that there is not
        said = metrics.text(Figures(timezone.now()))
        return answer(request, said, metrics.CONTENT_TYPE)

    def _found(self) -> list[Found]:
        with self._lock:
            if self._kept is None or monotonic() - self._kept[0] > SECONDS_KEPT:
                self._kept = monotonic(), table.look_as_a_probe(timezone.now())
            return self._kept[1]


def _healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return answer(request, "ok", "text/plain; charset=utf-8")


def _status(found: list[Found]) -> str:
    weights = {one.check.weight for one in found if one.faults}
    worst = next((weight for weight in Weight if weight in weights), None)
    return worst.value if worst else "ready"


def _told(one: Found) -> dict[str, Any]:
    return {
        "ok": not one.faults, "why": " ".join(one.faults), "seconds": round(one.seconds, 4),
    }  # fmt: skip


def answer(request: HttpRequest, body: str, content_type: str, status: int = 200) -> HttpResponse:
    """An answer to a program, which nobody keeps."""
    whole = body.encode()
    response = HttpResponse(
        b"" if request.method == "HEAD" else whole, content_type=content_type, status=status
    )
    response["Content-Length"] = str(len(whole))
    response["Cache-Control"] = "no-store"
    return response
