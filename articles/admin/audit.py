"""The audit in the admin: to be read, by nobody to be changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.admin.paging import BoundedPaginator
from articles.models import Move


@admin.register(Move)
class MoveAdmin(admin.ModelAdmin):
    list_display = ("at", "verb", "subject", "by_name", "revision", "reason")
    list_filter = ("verb",)
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-pk",)
    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
