"""The table's verbs as POST forms: one POST, one verb, and what became of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import tasks
from articles.admin import open_forms, pages, receipts
from articles.desk import overview, revisions, verb_forms
from articles.desk.overview import Overview
from articles.desk.verb_forms import VerbForm
from articles.models import Article
from articles.moments import moment_of, on_own_clock
from articles.states import VERBS


@require_POST
def verb_view(request: HttpRequest, article: Article, verb: str) -> HttpResponse:
    """Do one verb, or show its form again: what is wrong, and what was typed."""
    if verb not in verb_forms.FORMS:
        raise Http404
    seen = overview.overview(article, moment_of(request))
    form = verb_forms.FORMS[verb](request.POST, overview=seen)
    status = 409 if form.is_valid() else 422
    shown = receipts.surfaces_before(article, verb, moment_of(request))
    if form.is_valid() and _done(request, form, article):
        fresh = Article.objects.select_related("section").get(pk=article.pk)
        words = overview.overview(fresh, moment_of(request)).words
        messages.success(
            request, _("%(verb)s: done. %(words)s") % {"verb": form.label, "words": words}
        )
        return receipts.give(request, fresh, shown) if shown else pages.to_story(article)
    return pages.show(
        request, "verb.html", article, title=form.label, status=status, overview=seen, form=form,
        moment_words=open_forms.moment_words(),
    )  # fmt: skip


def _done(request: HttpRequest, form: VerbForm, article: Article) -> bool:
    """Whether the verb was done; what forbade it is put into the form."""
    try:
        form.do(article.pk, by=request.user, now=moment_of(request))
    except revisions.Stale:
        form.add_error(None, pages.stale_sentence(article))
    except ValidationError as refused:
        form.add_error(None, refused)
    else:
        tasks.mail_soon()
        return True
    return False


def panel(seen: Overview, request: HttpRequest) -> dict[str, Any]:
    """The forms of the verbs that a person may do now: to the story, and to what is scheduled."""
    names = overview.verbs(seen, request.user)
    story = [n for n in names if n not in verb_forms.ON_A_VERSION]
    version = [n for n in names if n in verb_forms.ON_A_VERSION]
    return {
        "desk": [_form(name, seen) for name in story if not VERBS[name].is_press],
        "press": [_form(name, seen) for name in story if VERBS[name].is_press],
        "scheduled": [
            {
                "publication": row,
                "when": overview.when(row.starts_at, seen.moment),
                "how_far": overview.how_far(row.starts_at, seen.moment),
                "own_clock": on_own_clock(row.starts_at, getattr(request.user, "time_zone", "")),
                "behind": seen.article.version - row.revision,
                "forms": [
                    _form(name, seen, start=row.starts_at)
                    for name in version
                    if name != "update_scheduled" or row.revision != seen.article.version
                ],
            }
            for row in seen.pending
        ],
    }


def _form(name: str, seen: Overview, **more: Any) -> VerbForm:
    return verb_forms.FORMS[name](overview=seen, **more)


URLS = [pages.story_path("verb/<str:verb>/", verb_view, "verb")]
