"""Stories in the admin: the list and the form."""

from typing import Any

import js_asset
from csp.decorators import csp_update
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import tasks
from articles.admin import (
    also_read,
    history,
    joining,
    kept_posts,
    notes,
    open_forms,
    pages,
    preview,
    receipts,
    verbs,
)
from articles.admin.paging import BoundedPaginator
from articles.desk import overview, revisions, rights, taxonomy, together
from articles.desk.forms import StoryForm, desk_story
from articles.desk.revisions import name_of
from articles.desk.together import Saved
from articles.models import Article, SlugClaim
from articles.moments import moment_of
from articles.states import WITHDRAWN
from articles.templatetags.desk import pair

# The one constant <style> that the body editor injects (Tiptap's); a browser test says when a
# new version of the library changes it.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"

# The pages about one story, before the admin's own: its history is ours.
ROOMS: tuple[Any, ...] = (
    verbs, joining, open_forms, history, notes, preview, receipts, also_read,
)  # fmt: skip
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
    list_display = ("headline", "state", "section_name", "edited_at")
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
        css = {"all": ["desk/desk.css", "desk/open-form.css"]}
        js = [
            Script(f"desk/{name}.js", defer=True)
            for name in ("ordered-select", "story-form", "typed-moments")
        ]

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
        known: bool | None = getattr(obj, "was_public", None)  # of desk_story
        was_public = SlugClaim.objects.filter(article=obj).exists() if known is None else known
        return not (was_public or obj.held) and rights.may_edit(request.user, obj)

    # --- The list ----------------------------------------------------------------------------

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        moment = moment_of(request)
        stories = overview.with_public_state(changelist.result_list, moment)
        stories = stories.defer("body", "standfirst").prefetch_related("section")
        changelist.result_list = list(stories)
        pairs = overview.pairs_of(changelist.result_list, moment)
        for article in changelist.result_list:
            article.pair = pairs[article.pk]
        return changelist

    @admin.display(description=gettext_lazy("Section"), ordering="section")
    def section_name(self, article: Article) -> str:
        return article.section.name

    @admin.display(description=gettext_lazy("State"))
    def state(self, article: Article) -> str:
        # Set on each row of the page by get_changelist_instance.
        return pair(article.pair)  # type: ignore[attr-defined]

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        if not object_id.isdecimal() or len(object_id) > 18:
            return None
        return desk_story(request.user, int(object_id), moment_of(request))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A story has its own history and audit: revisions and Moves."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Likewise."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Likewise."""

    # --- The form ----------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any):
        if obj is None or self.has_change_permission(request, obj):
            # The model's own fields: the form declares the others, and reads them by itself.
            kwargs["fields"] = StoryForm.Meta.fields
        form: Any = super().get_form(request, obj, change, **kwargs)
        fields: dict[str, Any] = form.base_fields
        for link in ("can_add_related", "can_change_related", "can_delete_related"):
            if "section" in fields:  # a story is filed under a section, not the other way round
                setattr(fields["section"].widget, link, False)
        fields["also_read"].queryset = rights.stories_for(request.user)
        for name in ("authors", "also_read"):
            relation = Article._meta.get_field(name)
            fields[name].widget = OrderedAutocomplete(relation, self.admin_site)
            fields[name].widget.choices = fields[name].choices
        form.typed = open_forms.put_back(request, obj)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or self.has_change_permission(request, obj):
            return FIELDSETS
        return ((None, {"fields": ("headline", "standfirst", "body", "section", "slug")}),)

    @method_decorator(csp_update({"style-src": [EDITOR_STYLE]}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

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
        obj.pk, obj.slug, obj.version = saved.article.pk, saved.article.slug, saved.article.version
        open_forms.was_saved(request, obj.pk if change else None)
        tasks.mail_soon()
        # For response_change, which says what became of it.
        request.saved = saved  # type: ignore[attr-defined]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Bylines, tags and also-read links were saved with the revision."""

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        # Put there by save_model; Django has no typed place for it.
        saved: Saved = request.saved  # type: ignore[attr-defined]
        if saved.beside:
            messages.warning(request, _("A colleague changed the same. Your text is kept; choose."))
            here = [obj.pk, saved.beside.number]
            return HttpResponseRedirect(reverse("admin:articles_article_beside", args=here))
        if saved.merged:
            messages.warning(request, merged_sentence(saved))
            return pages.to_story(obj)
        return super().response_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        revisions.discard(obj.pk, by=request.user, now=moment_of(request))

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any):
        # The editor's import map is an inline script: the strict policy lets it run by a nonce,
        # which django-csp's middleware puts on the request.
        context["media"] = js_asset.Media.from_media(
            context["media"],
            nonce=str(request.csp_nonce),  # type: ignore[attr-defined]
        )
        context["moment_words"] = open_forms.moment_words()
        article = context.get("original")
        if article is not None:
            seen = overview.overview(article, moment_of(request))
            context |= {
                "overview": seen,
                "verbs": verbs.panel(seen, request),
                "may_share": rights.may(
                    request.user, "articles.share_article", [article.section_id]
                ),
                "open_notes": article.open_notes,
                "is_withdrawn": seen.state in WITHDRAWN,
            }
        if article is None or self.has_change_permission(request, article):
            typist = kept_posts.sign(request.user.pk)
            context |= {"open_form": open_forms.panel(request, article), "typist": typist}
        return super().render_change_form(request, context, *args, **kwargs)

    # --- The pages about one story -----------------------------------------------------------

    def get_urls(self) -> Any:
        rooms = (page for room in ROOMS for page in room.URLS)
        return [*rooms, *kept_posts.netted(super().get_urls())]


def merged_sentence(saved: Saved) -> str:
    """What a save was merged with, and that it wants rereading."""
    assert saved.merged is not None  # noqa: S101 - asked of such a save only
    taken = saved.merged.taken
    fields = [name for name in taken.fields if name != "body" or not taken.paragraphs]
    parts = [name_of(name) for name in fields]
    if taken.paragraphs:
        parts.append(
            ngettext("%(n)d paragraph", "%(n)d paragraphs", taken.paragraphs)
            % {"n": taken.paragraphs}
        )
    return _("Saved, and merged with the changes of %(who)s to %(what)s; please reread.") % {
        "who": ", ".join(saved.with_whom),
        "what": ", ".join(parts) or _("nothing that you see here"),
    }
