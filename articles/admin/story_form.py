"""A story's form: what it shows beside the writing, and what becomes of what was typed."""

from collections.abc import Iterable
from typing import Any, cast

import js_asset
from csp.context_processors import nonce as csp_nonce
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import admin, messages
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import tasks
from articles.admin import kept_posts, looking, open_forms, pages, plan, verbs
from articles.admin.pickers import OrderedAutocomplete
from articles.desk import (
    history,
    notes,
    overview,
    reading,
    revisions,
    rights,
    taxonomy,
    together,
)
from articles.desk.forms import StoryForm, desk_story, held_fields
from articles.desk.merge import Merged
from articles.desk.revisions import name_of
from articles.desk.together import Saved
from articles.models import Article
from articles.moments import moment_of
from articles.states import WITHDRAWN

# The one constant <style> that the body editor injects (Tiptap's); a browser test says when a
# new version of the library changes it.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"

# Not an attribute of the admin: its system check refuses ordered relations, which our form saves.
FIELDSETS: Any = (
    (
        gettext_lazy("The writing"),
        {"classes": ["write"], "fields": ("headline", "standfirst", "body")},
    ),
    (
        gettext_lazy("Place and names"),
        {
            "classes": ["side"],
            "fields": ("kind", "section", "dateline", "authors", "tags", "also_read"),
        },
    ),
    (
        gettext_lazy("Picture"),
        {"classes": ["side"], "fields": ("picture", "picture_alt", "picture_caption")},
    ),
    (gettext_lazy("Address"), {"classes": ["side"], "fields": ("slug",)}),
    (gettext_lazy("This save"), {"classes": ["side"], "fields": ("note", "seen")}),
)


class _Saving(HttpRequest):
    """A request as save_model leaves it for response_change, which is told of nothing else."""

    saved: Saved


