"""My desk, the admin's first page: what waits for a person, and how the desk runs."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.admin import charts
from articles.admin.open_forms import moment_words
from articles.desk import figures, my_desk
from articles.moments import moment_of, newsroom_zone


def my_desk_view(request: HttpRequest) -> HttpResponse:
    """Show a person's desk; to who may read no story, the admin's own first page."""
    if not request.user.has_perm("articles.view_article"):
        return admin.site.index(request)
    now = moment_of(request)
    context = {
        **admin.site.each_context(request),
        "title": _("My desk"),
        "desk": my_desk.my_desk(request.user, now),
        "charts": charts.charts(figures.figures(now)),
        "now": now,
        "today": date_format(
            now.astimezone(newsroom_zone()), pgettext("date format", "l j F, H:i")
        ),
        "moment_words": moment_words(),
    }
    return TemplateResponse(request, "admin/my_desk.html", context)
