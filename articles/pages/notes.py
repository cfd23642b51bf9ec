"""Which public notes a page shows: those of a story, and every correction the paper made."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from articles.models import Publication
from articles.prepared import prepared
from articles.states import NEEDS_NOTE, Change

CORRECTIONS_A_PAGE = 20

_KINDS = {
    Change.CORRECTION: _("Correction"),
    Change.CLARIFICATION: _("Clarification"),
    Change.UPDATE: _("Update"),
    Change.TYPO: _("Typing error"),
}
# What is changed on advice is not called so: the note says what there is to say.
_ANY_OTHER = _("Editor’s note")


@dataclass(frozen=True)
class PublicNote:
    """What a version says of itself, since when, and (among all corrections) of which story."""

    kind: str
    words: str
    since: datetime
    story: Publication | None = None  # as it is now
    change: str = ""  # states.Change


@dataclass(frozen=True)
class CorrectionsPage:
    """One page of all corrections, and the Publication that the next page comes after."""

    notes: list[PublicNote]
    older: int | None  # ?before= of the next page; None: this is the last

    def get_absolute_url(self) -> str:
        return "/corrections/"


def of_story(publication: Publication, t: datetime) -> list[PublicNote]:
    """The notes of all versions of a story that had begun by t, newest first."""
    if not publication.noted:
        return []
    return [_note(*row) for row in _noted(t, publication.article_id)]


@prepared
def _noted(t: datetime, article: int) -> QuerySet[Publication, tuple]:
    rows = Publication.objects.begun(t).filter(article=article).exclude(note="")
    return rows.order_by("-starts_at", "-pk").values_list("change", "note", "starts_at")


def corrections(t: datetime, before: str | None) -> CorrectionsPage:
    """A page of the corrections and clarifications of what is public at t, newest first.

    Raises Http404 for a `before` that is none of them, or that nothing comes after.
    """
    rows = _of_public_stories(t, begun_by=t)
    if before is not None:
        # One upper bound, as in every list: the correction it comes after began by t as well.
        last = _cursor(rows, before)
        rows = _of_public_stories(t, begun_by=last.starts_at).filter(
            Q(starts_at__lt=last.starts_at) | Q(pk__lt=last.pk)
        )
    found = list(rows.order_by("-starts_at", "-pk")[: CORRECTIONS_A_PAGE + 1])
    if before is not None and not found:
        raise Http404("Nothing was corrected before that.")
    shown = found[:CORRECTIONS_A_PAGE]
    stories = Publication.objects.with_history(t).in_bulk([row.current for row in shown])
    notes = [_note(row.change, row.note, row.starts_at, stories[row.current]) for row in shown]
    return CorrectionsPage(notes, shown[-1].pk if len(found) > CORRECTIONS_A_PAGE else None)


def _of_public_stories(t: datetime, *, begun_by: datetime) -> QuerySet[Publication, Any]:
    """Versions that correct or clarify, of stories that are public at t.

    Rows of pk, change, note, starts_at and `current`: the version of the story that readers see.
    """
    story = Publication.objects.begun(t).filter(article=OuterRef("article"))
    newest = story.order_by("-starts_at", "-pk")
    rows = Publication.objects.begun(begun_by).filter(change__in=NEEDS_NOTE)
    # Said as the index of noted versions says it, or the whole archive is read for them.
    rows = rows.exclude(note="").annotate(
        current=Subquery(newest.values("pk")[:1]), until=Subquery(newest.values("ends_at")[:1])
    )
    rows = rows.filter(Q(until=None) | Q(until__gt=t))
    return rows.values_list("pk", "change", "note", "starts_at", "current", named=True)


def _cursor(rows: QuerySet[Publication, Any], before: str) -> Any:
    if re.fullmatch(r"[1-9][0-9]{0,18}", before, re.ASCII):
        for row in rows.filter(pk=int(before)):
            return row
    raise Http404("No such correction.")


def _note(
    change: str, note: str, starts_at: datetime, story: Publication | None = None
) -> PublicNote:
    kind = _KINDS.get(Change(change)) if change else None
    return PublicNote(str(kind or _ANY_OTHER), note, starts_at, story, change)
