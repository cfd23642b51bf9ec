"""One version that readers had, in the admin: withheld, or shown again, with a reason."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.admin import pages, verbs
from articles.desk import overview, rights, version_forms, versions
from articles.models import Article
from articles.moments import in_newsroom_words, moment_of
from articles.states import OF_A_VERSION


def may_withhold(request: HttpRequest, article: Article) -> bool:
    """Whether a person may withhold a version of a story, where it stands now."""
    permission = OF_A_VERSION["withhold"].permission
    if not request.user.has_perm(permission):
        return False
    seen = overview.overview(article, moment_of(request))
    return rights.may(request.user, permission, {article.section_id, *seen.sections})


@require_http_methods(["GET", "HEAD", "POST"])
def version_view(request: HttpRequest, article: Article, version: int, verb: str) -> HttpResponse:
    """Ask why a version is withheld or shown again; on POST do it, or say why not."""
    if verb not in version_forms.FORMS:
        raise Http404
    t = moment_of(request)
    row = get_object_or_404(versions.past(article.pk, t), pk=version)
    seen = overview.overview(article, t)
    data = request.POST if request.method == "POST" else None
    form = version_forms.FORMS[verb](data, overview=seen, version=version)
    is_read = form.is_valid()
    if is_read and verbs.done(request, form, article):
        messages.success(request, _("%(verb)s: done.") % {"verb": form.label})
        here = reverse("admin:articles_article_revision", args=[article.pk, row.revision])
        return HttpResponseRedirect(f"{here}#readers")
    refused = 403 if form.has_error(NON_FIELD_ERRORS, "denied") else 409 if is_read else 422
    return pages.show(
        request,
        "past_version.html",
        article,
        title=form.label,
        status=200 if data is None else refused,
        form=form,
        since=in_newsroom_words(row.starts_at),
        until=in_newsroom_words(row.ends_at) if row.ends_at else "",
        revision=row.revision,
    )


URLS = [pages.story_path("versions/<int:version>/<str:verb>/", version_view, "version")]
