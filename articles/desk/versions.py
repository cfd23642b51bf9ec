"""The versions that readers had of a story and have no more, as editors withhold one of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery

from articles.models import Publication
from articles.moments import in_newsroom_words

MOST = 50  # of one revision, on its page


@dataclass(frozen=True)
class Past:
    """A version that readers had, and the verb that may be done to it."""

    number: int  # the Publication's id
    since: str
    until: str
    is_withheld: bool
    verb: str


def past(article_id: int, t: datetime) -> QuerySet[Publication]:
    """The versions of a story that had ended by t, and that another one followed.

    What follows the newest is said by that one itself: it is taken down, not withheld.
    """
    begun = Publication.objects.filter(article=article_id, starts_at__lte=t)
    newest = Publication.objects.filter(article=OuterRef("article"), starts_at__lte=t)
    last = newest.order_by("-starts_at", "-pk").values("pk")[:1]
    ended = begun.filter(ends_at__lte=t).exclude(ends_at=F("starts_at"))
    return ended.exclude(pk=Subquery(last))


def of_revision(article_id: int, revision: int, t: datetime) -> list[Past]:
    """Those in which readers had a revision, newest first."""
    rows = past(article_id, t).filter(revision=revision).order_by("-starts_at", "-pk")[:MOST]
    return [_past(row) for row in rows]


def _past(row: Publication) -> Past:
    return Past(
        row.pk,
        in_newsroom_words(row.starts_at),
        in_newsroom_words(row.ends_at) if row.ends_at else "",
        row.withheld,
        "show_again" if row.withheld else "withhold",
    )
