"""Old saves are thinned out: of a run of them only the last stays, and what others name.

A revision that a Move, a version, a share link or a text set beside names stays, and so do the
first, the newest, every one with a note, and every one that holds words of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from articles.desk import audit, compare, history, revisions
from articles.desk.history import Saved
from articles.desk.rights import Program
from articles.models import Article, Move, Publication, Revision, RevisionKind, ShareLink

VERB = "thin_revisions"
STORIES = 5000  # ids read at once
EARLIEST = datetime.min.replace(tzinfo=UTC)
STEP = 500  # revisions deleted in one transaction, at most


@dataclass(frozen=True)
class Thinned:
    """How many stories were thinned, and how many of their saves deleted."""

    stories: int
    revisions: int


@dataclass(frozen=True)
class Step:
    """Some saves to delete, and the revisions before and after them."""

    before: int
    gone: list[int]
    after: int
    is_text: bool  # whether one of them, or the one after, changed the text


def thin(*, older_than: timedelta, now: datetime, by: Program) -> Thinned:
    """Delete the saves that nobody needs any more; one Move says how many.

    Story by story, a few saves at a time: whenever it stops, each story's history is whole and
    its words are true. A story that somebody saves or presses meanwhile waits for the next time.
    """
    since, until = _thinned_until(), now - older_than
    stories = deleted = left = 0
    for story in _stories(since, until):
        gone, is_done = _thin_story(story, until)
        stories, deleted, left = stories + bool(gone), deleted + gone, left + (not is_done)
    # With a story left over, the next time begins where this one did.
    done = (since if left else until).isoformat()
    details = {"until": done, "stories": stories, "revisions": deleted}
    subject = _("Old saves deleted: %(n)d") % {"n": deleted}
    audit.record(VERB, by=by, at=now, subject=subject, details=details)
    return Thinned(stories, deleted)


def would_thin(*, older_than: timedelta, now: datetime) -> Thinned:
    """How much `thin` would delete; nothing is written."""
    until = now - older_than
    counts = [
        sum(len(step.gone) for step in _steps(story, until))
        for story in _stories(_thinned_until(), until)
    ]
    return Thinned(sum(1 for count in counts if count), sum(counts))


def _thinned_until() -> datetime:
    """Up to which moment saves were thinned already: none before it are looked at again."""
    done = Move.objects.filter(article=None, verb=VERB).order_by("-pk").first()
    return datetime.fromisoformat(done.details["until"]) if done else EARLIEST


def _stories(since: datetime, until: datetime) -> Iterator[int]:
    """The stories that may have saves between two moments, by when they were last saved."""
    place, pk = since, 0
    # A legal hold keeps everything.
    saved = Article.objects.filter(created_at__lt=until, version__gt=2, held=False)
    while True:
        later = saved.filter(edited_at__gte=place).exclude(edited_at=place, pk__lte=pk)
        rows = list(later.order_by("edited_at", "pk").values_list("edited_at", "pk")[:STORIES])
        yield from (pk for _at, pk in rows)
        if len(rows) < STORIES:
            return
        place, pk = rows[-1]


def _thin_story(article_id: int, until: datetime) -> tuple[int, bool]:
    """Thin one story; return how many saves were deleted, and whether all was done."""
    # Read before anything else: what is planned is of the story as it is at these counts.
    counts = Article.objects.filter(pk=article_id).values_list("version", "pressed").first()
    if counts is None:  # binned meanwhile
        return 0, True
    deleted = 0
    for step in _steps(article_id, until):
        try:
            # Outside the transaction, as it may take a while: what was typed does not change.
            before, after = (revisions.snapshot(article_id, n) for n in (step.before, step.after))
        except ValidationError:  # somebody else thins it at this very moment
            return deleted, False
        if not _take(article_id, step, compare.summary(before, after), counts):
            return deleted, False
        deleted += len(step.gone)
    return deleted, True


def _take(article_id: int, step: Step, changed: dict[str, Any], counts: tuple[int, int]) -> bool:
    """Delete a step's saves, unless the story was saved or pressed since it was looked at."""
    with transaction.atomic():
        # The swap that everybody does first, to the same counts: nobody's form gets old by it.
        story = Article.objects.filter(pk=article_id, version=counts[0], pressed=counts[1])
        if not story.update(version=F("version")):
            return False
        if ShareLink.objects.filter(article=article_id, revision__in=step.gone).exists():
            return False  # made meanwhile: a link moves no count
        rows = Revision.objects.filter(article=article_id)
        rows.filter(number__in=step.gone).delete()
        rows.filter(number=step.after).update(changed=changed, is_text=step.is_text)
    return True


def _steps(article_id: int, until: datetime) -> Iterator[Step]:
    """What to delete of a story, oldest first; after each step the rest is true as it stands."""
    saved = Saved.of(Revision.objects.filter(article=article_id))
    if not saved:
        return
    moves = Move.objects.filter(article=article_id).order_by("-pk").only("at", "revision")
    needed = _needed(article_id, saved) | {move.revision for move in moves}
    gone = {
        save.number
        for run in history.runs(history.in_order(saved, moves))
        if isinstance(run, list)
        for save in run[1:]
        if save.at < until and save.number not in needed and _is_thin(save)
    }
    yield from _cut(saved[::-1], gone)


def _cut(saved: Sequence[Saved], gone: set[int]) -> Iterator[Step]:
    """The saves to delete, each lot with the revision before it and the one after it."""
    before, is_text = 0, False
    lot: list[int] = []
    for save in saved:
        if save.kind == RevisionKind.BESIDE:
            continue  # it is no step of the working copy
        is_text = is_text or save.is_text
        if lot and (save.number not in gone or len(lot) == STEP):
            yield Step(before, lot, save.number, is_text)
            lot = []
        if save.number in gone:
            lot = [*lot, save.number]
        else:
            before, is_text = save.number, False


def _needed(article_id: int, saved: list[Saved]) -> set[int]:
    """The first, the newest, and the revisions that something of the story names."""
    beside = [save.based_on for save in saved if save.kind == RevisionKind.BESIDE]
    shown = Publication.objects.filter(article=article_id).order_by()
    shared = ShareLink.objects.filter(article=article_id).order_by()
    return {1, saved[0].number, *beside}.union(
        shown.values_list("revision", flat=True).distinct(),
        shared.values_list("revision", flat=True).distinct(),
    )


def _is_thin(save: Saved) -> bool:
    return save.kind == RevisionKind.SAVE and not save.stays and not save.note
