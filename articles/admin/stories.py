"""Stories in the admin: the list and the form."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.admin import (
    also_read,
    history,
    joining,
    kept_posts,
    looking,
    notes,
    open_forms,
    past_versions,
    plan,
    preview,
    receipts,
    verbs,
)
from articles.admin.story_form import StoryFormAdmin
from articles.admin.story_list import StoryListAdmin
from articles.desk import revisions, rights
from articles.models import Article, SlugClaim
from articles.moments import moment_of

# The pages about one story, before the admin's own: its history is ours.
ROOMS: tuple[Any, ...] = (
    verbs, joining, open_forms, looking, history, notes, plan, preview, receipts, also_read,
    past_versions,
)  # fmt: skip


@admin.register(Article)
class StoryAdmin(StoryListAdmin, StoryFormAdmin):
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

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        revisions.discard(obj.pk, by=request.user, now=moment_of(request))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A story has its own history and audit: revisions and Moves."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Likewise."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Likewise."""

    # --- The pages about one story -----------------------------------------------------------

    def get_urls(self) -> Any:
        rooms = (page for room in ROOMS for page in room.URLS)
        return [*rooms, *kept_posts.netted(super().get_urls())]
