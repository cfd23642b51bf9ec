"""Sections, authors, tags, and who works for which section, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from taggit.models import Tag as LibraryTag

from articles import tasks
from articles.admin.pages import refuse
from articles.admin.paging import BoundedPaginator
from articles.desk import rights, taxonomy
from articles.desk.forms import NamedForm
from articles.desk.verb_forms import ReasonField
from articles.models import Author, Section, SectionMember, Tag
from articles.moments import moment_of

# The library's own tags are not used: ours have the stories' rule for slugs.
admin.site.unregister(LibraryTag)


class NamedAdmin(admin.ModelAdmin):
    """What stories are filed under: saved and deleted by the desk's verbs only."""

    form = NamedForm
    paginator = BoundedPaginator
    show_full_result_count = False
    actions = None

    @admin.display(description=gettext_lazy("Retired"), ordering="retired", empty_value="")
    def is_retired(self, row: Any) -> str:
        """A word where it is so, and nothing where it is not: a red cross would alarm."""
        return _("retired") if row.retired else ""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        taxonomy.save(obj, by=request.user, now=moment_of(request))
        tasks.hub_soon()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        taxonomy.delete(obj, by=request.user, now=moment_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not taxonomy.is_named(obj))


@admin.register(Section)
class SectionAdmin(NamedAdmin):
    list_display = ("name", "slug", "order", "is_retired")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Section | None = None) -> Any:
        # Fixed once a story was published under it: every address of its stories holds it.
        return ("slug",) if obj and taxonomy.is_used(obj) else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Section | None = None) -> Any:
        return {} if obj else self.prepopulated_fields


@admin.register(Author)
class AuthorAdmin(NamedAdmin):
    list_display = ("name", "slug", "user", "is_retired")
    list_select_related = ("user",)
    search_fields = ("name",)
    autocomplete_fields = ("user",)
    fields = ("name", "slug", "job_title", "bio", "email", "links", "user", "retired")


class MergeForm(forms.Form):
    """Which tag takes over another's stories, and why."""

    into = forms.ModelChoiceField(
        Tag.objects.filter(retired=False), label=gettext_lazy("Merge into")
    )
    reason = ReasonField(label=gettext_lazy("Why"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        into: Any = self.fields["into"]
        into.widget = AutocompleteSelect(Tag._meta.get_field("merged_into"), admin.site)
        into.widget.choices = into.choices


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    list_display = ("name", "slug", "is_retired")
    list_select_related = ("merged_into",)
    search_fields = ("name",)
    fields = ("name", "slug", "description", "retired")

    def get_urls(self) -> Any:
        merge = self.admin_site.admin_view(self.merge_view)
        return [path("<int:pk>/merge/", merge, name="articles_tag_merge"), *super().get_urls()]

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let another tag take over this one's stories and address."""
        tag = get_object_or_404(Tag, pk=pk)
        rights.require(request.user, "articles.delete_tag")
        form = MergeForm(request.POST or None)
        if form.is_valid() and self._merged(request, form, tag):
            return HttpResponseRedirect(reverse("admin:articles_tag_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge “%(name)s” into another tag") % {"name": tag.name},
            "original": tag,
            "opts": self.opts,
            "form": form,
            "media": form.media,
        }
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/articles/tag/merge.html", context, status=status)

    def _merged(self, request: HttpRequest, form: MergeForm, tag: Tag) -> bool:
        into, now = form.cleaned_data["into"], moment_of(request)
        why = form.cleaned_data["reason"]
        try:
            taxonomy.merge_tag(tag.pk, into.pk, reason=why, by=request.user, now=now)
        except ValidationError as refused:
            refuse(form, refused)
            return False
        tasks.hub_soon()
        messages.success(
            request,
            _("“%(old)s” is “%(new)s” now, and its old address leads there.")
            % {"old": tag.name, "new": into.name},
        )
        return True


@admin.register(SectionMember)
class SectionMemberAdmin(admin.ModelAdmin):
    list_display = ("user", "section")
    list_select_related = ("user", "section")
    list_filter = ("section",)
    autocomplete_fields = ("user", "section")
