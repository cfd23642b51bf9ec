"""How the desk's tests press a verb, and how they look at what became of a story."""

from datetime import timedelta

from django.apps import apps
from django.db import connection

from articles.desk import press, revisions
from articles.desk.overview import overview
from articles.desk.revisions import Values
from articles.models import Article, ArticleTag, ListRow, Publication
from tests.conftest import NOW, PROGRAM

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
# What a verb is told where a test is about something else.
SAID = {
    "publish": {"change": "update"},
    "schedule": {"change": "update"},
    "update_scheduled": {"change": "update"},
    "unpublish": {"reason": "It was too early"},
    "take_down": {"authority": "The court of Halvern"},
    "restore": {"change": "update"},
}
TABLES = [model for model in apps.get_models() if model._meta.app_label == "articles"]


def do(verb, story, *args, now=NOW, by=PROGRAM, seen=None, **values):
    """Press a verb, having looked at the story just now (or at its `pressed` count `seen`)."""
    if seen is None:
        seen = Article.objects.values_list("pressed", flat=True).get(pk=story.pk)
    values = {**SAID.get(verb, {}), **values}
    done = getattr(press, verb)(story.pk, *args, by=by, seen=seen, now=now, **values)
    connection.check_constraints()  # PostgreSQL looks for overlaps when a transaction commits
    return done


def rewrite(story, *, now=NOW, by=PROGRAM, **changes):
    """Save a story with some of its values changed; return the new revision's number."""
    article = Article.objects.get(pk=story.pk)
    held = Values.of({**working_copy(article), **changes})
    saved = revisions.save(article.pk, held, by=by, seen=article.version, now=now)
    return saved.version


def working_copy(article):
    """What the rows of a working copy hold, as a revision keeps it."""
    tags = ArticleTag.objects.filter(content_object=article).order_by("pk")
    return {
        "schema": revisions.SCHEMA,
        "kind": article.kind,
        "headline": article.headline,
        "dateline": article.dateline,
        "picture": article.picture_id,
        "picture_alt": article.picture_alt,
        "picture_caption": article.picture_caption,
        "section": article.section_id,
        "standfirst": article.standfirst,
        "body": article.body,
        "slug": article.slug,
        "authors": list(article.bylines.values_list("author_id", flat=True)),
        "tags": list(tags.values_list("tag_id", flat=True)),
        "also_read": list(article.also_read_links.values_list("story_id", flat=True)),
    }


def shown(story, t=NOW):
    """What readers see of a story at t; None when they see nothing."""
    return Publication.objects.at(t).select_related("text").filter(article=story.pk).first()


def revision_shown(story, t=NOW):
    """The number of the revision that readers see at t, or None."""
    publication = shown(story, t)
    return publication.revision if publication else None


def state(story, t=NOW):
    """What the desk is told of a story's public state at t."""
    return overview(Article.objects.get(pk=story.pk), t).state


def line(story):
    """Every version of a story as (revision, start, end, what follows), in time order."""
    rows = Publication.objects.filter(article=story.pk).order_by("starts_at", "pk")
    return list(rows.values_list("revision", "starts_at", "ends_at", "ends_as"))


def in_list(kind, what=0, t=NOW):
    """The stories (ids) of a list at t, in its order."""
    return list(ListRow.objects.at(t).of(kind, what).values_list("story", flat=True))


def everything():
    """Every row of every table of the app: equal before and after what changed nothing."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}
