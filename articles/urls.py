"""The articles app's door to the web."""

from django.urls import include, path

from articles import shares

urlpatterns = [
    path("share/<str:token>/", shares.shared, name="share"),
    path("", include("articles.pages.urls")),
]
