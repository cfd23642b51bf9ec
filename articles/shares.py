"""The door for one person outside: a shared revision, as its page would be."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles import proofs
from articles.desk import proof, sharing
from articles.moments import moment_of
from articles.pages.views import story_page

# Kept nowhere, found nowhere, and told to nobody that a link on it leads to.
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    t = moment_of(request)
    if request.method == "HEAD":  # a look at the door, by a mail program say; nobody read it
        link = sharing.living(token, now=t)
    else:
        link = sharing.opened(token, agent=request.headers.get("User-Agent", ""), now=t)
    if link is None:
        raise Http404  # as for any address that never was
    try:
        publication = proof.proof(link.article_id, link.revision, now=t)
    except ValidationError:
        raise Http404 from None
    banner = sharing.banner(link, t)
    page = story_page(request, publication, t, shared=banner, address=proofs.address)
    for name, value in HEADERS.items():
        page[name] = value
    return page
