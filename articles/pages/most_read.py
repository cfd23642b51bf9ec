"""The page of the most read stories; what is posted to its address counts a read."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.models import ListKind
from articles.moments import moment_of
from articles.pages import beacon, names, ranking
from articles.pages.frame import render
from articles.pages.views import with_sections

STORIES = 10


# A read changes nothing for who sent it and has no form: it needs no token, which would need a
# cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def most_read(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        beacon.receive(request)
        return HttpResponse(status=204)
    t = moment_of(request)
    known = names.look_up(t)
    stories = ranking.most_read(request, ListKind.ALL, 0, most=STORIES)
    return render(
        request,
        "pages/most_read.html",
        {"stories": with_sections(stories, known)},
        names=known,
        moment=t,
        shown=stories,
        title=_("Most Read"),
        description=_("The stories that were read most in the last 24 hours."),
        path="/most-read/",
    )
