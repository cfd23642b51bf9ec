"""A slot of the calendar goes to another moment: one POST, one verb."""

from django.contrib import admin, messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import tasks
from articles.admin import open_forms, pages
from articles.admin.calendar import Asked
from articles.admin.inbox import number_in
from articles.desk import days, overview, plan_forms, revisions, rights
from articles.desk.plan_forms import SlotForm
from articles.models import Article, Section
from articles.moments import moment_of, newsroom_zone


@require_http_methods(["GET", "HEAD", "POST"])
def move_view(request: HttpRequest) -> HttpResponse:
    """Ask where a slot is to go, or move it there."""
    number = number_in(request, "story")
    if number is None:
        raise Http404
    article = rights.story_for(request.user, number)
    if request.method == "POST":
        form = SlotForm(request.POST)
        if form.is_valid() and _moved(request, form, article):
            return HttpResponseRedirect(_back(request, form))
        denied = form.has_error(NON_FIELD_ERRORS, "denied")
        return _page(request, form, article, status=403 if denied else 422)
    asked = SlotForm({**request.GET.dict(), "seen": article.pressed})
    if {"what", "start"} & set(asked.errors):
        raise Http404
    slot = {name: asked.cleaned_data[name] for name in ("what", "start")}
    typed = plan_forms.typed(slot["start"])
    held = {"what": slot["what"], "start": slot["start"].isoformat(), "seen": article.pressed}
    return _page(request, SlotForm(initial={**held, "to": typed}), article)


def _moved(request: HttpRequest, form: SlotForm, article: Article) -> bool:
    try:
        form.move(article.pk, by=request.user, now=moment_of(request))
    except revisions.Stale:
        form.add_error(None, pages.stale_sentence(article))
    except ValidationError as refused:
        form.add_error(None, refused)
    except PermissionDenied as refused:
        form.add_error(None, ValidationError(str(refused), code="denied"))
    else:
        tasks.mail_soon()
        tasks.hub_soon()
        when = overview.when(form.cleaned_data["to"], moment_of(request))
        words = _("“%(what)s” is moved: %(when)s.")
        messages.success(request, words % {"what": article.headline, "when": when})
        return True
    return False


def _page(
    request: HttpRequest, form: SlotForm, article: Article, *, status: int = 200
) -> TemplateResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Move “%(what)s”") % {"what": article.headline},
        "form": form,
        "story": article,
        "is_due": form["what"].value() == "due",
        "kept": {name: _kept(request, name) for name in ("view", "section")},
        "moment_words": open_forms.moment_words(),
    }
    return TemplateResponse(request, "admin/calendar_move.html", context, status=status)


def _kept(request: HttpRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name) or ""


def _back(request: HttpRequest, form: SlotForm) -> str:
    """The page of the calendar that shows the slot where it is now, in the view it was moved in."""
    day = min(form.cleaned_data["to"].astimezone(newsroom_zone()).date(), days.LAST)
    kept = _kept(request, "section")
    # Looked for here and not by a query: a NUL in what was sent is an error on PostgreSQL.
    section = next((one for one in Section.objects.all() if one.slug == kept), None)
    view = "week" if _kept(request, "view") == "week" else "month"
    moment = int(form.cleaned_data["to"].timestamp())
    slot = f"{form.cleaned_data['what']}-{request.POST['story']}-{moment}"
    return f"{Asked(view, day, section).address()}#{slot}"
