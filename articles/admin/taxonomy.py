"""Sections, authors, tags, and who works for which section, in the admin."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from taggit.models import Tag as LibraryTag

from articles.desk import taxonomy
from articles.desk.forms import NamedForm
from articles.models import Author, Section, SectionMember, Tag
from articles.moments import moment_of

# The library's own tags are not used: ours have the stories' rule for slugs.
admin.site.unregister(LibraryTag)


class NamedAdmin(admin.ModelAdmin):
    """What stories are filed under: saved and deleted by the desk's verbs only."""

    form = NamedForm
    show_full_result_count = False
    actions = None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        taxonomy.save(obj, by=request.user, now=moment_of(request))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        taxonomy.delete(obj, by=request.user, now=moment_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not taxonomy.is_named(obj))


@admin.register(Section)
class SectionAdmin(NamedAdmin):
    list_display = ("name", "slug", "order", "retired")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Section | None = None) -> Any:
        # Fixed once a story was published under it: every address of its stories holds it.
        return ("slug",) if obj and taxonomy.is_used(obj) else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Section | None = None) -> Any:
        return {} if obj else self.prepopulated_fields


@admin.register(Author)
class AuthorAdmin(NamedAdmin):
    list_display = ("name", "slug", "user", "retired")
    list_select_related = ("user",)
    search_fields = ("name",)
    autocomplete_fields = ("user",)
    fields = ("name", "slug", "bio", "user", "retired")


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    list_display = ("name", "slug", "retired")
    search_fields = ("name",)
    fields = ("name", "slug", "description", "retired")


@admin.register(SectionMember)
class SectionMemberAdmin(admin.ModelAdmin):
    list_display = ("user", "section")
    list_select_related = ("user", "section")
    list_filter = ("section",)
    autocomplete_fields = ("user", "section")
