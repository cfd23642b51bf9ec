"""Where each address leads: the admin, and everything else to the readers' pages."""

from django.contrib import admin
from django.urls import include, path

from articles.admin import budget, calendar, fronts, my_desk, pickers, shortcuts, slots
from articles.admin.site_at import site_at

handler403 = "articles.admin.refusals.forbidden"
handler404 = "articles.admin.refusals.not_found"
handler500 = "articles.pages.missing.server_error"

urlpatterns = [
    path("admin/as-of/", admin.site.admin_view(site_at), name="as_of"),
    path("admin/inbox/", include("articles.admin.inbox")),
    path("admin/calendar/", admin.site.admin_view(calendar.calendar_view), name="calendar"),
    path("admin/calendar/move/", admin.site.admin_view(slots.move_view), name="calendar_move"),
    path("admin/budget/", admin.site.admin_view(budget.day_view), name="budget"),
    path("admin/budget/add/", admin.site.admin_view(budget.add_view), name="budget_add"),
    *fronts.URLS,
    path("admin/shortcuts/", admin.site.admin_view(shortcuts.shortcuts), name="shortcuts"),
    # Instead of the admin's own: reverse("admin:autocomplete") leads here.
    path("admin/autocomplete/", pickers.autocomplete_view, name="autocomplete"),
    path("admin/", admin.site.admin_view(my_desk.my_desk_view), name="my_desk"),
    path("admin/", admin.site.urls),
    path("", include("articles.urls")),
]