class StoryFormAdmin(admin.ModelAdmin):
    """The part of the stories' admin that is about one story's form."""

    form = StoryForm
    change_form_template = "admin/articles/article/change_form.html"

    class Media:
        js: Any = [
            Script(f"desk/{name}.js", defer=True)
            for name in (
                "ordered-select", "picker", "picture-field", "story-form", "beside",
                "typed-moments", "story", "looking",
            )
        ]  # fmt: skip

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        if not object_id.isdecimal() or len(object_id) > 18:
            return None
        return desk_story(request.user, int(object_id), moment_of(request))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any):
        if obj is None or self.has_change_permission(request, obj):
            # The model's own fields: the form declares the others, and reads them by itself.
            kwargs["fields"] = StoryForm.Meta.fields
        form: Any = super().get_form(request, obj, change, **kwargs)
        fields: dict[str, Any] = form.base_fields
        if "section" in fields:
            fields["section"].queryset = rights.sections_for(request.user, obj)
            for link in ("add", "change", "delete", "view"):
                setattr(fields["section"].widget, f"can_{link}_related", False)
        fields["also_read"].queryset = rights.stories_for(request.user)
        for name in ("authors", "also_read"):
            relation = Article._meta.get_field(name)
            fields[name].widget = OrderedAutocomplete(relation, self.admin_site)
            fields[name].widget.choices = fields[name].choices
        form.typed, form.by = open_forms.put_back(request, obj), request.user
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new story is by who writes it, in their section where they have one only."""
        own = taxonomy.author_of(request.user)
        sections = rights.sections_for(request.user, None)[:2]
        first: dict[str, Any] = {"authors": [own]} if own else {}
        if len(sections) == 1:
            first["section"] = sections[0].pk
        return {**first, **super().get_changeform_initial_data(request)}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        is_mine = obj is None or self.has_change_permission(request, obj)
        return FIELDSETS if is_mine else ()  # what one may read only is no form

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and (pk := open_forms.begun(request)):
            return self._again(request, pk)
        return super().add_view(request, *args, **kwargs)

    def _again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form that began a story, posted once more: what it holds by now is saved over it."""
        story = rights.stories_for(request.user).filter(pk=pk).first()
        may_save = story is not None and self.has_change_permission(request, story)
        posted: Any = request.POST.copy()
        cast(Any, request).POST = posted
        if may_save:
            posted["seen"] = "1"  # the revision that it wrote
            return self.change_view(request, str(pk))
        posted["form_id"] = ""  # kept as another form’s: that one counts as saved
        return kept_posts.keep_as_new(request)

    @method_decorator(csp_update({"style-src": [EDITOR_STYLE]}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    # --- What becomes of it ------------------------------------------------------------------

    def save_form(self, request: HttpRequest, form: StoryForm, change: bool) -> Article:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        by, now = request.user, moment_of(request)
        values = form.values(taxonomy.tags_named(form.cleaned_data["tags"], by=by, now=now))
        note = form.cleaned_data["note"]
        if change:
            seen = form.cleaned_data["seen"]
            saved = together.save(obj.pk, values, by=by, seen=seen, now=now, note=note)
        else:
            saved = Saved(revisions.create(values, by=by, now=now, note=note))
            open_forms.began(request, saved.article.pk)
        obj.pk, obj.slug, obj.version = saved.article.pk, saved.article.slug, saved.article.version
        open_forms.was_saved(request, obj.pk if change else None)
        tasks.mail_soon()
        cast(_Saving, request).saved = saved

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Bylines, tags and also-read links were saved with the revision."""

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: Any = None):
        return _then(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        saved = cast(_Saving, request).saved
        if saved.beside:
            messages.warning(request, _("A colleague changed the same. Your text is kept; choose."))
            here = [obj.pk, saved.beside.number]
            return HttpResponseRedirect(reverse("admin:articles_article_beside", args=here))
        if saved.merged:  # to be reread before anything is done with it
            messages.warning(request, _merged(saved.article, saved.merged, saved.with_whom))
            return pages.to_story(obj)
        return _then(request, obj) or super().response_change(request, obj)

    # --- What it shows -----------------------------------------------------------------------

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any):
        # The editor's import map is an inline script: the strict policy lets it run by a nonce.
        context["media"] = js_asset.Media.from_media(
            context["media"], nonce=str(csp_nonce(request)["CSP_NONCE"])
        )
        context |= {
            "moment_words": open_forms.moment_words(),
            "icons": static("desk/icons.svg"),
            "quotes": settings.SMART_QUOTES,
        }
        article = context.get("original")
        if article is not None:
            context |= self._panels(request, article)
        else:
            context["verbs"] = verbs.first_choices(request.user)
        if article is None or self.has_change_permission(request, article):
            typist = kept_posts.sign(request.user.pk)
            context |= {"open_form": open_forms.panel(request, article), "typist": typist}
            context |= {"may_write": True, "looking": looking.panel(request, article)}
        else:
            held = held_fields(article)
            context["reading"] = reading.working_copy(article, held, by=request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def _panels(self, request: HttpRequest, article: Any) -> dict[str, Any]:
        """What stands beside the writing of a story that was saved before."""
        t = moment_of(request)
        seen = overview.overview(article, t)
        return {
            "overview": seen,
            "verbs": verbs.panel(seen, request),
            "plan": plan.panel(request, article),
            "may_share": rights.may(request.user, "articles.share_article", [article.section_id]),
            "may_approve": rights.may(request.user, "articles.change_others_article"),
            "is_withdrawn": seen.state in WITHDRAWN,
            "open_notes": notes.newest_open(article.pk, t) if article.open_notes else [],
            "saves": history.newest_saves(article.pk, t),
            "unsettled": article.unsettled,
        }


def _then(request: HttpRequest, article: Article) -> HttpResponse | None:
    verb = request.POST.get("_then", "")
    return verbs.then(request, article, verb) if verb in verbs.OF_THE_TEXT else None


def _merged(article: Article, merged: Merged, with_whom: Iterable[str]) -> SafeString:
    compare = reverse("admin:articles_article_compare", args=[article.pk])
    pair = {"a": article.version - 1, "b": article.version}
    look = f"{compare}?{urlencode(pair)}"
    said = _merged_sentence(merged, with_whom)
    return format_html('{} <a href="{}">{}</a>', said, look, _("See what came together"))


def _merged_sentence(merged: Merged, with_whom: Iterable[str]) -> str:
    """What a save was merged with, and that it wants rereading."""
    taken = merged.taken
    fields = [name for name in taken.fields if name != "body" or not taken.paragraphs]
    parts = [name_of(name) for name in fields]
    if taken.paragraphs:
        parts.append(
            ngettext("%(n)d paragraph", "%(n)d paragraphs", taken.paragraphs)
            % {"n": taken.paragraphs}
        )
    return _("Saved, and merged with the changes of %(who)s to %(what)s; please reread.") % {
        "who": ", ".join(with_whom),
        "what": ", ".join(parts) or _("nothing that you see here"),
    }
