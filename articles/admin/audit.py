"""The audit in the admin: to be read, by nobody to be changed."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import audit_pages, sentences
from articles.desk.audit_pages import Asked
from articles.models import Article, Move
from articles.moments import in_newsroom_words
from articles.states import RULES


@admin.register(Move)
class MoveAdmin(admin.ModelAdmin):
    fields = ("when", "what", "by_name", "subject", "article", "revision", "reason", "details")
    readonly_fields = ("when", "what")

    @admin.display(description=gettext_lazy("When"))
    def when(self, move: Move) -> str:
        return in_newsroom_words(move.at)

    @admin.display(description=gettext_lazy("What"))
    def what(self, move: Move) -> str:
        return _label(move.verb, sentences.of_move(move))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = Asked.of(request.GET.dict())
        before, after = request.GET.get("before", ""), request.GET.get("after", "")
        page = audit_pages.page(asked, before=before, after=after)
        ids = {move.article for move in page.moves if move.article}
        there = set(Article.objects.filter(pk__in=ids).order_by().values_list("pk", flat=True))
        stopped_at = page.stopped_at
        context = {
            **admin.site.each_context(request),
            "title": _("Audit"),
            "opts": Move._meta,
            "asked": asked,
            "verbs": [(name, _label(name)) for name in audit_pages.verbs()],
            "lines": [
                {
                    "move": move,
                    "when": in_newsroom_words(move.at),
                    "what": _label(move.verb, sentences.of_move(move)),
                    # Of a check that was passed over, the reason is its own.
                    "why": move.reason or move.details.get("override", ""),
                    "is_there": move.article in there,
                }
                for move in page.moves
            ],
            "newer": _address(asked, "after", page.newer),
            "older": _address(asked, "before", page.older),
            "stopped_at": in_newsroom_words(stopped_at.at) if stopped_at else "",
        }
        return TemplateResponse(request, "admin/articles/move/change_list.html", context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _label(verb: str, otherwise: str = "") -> str:
    """What a verb is called; of one that is none of the table, what is given, or its name."""
    if verb in RULES:
        return str(RULES[verb].label)
    return otherwise or verb.replace("_", " ").capitalize()


def _address(asked: Asked, name: str, where: int | None) -> str:
    if where is None:
        return ""
    return "?" + "&".join(part for part in (asked.query, f"{name}={where}") if part)
