"""The stories that point to one that is gone: chosen, and pointed to another or to none."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin import pages
from articles.desk import also_read, rights
from articles.models import AlsoRead, Article
from articles.moments import moment_of

MOST = 100  # stories that are listed at a time


class ReplaceForm(forms.Form):
    """Which stories, and where they are to point instead."""

    stories = forms.ModelMultipleChoiceField(
        queryset=Article.objects.none(),
        label=gettext_lazy("Stories that point to it"),
        widget=forms.CheckboxSelectMultiple,
    )
    other = forms.ModelChoiceField(
        queryset=Article.objects.none(),
        required=False,
        label=gettext_lazy("Point to this story instead"),
        help_text=gettext_lazy("Left empty, the link is taken out."),
    )

    def __init__(self, article: Article, by: Any, data: Any = None) -> None:
        pointing = also_read.pointing_to(article.pk, by)
        listed = list(pointing.values_list("pk", flat=True)[:MOST])
        super().__init__(data, initial={"stories": listed})
        self.listed = len(listed)
        self.is_cut = self.listed == MOST and pointing.count() > MOST
        stories: Any = self.fields["stories"]
        stories.queryset = pointing.filter(pk__in=listed)
        other: Any = self.fields["other"]
        other.queryset = rights.stories_for(by).exclude(pk=article.pk)
        other.widget = AutocompleteSelect(AlsoRead._meta.get_field("story"), admin.site)
        other.widget.choices = other.choices


def also_read_view(request: HttpRequest, article: Article) -> HttpResponse:
    """Show which stories point to this one; on POST replace the links of those chosen."""
    form = ReplaceForm(article, request.user, request.POST or None)
    if request.method == "POST" and form.is_valid() and _replaced(request, form, article):
        here = reverse("admin:articles_article_also_read", args=[article.pk])
        return HttpResponseRedirect(here)
    return pages.show(
        request,
        "also_read.html",
        article,
        title=_("Links to this story"),
        status=422 if form.is_bound else 200,
        form=form,
        media=form.media,
    )


def _replaced(request: HttpRequest, form: ReplaceForm, article: Article) -> bool:
    other = form.cleaned_data["other"]
    chosen = [story.pk for story in form.cleaned_data["stories"]]
    try:
        changed, refused = also_read.replace_links(
            article.pk, other and other.pk, chosen, by=request.user, now=moment_of(request)
        )
    except ValidationError as fault:
        pages.refuse(form, fault)
        return False
    if changed:
        messages.success(request, _changed_sentence(len(changed)))
    for story in refused:
        messages.warning(
            request, _("“%(story)s” stays: %(why)s") % {"story": story.headline, "why": story.why}
        )
    return True


def _changed_sentence(count: int) -> str:
    return ngettext(
        "%(n)d story changed. Readers see it when that story is published again.",
        "%(n)d stories changed. Readers see it when those stories are published again.",
        count,
    ) % {"n": count}


URLS = [pages.story_path("also-read/", also_read_view, "also_read")]
