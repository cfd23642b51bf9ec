"""A proof: a revision as the press would print it now, without printing it."""

from datetime import datetime

from articles.desk import printing, revisions
from articles.models import Article, Publication, PublicationText


def proof(article_id: int, number: int, *, now: datetime) -> Publication:
    """Return a revision of a story as readers would get it, were it published now.

    Nothing is written: neither the Publication nor its text has a row. What differs from the
    version that readers had before is taken for an update. Raises ValidationError when there is
    no such revision.
    """
    values = revisions.snapshot(article_id, number)
    held = Article.objects.select_related("section").only("section").get(pk=article_id).section
    row, text = printing.frozen(values, held)
    begun = Publication.objects.filter(article=article_id, starts_at__lte=now)
    before = begun.with_history(now).order_by("-starts_at", "-pk").first()
    is_as_it_was = before is not None and (
        before.revision == number or revisions.snapshot(article_id, before.revision) == values
    )
    publication = Publication(
        article_id=article_id,
        revision=number,
        starts_at=now,
        first_published_at=before.first_published_at if before else now,
        updated_at=before.updated_at if before and is_as_it_was else now,
        noted=before.noted if before else False,
        **row,
    )
    publication.has_history = before is not None and (before.has_history or not is_as_it_was)
    # The page reads its text by the other end of this.
    PublicationText(publication=publication, **text)
    return publication
