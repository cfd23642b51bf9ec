"""What is answered where nothing is: 404 and 410, where a moved story or another system's address
leads, and what a fault of ours says."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from articles.models import ListKind, Publication, state_after
from articles.moments import moment_of
from articles.pages import api, cards, names, redirects, since
from articles.pages.frame import render as render_page
from articles.states import PublicState

LATEST_WHEN_MISSING = 4
# Seconds for which a moved story's redirect may be kept: the next move must not be missed.
MOVED_FOR = 60


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what is not here: the same for what never was and for what may not be seen.

    Here, where everything of ours has been looked for, an old address leads to what took its place.
    """
    if request.path.startswith(api.ROOT):
        return api.not_found()
    return led_from_an_old_address(request) or _missing(
        request, "pages/404.html", {}, title=_("Page not found"), status=404
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for a fault of ours; it asks the database nothing, which may be the fault."""
    return render(
        None,
        "pages/500.html",
        {"site_name": settings.SITE_NAME, "language": settings.LANGUAGE_CODE},
        status=500,
    )


def moved_or_missing(request: HttpRequest, newest: Publication, below: str) -> HttpResponse:
    """Answer for a path where nothing is live: what the story that had it has become."""
    state = state_after(newest, moment_of(request))
    if state == PublicState.LIVE:
        return moved_to(newest.path + below)
    if state in (PublicState.GONE, PublicState.EXPIRED):
        return ended(request, newest, state)
    raise Http404("No such page.")


def led_from_an_old_address(request: HttpRequest) -> HttpResponse | None:
    """Answer for an address of another system as what took its place does; None: nothing did."""
    lead = redirects.lead(request)
    if lead is None:
        return None
    if lead.story:
        if withdrawn := since.withdrawn(request, lead.story):
            return ended(request, withdrawn, PublicState.GONE)
        return moved_or_missing(request, lead.story, lead.address)
    if lead.address:
        return moved_to(lead.address)
    return _missing(request, "pages/gone.html", {}, title=_("Page removed"), status=410)


def ended(request: HttpRequest, newest: Publication, state: PublicState) -> HttpResponse:
    """Answer for a story that readers may know to have been withdrawn, or to have expired."""
    was_withdrawn = state == PublicState.GONE
    return _missing(
        request,
        "pages/410.html",
        {"publication": newest, "was_withdrawn": was_withdrawn},
        title=_("Story withdrawn") if was_withdrawn else _("Story expired"),
        status=410,
    )


def moved_to(path: str) -> HttpResponse:
    """Lead to where something stands now; not for long, as it may move again."""
    answer = HttpResponse(status=301, headers={"Location": path})
    answer["Cache-Control"] = f"public, max-age={MOVED_FOR}"
    return answer


def _missing(
    request: HttpRequest, template: str, context: dict[str, Any], *, title: str, status: int
) -> HttpResponse:
    t = moment_of(request)
    latest = since.visible(request, cards.newest(ListKind.ALL, 0, t, most=LATEST_WHEN_MISSING))
    return render_page(
        request,
        template,
        {**context, "latest": latest},
        names=names.look_up(t),
        moment=t,
        shown=latest,
        title=title,
        status=status,
    )
