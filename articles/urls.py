"""The articles app's door to the web."""

from django.urls import include, path

urlpatterns = [path("", include("articles.pages.urls"))]
