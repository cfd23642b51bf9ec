"""The door where a request that readers cannot make is turned away, where one gets its moment,
the clock's or the one that the site is read as of, and where a page's labels are filled in."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from articles.moments import AsOf, as_of, chosen_as_of, give_as_of, give_moment, moment_of
from articles.pages import holes, missing
from articles.pages.cache.rendering import HOLDS_UNTIL, MOMENT, ONLY_OLD

# Under these stands what is the same whatever moment the site is read as of.
_NOT_THE_PAPER = ("/admin/", "/share/", settings.STATIC_URL)
# How the paper may be asked; an address that takes something in says so here.
_READING = ("GET", "HEAD")
TAKES_MORE: Mapping[str, tuple[str, ...]] = {"/most-read/": ("POST",)}


class MethodMiddleware:
    """Answers 405 (RFC 9110, section 15.5.6) to whoever wants to write where the paper is only
    read, before a session, a form's token or an address is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        may = (*_READING, *TAKES_MORE.get(request.path_info, ()))
        if request.method in may or request.path_info.startswith("/admin/"):
            return self.get_response(request)
        return HttpResponseNotAllowed(may)


class MomentMiddleware:
    """Reads the clock once a request; whatever the request then asks, it asks of that moment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if kept := request.META.get(MOMENT):
            # For the cache: as the page is at the moment it was asked for, labels to fill in.
            give_moment(request, kept)
            return self.get_response(request)
        give_moment(request, timezone.now())
        response = holes.fill_response(self.get_response(request), moment_of(request))
        del response[HOLDS_UNTIL]  # the cache's alone
        if as_of(request):
            # Here, where every answer passes: a redirect that another middleware made as well.
            response["Cache-Control"] = "no-store, private"
            response["X-Robots-Tag"] = "noindex"
        return response


class OldAddressMiddleware:
    """Answers the cache where it asks only whether another system's address leads anywhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get(ONLY_OLD):
            return missing.led_from_an_old_address(request) or HttpResponse(status=204)
        return self.get_response(request)


class AsOfMiddleware:
    """Lets who may read the site as of the moment that they chose; stands behind the sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if seen := _read_as_of(request):
            give_as_of(request, seen)
        return self.get_response(request)


def _read_as_of(request: HttpRequest) -> AsOf | None:
    """How the request reads the site as of another moment; None: like anyone.

    The cookie first, and the person only with it: to ask who it is reads the session, and every
    reader's page would vary by their cookies.
    """
    chosen = None if request.path.startswith(_NOT_THE_PAPER) else chosen_as_of(request)
    if chosen is None:
        return None
    (person, moment), user = chosen, request.user
    if user.pk != person or not user.is_staff or not user.has_perm("articles.read_as_of"):
        return None
    sees_gone = user.has_perm("articles.take_down_article")
    return AsOf(moment, moment_of(request), sees_gone)
