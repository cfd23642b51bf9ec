"""What is planned of a story: its panel beside the story's form, and the POST that changes it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import tasks
from articles.admin import open_forms, pages
from articles.desk import overview, plan_words, rights
from articles.desk.plan_forms import PlanForm
from articles.models import Article
from articles.moments import moment_of


def panel(request: HttpRequest, article: Article) -> dict[str, Any]:
    """What _plan.html shows of a story: its form for who may plan it, its words for others.

    Asks at most one query.
    """
    due = overview.when(article.due_at, moment_of(request)) if article.due_at else ""
    if rights.may_edit(request.user, article):
        return {"form": PlanForm(article=article, by=request.user), "lines": [], "due": due}
    return {"form": None, "lines": plan_words.lines(article), "due": due}


@require_POST
def plan_view(request: HttpRequest, article: Article) -> HttpResponse:
    """Plan what was changed in the form, or ask it back: what is wrong, and what was typed."""
    rights.require_edit(request.user, article)
    form = PlanForm(request.POST, article=article, by=request.user)
    if form.is_valid() and _planned(request, form):
        return pages.to_story(article, typed=open_forms.beside(request))
    return pages.show(
        request, "plan.html", article, title=_("Plan"), status=422,
        plan={"form": form}, moment_words=open_forms.moment_words(),
        typed=open_forms.beside(request),
    )  # fmt: skip


def _planned(request: HttpRequest, form: PlanForm) -> bool:
    if not form.changed_data:
        messages.info(request, _("The plan is so already. Nothing was changed."))
        return True
    try:
        form.plan(by=request.user, now=moment_of(request))
    except ValidationError as refused:
        form.ask_back(refused)
        return False
    tasks.mail_soon()
    messages.success(request, _("The plan is saved."))
    return True


URLS = [pages.story_path("plan/", plan_view, "plan")]
