"""Stories in the admin: the list, the form, and the press's verbs as POST forms."""

from typing import Any

import js_asset
from csp.decorators import csp_update
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.admin.paging import BoundedPaginator
from articles.desk import audit, overview, press_forms, revisions, rights, taxonomy
from articles.desk.forms import StoryForm
from articles.desk.overview import Overview
from articles.desk.press_forms import VerbForm
from articles.models import Article, SlugClaim
from articles.moments import moment_of
from articles.states import VERBS

# The one constant <style> that the body editor injects (Tiptap's); a browser test says when a
# new version of the library changes it.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"


# Not an attribute of the admin: its system check refuses ordered relations, which our form saves.
FIELDSETS = (
    (None, {"fields": ("headline", "standfirst", "body")}),
    (None, {"fields": ("section", "authors", "tags", "also_read", "slug", "note", "seen")}),
)


class OrderedAutocomplete(AutocompleteSelectMultiple):
    """Picks several rows and shows them in their order."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        groups = super().optgroups(name, value, attrs)
        place = {str(key): index for index, key in enumerate(value)}
        for _name, options, _index in groups:
            options.sort(key=lambda option: place.get(str(option["value"]), len(place)))
        return groups


@admin.register(Article)
class StoryAdmin(admin.ModelAdmin):
    form = StoryForm
    list_display = ("headline", "section_name", "status", "public_state", "edited_at")
    list_display_links = ("headline",)
    list_filter = ("status", "section")
    list_select_related = False  # joined, SQLite may walk the sections first and sort the rest
    list_per_page = 50
    search_fields = ("headline",)
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count the archive
    ordering = ("-edited_at", "-pk")
    autocomplete_fields = ("section",)
    actions = None

    class Media:
        css = {"all": ["desk/desk.css"]}
        js = [Script("desk/ordered-select.js", defer=True)]

    # --- What a person may open and do -------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return rights.stories_for(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or rights.may_edit(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        was_public = SlugClaim.objects.filter(article=obj).exists()
        return not was_public and rights.may_edit(request.user, obj)

    # --- The list ----------------------------------------------------------------------------

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        moment = moment_of(request)
        stories = overview.with_public_state(changelist.result_list, moment)
        stories = stories.defer("body", "standfirst").prefetch_related("section")
        changelist.result_list = list(stories)
        for article in changelist.result_list:
            article.public_words = overview.public_state_of(article, moment)
        return changelist

    @admin.display(description=gettext_lazy("Section"), ordering="section")
    def section_name(self, article: Article) -> str:
        return article.section.name

    @admin.display(description=gettext_lazy("Readers see"))
    def public_state(self, article: Article) -> str:
        # Set on each row of the page by get_changelist_instance.
        return article.public_words  # type: ignore[attr-defined]

    # --- The form ----------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any):
        form = super().get_form(request, obj, change, **kwargs)
        fields: dict[str, Any] = form.base_fields
        for link in ("can_add_related", "can_change_related", "can_delete_related"):
            if "section" in fields:  # a story is filed under a section, not the other way round
                setattr(fields["section"].widget, link, False)
        fields["also_read"].queryset = rights.stories_for(request.user)
        for name in ("authors", "also_read"):
            relation = Article._meta.get_field(name)
            fields[name].widget = OrderedAutocomplete(relation, self.admin_site)
            fields[name].widget.choices = fields[name].choices
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            return FIELDSETS
        return ((None, {"fields": ("headline", "standfirst", "body", "section", "slug")}),)

    @method_decorator(csp_update({"style-src": [EDITOR_STYLE]}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except revisions.Stale:
            # Somebody saved between this form's check and its save: now its check sees it.
            return super().changeform_view(request, *args, **kwargs)

    def save_form(self, request: HttpRequest, form: StoryForm, change: bool) -> Article:
        return form.instance

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        by, now = request.user, moment_of(request)
        values = form.values(taxonomy.tags_named(form.cleaned_data["tags"], by=by, now=now))
        note = form.cleaned_data["note"]
        if change:
            seen = form.cleaned_data["seen"]
            saved = revisions.save(obj.pk, values, by=by, seen=seen, now=now, note=note)
        else:
            saved = revisions.create(values, by=by, now=now, note=note)
        obj.pk, obj.slug, obj.version = saved.pk, saved.slug, saved.version

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Bylines, tags and also-read links were saved with the revision."""

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        revisions.discard(obj.pk, by=request.user, now=moment_of(request))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any):
        # The editor's import map is an inline script: the strict policy lets it run by a nonce,
        # which django-csp's middleware puts on the request.
        context["media"] = js_asset.Media.from_media(
            context["media"],
            nonce=str(request.csp_nonce),  # type: ignore[attr-defined]
        )
        article = context.get("original")
        if article is not None:
            seen = overview.overview(article, moment_of(request))
            context |= {"overview": seen, "press": panel(seen, request)}
        return super().render_change_form(request, context, *args, **kwargs)

    # --- The press ---------------------------------------------------------------------------

    def get_urls(self) -> Any:
        press = path(
            "<int:pk>/press/<str:verb>/",
            self.admin_site.admin_view(require_POST(self.press_view)),
            name="articles_article_press",
        )
        return [press, *super().get_urls()]

    def press_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Do one verb of the press, or show its form again: what is wrong, and what was typed."""
        article = self.get_queryset(request).filter(pk=pk).first()
        if article is None or verb not in press_forms.FORMS:
            raise Http404
        seen = overview.overview(article, moment_of(request))
        form = press_forms.FORMS[verb](request.POST, overview=seen)
        status = 409 if form.is_valid() else 422
        if form.is_valid() and self._pressed(request, form, article):
            done = _("%(verb)s: done. %(words)s")
            words = overview.overview(self._fresh(article), moment_of(request)).words
            messages.success(request, done % {"verb": form.label, "words": words})
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": form.label,
            "original": article,
            "overview": seen,
            "form": form,
            "opts": self.opts,
        }
        template = "admin/articles/article/press.html"
        return TemplateResponse(request, template, context, status=status)

    def _pressed(self, request: HttpRequest, form: VerbForm, article: Article) -> bool:
        """Whether the verb was done; what forbade it is put into the form."""
        try:
            form.press(article.pk, by=request.user, now=moment_of(request))
        except revisions.Stale:
            form.add_error(None, _stale_sentence(article))
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            return True
        return False

    def _fresh(self, article: Article) -> Article:
        return Article.objects.get(pk=article.pk)


def panel(seen: Overview, request: HttpRequest) -> dict[str, Any]:
    """The forms of the verbs that a person may do now: to the story, and to what is scheduled."""
    names = overview.verbs(seen, request.user)
    story = [n for n in names if n not in press_forms.ON_A_VERSION]
    version = [n for n in names if n in press_forms.ON_A_VERSION]
    return {
        "story": [press_forms.FORMS[name](overview=seen) for name in story],
        "scheduled": [
            {
                "publication": row,
                "words": overview.in_newsroom_time(row.starts_at),
                "behind": seen.article.version - row.revision,
                "forms": [
                    press_forms.FORMS[name](overview=seen, start=row.starts_at)
                    for name in version
                    if name != "update_scheduled" or row.revision != seen.article.version
                ],
            }
            for row in seen.pending
        ],
    }


def _stale_sentence(article: Article) -> str:
    move = audit.last_move(article.pk)
    assert move is not None  # noqa: S101 - a count that moved has its Move
    return _(
        "%(who)s did something with this story while you had it open (%(verb)s). "
        "Look at it again, then decide."
    ) % {"who": move.by_name, "verb": VERBS[move.verb].label if move.verb in VERBS else move.verb}
