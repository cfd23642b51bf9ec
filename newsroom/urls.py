"""Where each address leads: the admin, and everything else to the readers' pages."""

from django.contrib import admin
from django.urls import include, path

handler404 = "articles.pages.views.not_found"
handler500 = "articles.pages.views.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("articles.urls")),
]
