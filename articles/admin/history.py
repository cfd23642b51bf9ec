"""A story's history in the admin: its lines, one revision, two compared, an old one restored."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles.admin import pages, past_versions
from articles.admin.read_charts import read_charts
from articles.desk import history, readership, reading, revisions, rights, together, versions
from articles.desk.history import Place
from articles.desk.reading import Comparison
from articles.models import Article
from articles.moments import moment_of, newsroom_zone

LARGEST = 2**31 - 1  # that a column of revision numbers holds


class SeenForm(forms.Form):
    """Which revision was the working copy when somebody decided."""

    seen = forms.IntegerField(min_value=1, max_value=LARGEST)


class PairForm(forms.Form):
    """Two revisions to compare."""

    a = forms.IntegerField(min_value=1, max_value=LARGEST)
    b = forms.IntegerField(min_value=1, max_value=LARGEST)


@require_safe
def history_view(request: HttpRequest, article: Article) -> HttpResponse:
    """A page of the story's history, from a place downwards."""
    typed = request.GET.get("before")
    before = None if typed is None else Place.read(typed)
    if typed is not None and before is None:
        raise Http404
    t = moment_of(request)
    return pages.show(
        request,
        "history.html",
        article,
        title=_("History"),
        history=history.lines(article.pk, before=before, t=t, zone=newsroom_zone()),
        before=before,
        may_withhold=past_versions.may_withhold(request, article),
        reads=[] if before else read_charts(readership.of_story(article.pk, t)),
    )


@require_safe
def revision_view(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """One revision, to be read."""
    return _revision(request, article, number)


@require_POST
def restore_view(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """Make an old revision the working copy again, or say on its page why not."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        said = [_("Look at this revision again, then decide.")]
        return _revision(request, article, number, said=said, status=422)
    seen = form.cleaned_data["seen"]
    try:
        restored = together.restore(
            article.pk, number, by=request.user, seen=seen, now=moment_of(request)
        )
    except revisions.Stale:
        article.refresh_from_db(fields=["version"])
        said = [_("The story was saved again while you had this open. Look, then decide.")]
        return _revision(request, article, number, said=said, status=409)
    except ValidationError as refused:
        return _revision(request, article, number, said=refused.messages, status=422)
    if restored.version == seen:
        messages.info(request, _("The working copy reads so already. Nothing was changed."))
    else:
        words = _("Revision %(number)d is the working copy again, as revision %(new)d.")
        messages.success(request, words % {"number": number, "new": restored.version})
    return pages.to_story(article)


@require_safe
def compare_view(request: HttpRequest, article: Article) -> HttpResponse:
    """What differs between two revisions: those of the address, or what readers have and now."""
    pair = dict(zip("ab", reading.pair(article, moment_of(request)), strict=True))
    form = PairForm({**pair, **{name: request.GET[name] for name in pair if name in request.GET}})
    found, said = _compared(request, article, form)
    if found:
        pair = {"a": found.before.number, "b": found.after.number}
    return pages.show(
        request,
        "compare.html",
        article,
        title=_("Compare"),
        status=200 if found else 404,
        found=found,
        said=said,
        pair=pair,
    )


def _compared(
    request: HttpRequest, article: Article, form: forms.Form
) -> tuple[Comparison | None, list[str]]:
    """What differs between the two revisions asked for, or why nothing can be said."""
    if not form.is_valid():
        return None, [_("Give the numbers of two revisions of this story.")]
    chosen = form.cleaned_data
    try:
        return reading.two(article, chosen["a"], chosen["b"], by=request.user), []
    except ValidationError as gone:
        return None, gone.messages


def _revision(
    request: HttpRequest,
    article: Article,
    number: int,
    *,
    said: Any = (),
    status: int = 200,
) -> HttpResponse:
    try:
        found = reading.one(article, number, by=request.user, t=moment_of(request))
    except ValidationError:
        raise Http404 from None
    may_restore = number != found.newest and rights.may_edit(request.user, article)
    return pages.show(
        request,
        "revision.html",
        article,
        title=_("Revision %(number)d") % {"number": number},
        status=status,
        found=found,
        said=said,
        may_restore=may_restore,
        had=versions.of_revision(article.pk, number, moment_of(request)),
        may_withhold=past_versions.may_withhold(request, article),
    )


URLS = [
    pages.story_path("history/", history_view, "history"),
    pages.story_path("history/<int:number>/", revision_view, "revision"),
    pages.story_path("history/<int:number>/restore/", restore_view, "restore_revision"),
    pages.story_path("compare/", compare_view, "compare"),
]
