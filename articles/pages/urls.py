"""The readers' addresses."""

from django.urls import path, register_converter

from articles.pages import (
    a_to_z,
    api,
    archive,
    feed_views,
    manifest,
    most_read,
    pictures,
    search_page,
    sitemaps,
    views,
)  # fmt: skip
from articles.pages.feeds import FormatConverter

register_converter(FormatConverter, "feed")

urlpatterns = [
    path("", views.home, name="home"),
    path("<feed:form>", feed_views.site, name="feed"),
    path("author/<slug:slug>/", views.author, name="author"),
    path("author/<slug:slug>/<feed:form>", feed_views.author, name="author_feed"),
    path("tag/<slug:slug>/", views.tag, name="tag"),
    path("tag/<slug:slug>/<feed:form>", feed_views.tag, name="tag_feed"),
    path("feeds/", feed_views.overview, name="feeds"),
    path("pictures/<str:name>", pictures.picture, name="picture"),
    path("corrections/", views.corrections, name="corrections"),
    path("api/stories/", api.stories, name="api_stories"),
    path("api/stories/<int:story>/", api.story, name="api_story"),
    path("api/takedowns/", api.takedowns, name="api_takedowns"),
    path("archive/", archive.archive, name="archive"),
    path("archive/<str:year>/", archive.year, name="archive_year"),
    path("archive/<str:year>/<str:month>/", archive.month, name="archive_month"),
    path("archive/<str:year>/<str:month>/<str:day>/", archive.day, name="archive_day"),
    path("authors/", a_to_z.authors, name="authors"),
    path("authors/<str:letter>/", a_to_z.authors_under, name="authors_under"),
    path("topics/", a_to_z.topics, name="topics"),
    path("topics/<str:letter>/", a_to_z.topics_under, name="topics_under"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/sections.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/<str:name>.xml", sitemaps.month, name="sitemap_month"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("news-sitemap-<str:number>.xml", sitemaps.news_part, name="news_sitemap_part"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("search/", search_page.search_page, name="search"),
    path("most-read/", most_read.most_read, name="most_read"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    path("<slug:slug>/", views.section, name="section"),
    path("<slug:slug>/<feed:form>", feed_views.section, name="section_feed"),
    path("<slug:section>/<slug:slug>/", views.story, name="story"),
]
