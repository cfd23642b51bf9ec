"""The list of stories as a person sees it, and what is put into it."""

from articles.desk import planning, workflow
from articles.models import Article
from tests.conftest import NOW, PROGRAM

LIST = "/admin/articles/article/"


def headlines(answer):
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return [line.article.headline for line in answer.context["lines"]]


def submit(story, **plan):
    workflow.take("submit", story.pk, by=PROGRAM, now=NOW)
    if plan:
        planning.plan(story.pk, plan, by=PROGRAM, now=NOW)


def tick_of(story):
    """What the list's tick of a story says, to who looks at it now."""
    now = Article.objects.get(pk=story.pk)
    return f"{now.pk}:{now.version}:{now.pressed}"
