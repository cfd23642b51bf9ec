"""A text set beside the working copy: both sides, to choose from."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles.admin import pages
from articles.desk import revisions, together
from articles.desk.join_forms import JoinForm
from articles.models import Article
from articles.moments import in_newsroom_words, moment_of


def join_view(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    """Show what two people both changed, side by side; on POST join it as was chosen."""
    try:
        sides = together.sides(article.pk, number)
    except ValidationError:
        raise Http404 from None
    form = JoinForm(request.POST or None, sides=sides, by=request.user)
    if request.method == "POST" and form.is_valid() and _joined(request, form, article, number):
        messages.success(request, _("Both texts were joined. Please reread the story."))
        return pages.to_story(article)
    status = 422 if form.is_bound else 200
    return pages.show(
        request, "join.html", article, title=_("Two texts, one story"), status=status, form=form,
        sides=sides, saved=in_newsroom_words(sides.beside.at),
    )  # fmt: skip


def _joined(request: HttpRequest, form: JoinForm, article: Article, number: int) -> bool:
    try:
        form.join(article.pk, number, by=request.user, now=moment_of(request))
    except revisions.Stale:
        form.add_error(None, _("The story was saved again meanwhile. Look at both sides anew."))
    except ValidationError as refused:
        pages.refuse(form, refused)
    else:
        return True
    return False


URLS = [pages.story_path("beside/<int:number>/", join_view, "beside")]
