"""The day's list of stories, and a new line of it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from articles import tasks
from articles.admin import open_forms, pages
from articles.desk import budget, days, rights
from articles.desk.plan_forms import LineForm
from articles.models import Article
from articles.moments import in_newsroom_words, moment_of, newsroom_zone


@require_safe
def day_view(request: HttpRequest) -> HttpResponse:
    """The list of today, or of `?day=2026-11-24`."""
    rights.require(request.user, "articles.view_article")
    return _page(request, _day(request))


@require_POST
def add_view(request: HttpRequest) -> HttpResponse:
    """Begin a story with its plan, or ask the line back: what is wrong, and what was typed."""
    rights.require(request.user, "articles.add_article")
    form = LineForm(request.POST, by=request.user)
    article = _added(request, form) if form.is_valid() else None
    if article is None:
        return _page(request, _day(request), form, status=422)
    day = _day(request)
    if article.due_at:
        day = article.due_at.astimezone(newsroom_zone()).date()
        words = _("“%(what)s” is on the list.")
    else:
        words = _("“%(what)s” is begun. Without a due time it is on no day’s list.")
    messages.success(request, words % {"what": article.headline})
    return HttpResponseRedirect(_address(day))


def _day(request: HttpRequest) -> date:
    if "day" not in request.GET:
        return moment_of(request).astimezone(newsroom_zone()).date()
    day = days.read_day(request.GET["day"])
    if day is None:
        raise Http404
    return day


def _added(request: HttpRequest, form: LineForm) -> Article | None:
    try:
        article = form.add(by=request.user, now=moment_of(request))
    except ValidationError as refused:
        pages.refuse(form, refused)
        return None
    tasks.mail_soon()
    return article


def _page(
    request: HttpRequest, day: date, form: LineForm | None = None, *, status: int = 200
) -> TemplateResponse:
    t = moment_of(request)
    today = t.astimezone(newsroom_zone()).date()
    found = budget.of_day(request.user, day, t=t)
    if form is None and request.user.has_perm("articles.add_article"):
        form = LineForm(by=request.user)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Budget, %(day)s") % {"day": _in_words(day)},
        "day": day,
        "budget": found,
        "is_today": day == today,
        "nearby": [(_address(one), one, one == day) for one in _nearby(day)],
        "today": _address(today),
        "form": form,
        "add": f"{reverse('budget_add')}?{urlencode({'day': day.isoformat()})}",
        "paper": settings.SITE_NAME,
        "printed": in_newsroom_words(t),
        "moment_words": open_forms.moment_words(),
    }
    return TemplateResponse(request, "admin/budget.html", context, status=status)


def _nearby(day: date) -> list[date]:
    return [day - days.DAY, day, day + days.DAY]


def _in_words(day: date) -> str:
    return date_format(day, pgettext("date format", "l j F Y"))


def _address(day: date) -> str:
    return f"{reverse('budget')}?{urlencode({'day': day.isoformat()})}"
