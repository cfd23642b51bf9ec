"""What the desk answers where it answers no: in its own frame, with the reason and a way back."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from articles.pages import missing


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Somebody may not do what they asked for; a verb's own sentence says why."""
    said = str(exception or "") or _("Your role does not include this. Ask an administrator.")
    return _refused(request, 403, _("Not allowed"), said)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """There is no such page: of the desk, for who is in it, or else of the paper."""
    if not request.path.startswith(reverse("admin:index")) or not admin.site.has_permission(
        request
    ):
        return missing.not_found(request, exception)
    said = _("It was deleted, or never was, or is not among the stories that you may open.")
    return _refused(request, 404, _("Nothing stands at this address"), said)


def stale_page(request: HttpRequest) -> HttpResponse:
    """A form came without this sign-in's token; nothing of it was done."""
    said = _(
        "The page was opened before you signed in this time, or sent by another site. Nothing was "
        "changed. Go back, load the page again, and repeat it."
    )
    return _refused(request, 403, _("This page is too old"), said)


def _refused(request: HttpRequest, status: int, title: str, said: str) -> HttpResponse:
    if not request.path.startswith(
        reverse("admin:index")
    ):  # a reader: of the desk nothing is asked
        return HttpResponse(f"{title}. {said}\n", status=status, content_type="text/plain")
    context = {**admin.site.each_context(request), "title": title, "said": said}
    answer = TemplateResponse(request, "admin/refused.html", context, status=status)
    add_never_cache_headers(answer)  # it names the person, as every page of the desk
    # Rendered at once: a handler's answer passes no middleware that would.
    return answer.render()
