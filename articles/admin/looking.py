"""What stands beside the writing and follows it: checks, cuts, and stories to point to."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import path, reverse

from articles.admin.open_forms import for_script
from articles.desk import also_read, looks, rights, taxonomy
from articles.desk.asked import is_id
from articles.desk.head_findings import LONGEST_HEADLINE
from articles.desk.looks import Look
from articles.models import Article
from articles.moments import moment_of
from articles.text import DESCRIPTION_CHARACTERS

MOST_TAGS = 30  # of a story, that suggestions are looked for by
_HERE = "admin/articles/article"


@for_script
def look_view(request: HttpRequest, pk: int | None) -> JsonResponse:
    """Say what there is to say of what was typed so far; nothing is written."""
    if pk is None:
        rights.require(request.user, "articles.add_article")
    article = None if pk is None else rights.story_for(request.user, pk)
    typed = {name: request.POST.get(name, "") for name in (*looks.TYPED, "kind", "section")}
    look = looks.at_typed(article, typed, moment_of(request))
    return JsonResponse(
        {
            **_said(look),
            "checks": render_to_string(f"{_HERE}/_checks.html", {"checks": look.checks}),
            "cuts": render_to_string(f"{_HERE}/_cuts.html", {"cuts": look.cuts}),
        }
    )


@for_script
def suggest_view(request: HttpRequest, pk: int | None) -> JsonResponse:
    """Public stories that the typed one could point to, by its tags or else its section."""
    if pk is None:
        rights.require(request.user, "articles.add_article")
    else:
        rights.story_for(request.user, pk)
    names = taxonomy.names_in(request.POST.get("tags", ""))[:MOST_TAGS]
    section = request.POST.get("section", "")
    found = also_read.suggestions(
        tags=taxonomy.known_tags(names).values(),
        section=int(section) if is_id(section) else None,
        but={pk, *(int(story) for story in request.POST.getlist("also_read") if is_id(story))},
        t=moment_of(request),
    )
    return JsonResponse({"stories": [{"story": s.story, "headline": s.headline} for s in found]})


def panel(request: HttpRequest, article: Article | None) -> dict[str, Any]:
    """What the form shows of the story as it was saved; None: of a new one.

    One query where the story links to pages of this site, and none otherwise.
    """
    look = looks.at_story(article, moment_of(request))
    there, ending = ([article.pk], "") if article else ([], "_new")
    return {
        **_said(look),
        "checks": look.checks,
        "cuts": look.cuts,
        # How many characters show: of a headline everywhere, of a standfirst in a search result.
        "headline_most": LONGEST_HEADLINE,
        "standfirst_most": DESCRIPTION_CHARACTERS,
        "url": reverse(f"admin:articles_article_look{ending}", args=there),
        "suggest": reverse(f"admin:articles_article_suggest{ending}", args=there),
    }


def _said(look: Look) -> dict[str, Any]:
    return {
        "must": look.checks.must,
        "should": look.checks.should,
        "said": look.said,
        "must_said": look.must_said,
        "words": look.words,
        "minutes": look.minutes,
        "words_said": look.words_said,
        "title_cuts": look.title_cuts,
        "address": look.address,
    }


URLS = [
    path("<int:pk>/look/", look_view, name="articles_article_look"),
    path("look/", look_view, name="articles_article_look_new"),
    path("<int:pk>/suggest/", suggest_view, name="articles_article_suggest"),
    path("suggest/", suggest_view, name="articles_article_suggest_new"),
]
