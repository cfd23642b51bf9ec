"""The door where a request gets its moment, and where a page's labels are filled in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from articles.pages import holes


class MomentMiddleware:
    """Reads the clock once a request; whatever the request then asks, it asks of that moment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        moment = timezone.now()
        # Read back by moments.moment_of; Django has no typed place for what a middleware adds.
        request.moment = moment  # type: ignore[attr-defined]
        return holes.fill_response(self.get_response(request), moment)
