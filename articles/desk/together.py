"""Several people at one story: a save over a colleague's is merged, or set beside it to choose.

No lock, and no word lost: what two people typed is in the working copy, or in a kept revision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from articles.desk import merge, notices, revisions
from articles.desk.merge import Choice, Merged
from articles.desk.revisions import Stale, Values
from articles.desk.rights import Actor
from articles.models import Article, Notice, Reason, Revision, RevisionKind

# How often a save is tried again when colleagues save at the very same moment.
TRIES = 20


@dataclass(frozen=True)
class Saved:
    """What became of a save."""

    article: Article
    merged: Merged | None = None  # with what colleagues had saved meanwhile
    with_whom: tuple[str, ...] = ()
    beside: Revision | None = None  # where both changed the same: the text, kept, to choose from


@dataclass(frozen=True)
class Sides:
    """A text set beside the working copy, and the two that it has to be joined with."""

    beside: Revision
    base: dict[str, Any]  # what it was typed over; all empty when that is no longer kept
    current: Revision
    their_name: str  # of who saved the working copy
    merged: Merged


def save(
    article_id: int, values: Values, *, by: Actor, seen: int, now: datetime, note: str = ""
) -> Saved:
    """Save what was typed over revision `seen`, whatever was saved since.

    Raises PermissionDenied, ValidationError with a sentence a field, or Stale when colleagues
    are too quick for it many times over; then nothing was written.
    """
    # As a rule nobody saved meanwhile.
    for attempt in (_alone, *[_with_others] * TRIES):
        try:
            with transaction.atomic():
                return attempt(article_id, values, by, seen, now, note)
        except Stale:
            continue
    raise Stale


def _alone(
    article_id: int, values: Values, by: Actor, seen: int, now: datetime, note: str
) -> Saved:
    return Saved(revisions.save(article_id, values, by=by, seen=seen, now=now, note=note))


def _with_others(
    article_id: int, values: Values, by: Actor, seen: int, now: datetime, note: str
) -> Saved:
    version = Article.objects.values_list("version", flat=True).get(pk=article_id)
    base, theirs = _base(article_id, seen), revisions.snapshot(article_id, version)
    ours = values.snapshot() | {"slug": values.slug or theirs["slug"]}
    merged = merge.try_merge(base or _nothing(theirs), ours, theirs)
    known: dict[str, Any] = {"by": by, "seen": version, "now": now}
    if merged.overlaps:
        beside = revisions.set_beside(article_id, ours, based_on=seen, note=note, **known)
        article = Article.objects.get(pk=article_id)
        details = {"revision": beside.number}
        notices.remind(Reason.SET_BESIDE, article=article, by=by, at=now, details=details)
        return Saved(article, beside=beside)
    joined = Values.of(merged.values)
    article = revisions.save(article_id, joined, note=note, **known)
    who = Revision.objects.filter(
        article=article_id, number__gt=seen, number__lte=version, kind=RevisionKind.SAVE
    ).values_list("by_name", flat=True)
    return Saved(article, merged, tuple(dict.fromkeys(who)))


def _base(article_id: int, number: int) -> dict[str, Any] | None:
    try:
        return revisions.snapshot(article_id, number)
    except ValidationError:  # thinned out meanwhile: all that differs has to be chosen
        return None


def _nothing(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    return {key: type(value)() for key, value in snapshot.items()}


def sides(article_id: int, number: int) -> Sides:
    """The sides of a text that was set beside the working copy.

    Raises ValidationError when there is no such revision.
    """
    beside = Revision.objects.filter(
        article=article_id, number=number, kind=RevisionKind.BESIDE
    ).first()
    if beside is None:
        raise ValidationError(_("There is no such text beside this story any more."))
    newest = Revision.objects.filter(article=article_id).order_by("-number")
    current = newest[0]
    # It may be kept again by whoever set a text beside it.
    saves = newest.filter(kind=RevisionKind.SAVE).values_list("by_name", flat=True)
    their_name = saves.first() or current.by_name
    base = _base(article_id, beside.based_on) or _nothing(current.snapshot)
    merged = merge.try_merge(base, beside.snapshot, current.snapshot)
    return Sides(beside, base, current, their_name, merged)


def unsettled_of(by: Actor) -> QuerySet:
    """The newest text of an actor’s own (its revision) that waits beside the story of an outer
    query."""
    waiting = Notice.objects.filter(person=by.pk, article=OuterRef("pk"), reason=Reason.SET_BESIDE)
    newest = waiting.exclude(details__has_key="joined").order_by("-pk")
    return newest.values(number=KT("details__revision"))[:1]


def choose(
    article_id: int,
    number: int,
    choices: Mapping[str, Choice],
    *,
    by: Actor,
    seen: int,
    now: datetime,
) -> Article:
    """Join a text set beside the working copy `seen` with it, as was chosen; a new revision.

    Raises Stale when the story was saved since, merge.Overlap for what is left to choose,
    PermissionDenied or ValidationError.
    """
    parts = sides(article_id, number)
    joined = merge.choose(parts.base, parts.beside.snapshot, parts.current.snapshot, choices)
    with transaction.atomic():
        # The words that were not chosen stand in these two, and stay.
        Revision.objects.filter(article=article_id, number=seen).update(stays=True)
        notices.joined(article_id, number, now=now)
        return revisions.save(
            article_id,
            Values.of(joined),
            by=by,
            seen=seen,
            now=now,
            note=_("joined with %(who)s’s text (revision %(number)d)")
            % {"who": parts.beside.by_name, "number": number},
        )


def restore(article_id: int, number: int, *, by: Actor, seen: int, now: datetime) -> Article:
    """Make an old revision the working copy again, as a new revision.

    Raises Stale, PermissionDenied or ValidationError.
    """
    old = revisions.snapshot(article_id, number)
    note = _("revision %(number)d restored") % {"number": number}
    return revisions.save(article_id, Values.of(old), by=by, seen=seen, now=now, note=note)
