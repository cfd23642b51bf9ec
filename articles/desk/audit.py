"""The audit: one Move a verb, written in the verb's transaction and never changed."""

from datetime import datetime
from typing import Any

from articles.desk.rights import Actor
from articles.models import Article, Move


def record(
    verb: str,
    *,
    by: Actor,
    at: datetime,
    subject: str,
    article: Article | None = None,
    revision: int | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> Move:
    """Write down that `by` did the verb at the moment `at`; details hold JSON values only."""
    return Move.objects.create(
        at=at,
        verb=verb,
        by=by.pk,
        by_name=str(by)[:120],
        article=article.pk if article else None,
        subject=subject[:250],
        revision=revision,
        reason=reason,
        details=details or {},
    )


def last_move(article_id: int) -> Move | None:
    """The newest Move of a story."""
    return Move.objects.filter(article=article_id).order_by("-pk").first()
