"""A person's own inbox, and what they want to be told: nobody else's, ever."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.admin import pages
from articles.desk import inbox, notice_words, overview
from articles.desk.note_forms import ChoicesForm
from articles.models import Notice
from articles.moments import moment_of

LONGEST = 18  # digits of a number that every database holds


def number_in(request: HttpRequest, name: str) -> int | None:
    """A number of the address, or of what was posted; None without one; else Http404."""
    typed = request.POST.get(name) or request.GET.get(name)
    if not typed:
        return None
    if not typed.isdecimal() or len(typed) > LONGEST:
        raise Http404
    return int(typed)


@require_safe
def inbox_view(request: HttpRequest) -> HttpResponse:
    t, before = moment_of(request), number_in(request, "before")
    notices, older = inbox.page_of(request.user, before)
    lines = [
        {
            "notice": notice,
            "sentence": notice_words.sentence(notice),
            "why": notice_words.why(notice),
            "address": notice_words.address(notice),
            "when": overview.when(notice.at, t),
            "how_far": overview.how_far(notice.at, t),
        }
        for notice in notices
    ]
    is_any_unread = any(notice.read_at is None for notice in notices)
    return _show(
        request, "inbox.html", _("Inbox"), lines=lines, older=older, before=before,
        newest=notices[0].pk if is_any_unread else None,
    )  # fmt: skip


@require_POST
def read_view(request: HttpRequest, number: int) -> HttpResponse:
    """Mark one notice as read."""
    try:
        inbox.mark_read(number, by=request.user, now=moment_of(request))
    except Notice.DoesNotExist:
        raise Http404 from None
    return _back(request)


@require_POST
def read_all_view(request: HttpRequest) -> HttpResponse:
    """Mark as read what stands on the page that was looked at, and everything older."""
    newest = number_in(request, "newest")
    if newest is None:
        raise Http404
    inbox.mark_all_read(newest, by=request.user, now=moment_of(request))
    return _back(request)


def choices_view(request: HttpRequest) -> HttpResponse:
    """Show what the person wants to be told, and where; on POST keep it."""
    zone = getattr(request.user, "time_zone", "")  # who is not signed in has none
    form = ChoicesForm(request.POST or None, by=request.user, time_zone=zone)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(by=request.user)
        except ValidationError as refused:
            pages.refuse(form, refused)
        else:
            messages.success(request, _("Kept; it holds for what happens from now on."))
            return HttpResponseRedirect(reverse("inbox:choices"))
    status = 422 if form.is_bound else 200
    return _show(request, "inbox_choices.html", _("What reaches you"), status=status, form=form)


def _show(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: object
) -> TemplateResponse:
    context = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/{template}", context, status=status)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    before = number_in(request, "before")
    page = reverse("inbox:list")
    return HttpResponseRedirect(page if before is None else f"{page}?before={before}")


app_name = "inbox"
urlpatterns = [
    path("", admin.site.admin_view(inbox_view), name="list"),
    path("read/", admin.site.admin_view(read_all_view), name="read_all"),
    path("<int:number>/read/", admin.site.admin_view(read_view), name="read"),
    path("choices/", admin.site.admin_view(choices_view), name="choices"),
]
