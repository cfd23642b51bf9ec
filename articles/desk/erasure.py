"""Erased by law: every copy that the site holds of a story's words and names is emptied."""

from typing import Any

from django.utils.translation import gettext as _

from articles import reading_index, reads
from articles.desk import search
from articles.models import (
    AlsoRead,
    Article,
    ArticleTag,
    Move,
    Note,
    Notice,
    OpenForm,
    Publication,
    PublicationText,
    Receipt,
    Revision,
    ShareLink,
)


def empty(article: Article) -> dict[str, Any]:
    """Empty every copy of a story; return how many of each kind there were.

    Ids, moments and addresses stay: of the story, its versions and its revisions. The caller is
    in the press's transaction, and has withheld every version.
    """
    words = _("Erased")
    blank: dict[str, Any] = {
        "headline": words, "dateline": "", "standfirst": "",
        "picture": None, "picture_alt": "", "picture_caption": "",
        "authors": [], "tags": [], "also_read": [],
    }  # fmt: skip
    publications = Publication.objects.filter(article=article)
    texts = PublicationText.objects.filter(publication__article=article)
    lists: dict[str, list[int]] = {"authors": [], "tags": [], "also_read": [], "pictures": []}
    no_picture: dict[str, Any] = {"picture": None, "picture_alt": "", "picture_caption": ""}
    counts = {
        "versions": publications.update(
            headline=words,
            dateline="",
            excerpt="",
            change="",
            note="",
            noted=False,
            **lists,
            **no_picture,
        ),
        "texts": texts.update(standfirst="", body=""),
        "revisions": _empty_revisions(article, blank),
        "forms": OpenForm.objects.filter(article=article).delete()[0],
        "notes": Note.objects.filter(article=article).delete()[0],
        "notices": Notice.objects.filter(article=article).delete()[0],
        "receipts": Receipt.objects.filter(article=article).delete()[0],
        "links": ShareLink.objects.filter(article=article).delete()[0],
        "reads": reads.forget(article.pk),
    }
    # The audit tells what was done and when; of the story it tells nothing any more.
    Move.objects.filter(article=article.pk).update(subject=words, reason="", details={})
    article.bylines.all().delete()
    ArticleTag.objects.filter(content_object=article).delete()
    AlsoRead.objects.filter(article=article).delete()
    AlsoRead.objects.filter(story=article).delete()
    Article.objects.filter(pk=article.pk).update(
        headline=words, dateline="", standfirst="", body="", words=0, slugline="", assignee=None,
        due_at=None, length=None, erased=True, held=False, embargo=None, **no_picture,
    )  # fmt: skip
    search.erase(article.pk)
    reading_index.purge()  # the press took the withheld versions out
    article.headline = words  # for the Move that tells of it
    return {"erased": counts}


def _empty_revisions(article: Article, blank: dict[str, Any]) -> int:
    rows = list(Revision.objects.filter(article=article).only("pk", "fields"))
    for row in rows:
        row.fields = {**row.fields, **blank}
        row.body = ""
        row.note = ""
    Revision.objects.bulk_update(rows, ["fields", "body", "note"], batch_size=500)
    return len(rows)
