"""A story's steps on the desk: the one place where its desk status changes."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles.desk import audit, rights
from articles.desk.rights import Actor
from articles.models import Article
from articles.states import DESK_MOVES


def take(name: str, article_id: int, *, by: Actor, now: datetime) -> Article:
    """Take a step of the table, such as “submit”; return the working copy.

    Raises PermissionDenied, or ValidationError where the story does not stand where the step
    begins (a second click, or a colleague's).
    """
    step = DESK_MOVES[name]
    with transaction.atomic():
        swapped = Article.objects.filter(pk=article_id, status__in=step.sources).update(
            status=step.target
        )
        article = Article.objects.select_related("section").get(pk=article_id)
        rights.require_edit(by, article)
        rights.require(by, step.permission, [article.section_id])
        if not swapped:
            raise ValidationError(
                _("“%(headline)s” is %(status)s; this step does not begin there.")
                % {"headline": article.headline, "status": article.get_status_display()}
            )
        audit.record(
            name,
            by=by,
            at=now,
            subject=article.headline,
            article=article,
            revision=article.version,
        )
    return article
