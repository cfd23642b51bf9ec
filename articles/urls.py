"""The articles app's door to the web."""

from django.urls import include, path

from articles import shares, versions

urlpatterns = [
    path("share/<str:token>/", shares.shared, name="share"),
    path("<slug:section>/<slug:slug>/versions/", versions.history, name="versions"),
    path("<slug:section>/<slug:slug>/versions/<int:number>/", versions.version, name="version"),
    path("", include("articles.pages.urls")),
]
