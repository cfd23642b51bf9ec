"""The audit in the admin: to be read, by nobody to be changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from articles.admin.paging import BoundedPaginator
from articles.models import Move
from articles.states import VERBS


@admin.register(Move)
class MoveAdmin(admin.ModelAdmin):
    list_display = ("at", "what_was_done", "subject", "by_name", "revision", "reason")
    list_filter = ("verb",)
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-pk",)
    actions = None

    @admin.display(description=gettext_lazy("Verb"), ordering="verb")
    def what_was_done(self, move: Move) -> str:
        return str(VERBS[move.verb].label) if move.verb in VERBS else move.verb

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
