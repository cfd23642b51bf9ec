"""The list of stories: its views, filters and search, a page of it, and one verb for many."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from articles.admin import story_bulk, story_facets
from articles.admin.paging import BoundedPaginator
from articles.desk import overview, saved_filters, search, story_lines, story_views
from articles.desk.asked import Asked, View
from articles.desk.story_views import Page, Place
from articles.models import Article, SavedFilter, Section
from articles.moments import moment_of
from articles.words import words_of

LIST = "admin:articles_article_changelist"


class StoryListAdmin(admin.ModelAdmin):
    """The list part of the stories' admin; its page is its own, and not the stock list's."""

    # For what the stock admin still asks: the search of its autocompletes.
    search_fields = ("headline",)
    paginator = BoundedPaginator
    ordering = ("-edited_at", "-pk")
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return story_bulk.view(request)
        return list_view(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """What an autocomplete finds: the desk's search, and of a very common word the newest.

        First those whose headline begins with what was typed, then those whose headline holds it.
        """
        if not search_term.strip():
            return queryset, False
        ids = search.find(search_term).ids
        if ids is None:
            asked = Asked(q=search_term)
            page = story_views.page(asked, by=request.user, now=moment_of(request))
            ids = frozenset(page.ids)
        near = Case(
            When(headline__istartswith=search_term, then=0),
            When(headline__icontains=search_term, then=1),
            default=2,
        )
        return queryset.filter(pk__in=ids).order_by(near, *self.ordering), False

    def get_urls(self) -> Any:
        own = (
            ("next/", next_view, "articles_article_next"),
            ("filters/save/", save_filter_view, "articles_article_save_filter"),
            ("filters/<int:pk>/delete/", delete_filter_view, "articles_article_delete_filter"),
        )
        inside = self.admin_site.admin_view
        pages = [path(route, inside(view), name=name) for route, view, name in own]
        return [*pages, *super().get_urls()]


# --- A page of the list ----------------------------------------------------------------------


def list_view(request: HttpRequest) -> HttpResponse:
    """A page of the list, as its address asks for it."""
    asked, now, by = Asked.of(request.GET.dict()), moment_of(request), request.user
    at = request.GET.get("at", "")
    page = story_views.page(
        asked,
        by=by,
        now=now,
        before=Place.of(request.GET.get("before", ""), at),
        after=Place.of(request.GET.get("after", ""), at),
    )
    sections = list(Section.objects.all())
    saved = list(saved_filters.of(by))
    current = next((one for one in saved if one.query == asked.query), None)
    context = {
        **admin.site.each_context(request),
        "title": current.name if current else View(asked.view).label,
        "opts": Article._meta,
        "asked": asked,
        "lines": story_lines.lines(page.ids, sections, now),
        "pager": _pager(asked, page, now),
        "tabs": _tabs(asked, saved),
        "saved_filter": current,
        "facets": story_facets.facets(asked, sections, by),
        "kept": [(name, value) for name, value in vars(asked).items() if value and name != "q"],
        "clear": Asked(view=asked.view).query,
        "has_no_word": bool(asked.q) and not words_of(asked.q),
        "actions": story_bulk.actions(by),
    }
    return TemplateResponse(request, "admin/articles/article/change_list.html", context)


def _tabs(asked: Asked, saved: list[SavedFilter]) -> list[dict[str, Any]]:
    views: list[dict[str, Any]] = [
        {"label": view.label, "query": Asked(view=view).query} for view in View
    ]
    named = [{"label": one.name, "query": one.query} for one in saved]
    is_saved = any(one.query == asked.query for one in saved)
    here = asked.query if is_saved else Asked(view=asked.view).query
    return [{**tab, "is_here": tab["query"] == here} for tab in [*views, *named]]


def _pager(asked: Asked, page: Page, now: Any) -> dict[str, Any]:
    """What stands below the list: where the pages before and after it are, and what it spans."""
    return {
        "newer": _address(asked, after=page.newer),
        "older": _address(asked, before=page.older),
        "is_by_due": page.is_by_due,
        "stopped_at": page.stopped_at and overview.when(page.stopped_at, now),
        "span": _span(page, now),
    }


def _address(asked: Asked, **place: Place | None) -> str:
    ((name, where),) = place.items()
    if where is None:
        return ""
    parts = [asked.query, f"{name}={where.pk}", f"at={where.at}" if where.at else ""]
    return "?" + "&".join(part for part in parts if part)


def _span(page: Page, now: Any) -> str:
    if page.first is None or page.last is None:
        return ""
    said = {"n": len(page.ids)}
    if page.is_by_due:
        first, last = page.first.due_at, page.last.due_at
        words = ngettext(
            "%(n)d story, due %(first)s",
            "%(n)d stories, due from %(first)s to %(last)s",
            len(page.ids),
        )
    else:
        first, last = page.first.edited_at, page.last.edited_at
        words = ngettext(
            "%(n)d story, saved %(first)s",
            "%(n)d stories, saved from %(first)s back to %(last)s",
            len(page.ids),
        )
    if page.is_sorted_here or first is None or last is None:
        return ngettext("%(n)d story", "%(n)d stories", len(page.ids)) % said
    return words % {
        **said,
        "first": overview.when(first, now),
        "last": overview.when(last, now),
    }


# --- One after the other, and saved filters --------------------------------------------------


@require_GET
def next_view(request: HttpRequest) -> HttpResponse:
    """On to the next story of the queue that the person may approve, after `?after=`."""
    after = Place.of(request.GET.get("after", ""))
    pk = story_views.next_to_approve(by=request.user, after=after)
    if pk is None:
        messages.info(request, _("Nothing else waits for your approval."))
        return HttpResponseRedirect(f"{reverse(LIST)}?{Asked(view=View.QUEUE).query}")
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))


@require_POST
def save_filter_view(request: HttpRequest) -> HttpResponse:
    """Keep what the list is asked for under a name."""
    query = request.POST.get("query", "")
    try:
        saved = saved_filters.save(request.POST.get("name", ""), query, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
    return HttpResponseRedirect(f"{reverse(LIST)}?{Asked.of_query(query).query}")


@require_POST
def delete_filter_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one of the person's own saved filters."""
    if pk >= 10**18 or not saved_filters.delete(pk, by=request.user):
        raise Http404
    messages.success(request, _("The saved filter is removed."))
    return HttpResponseRedirect(reverse(LIST))
