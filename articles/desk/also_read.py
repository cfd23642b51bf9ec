"""The links of stories to one that they should point to no longer: which there are, and replacing
them, each as a revision of its own story."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from articles.desk import revisions, rights
from articles.desk.revisions import Stale, Values
from articles.desk.rights import Actor
from articles.models import (
    AlsoRead,
    Article,
    ListKind,
    ListRow,
    Publication,
    Section,
    Tag,
)

# How often a story is tried again when a colleague saves it at the very same moment.
TRIES = 5
SUGGESTED = 4  # stories to point to
LOOKED_AT = 6  # of the newest of each tag, and of the section


@dataclass(frozen=True)
class Suggestion:
    """A public story that another one could point to."""

    story: int
    headline: str


@dataclass(frozen=True)
class Refused:
    """A story whose link stayed, and why."""

    headline: str
    why: str


def pointing_to(article_id: int, by: Actor) -> QuerySet[Article]:
    """The stories, of those the actor may open, whose working copy points to a story."""
    return rights.stories_for(by).filter(pk__in=_pointing(article_id)).order_by("-edited_at", "-pk")


def shown_pointing_to(article_id: int, t: datetime) -> QuerySet[Publication]:
    """What readers see at t of the stories whose working copy points to a story."""
    return Publication.objects.at(t).filter(article__in=_pointing(article_id)).order_by("pk")


def suggestions(
    *, tags: Collection[int], section: int | None, but: Collection[int | None], t: datetime
) -> list[Suggestion]:
    """Public stories to point to: those with most of some tags (ids); without tags, of a section.

    None of `but` (stories' ids). Two queries, however many stories there are: of each list only
    the newest are looked at.
    """
    if tags:
        near = _newest_in(Tag.objects.filter(pk__in=tags), ListKind.TAG, t)
    else:
        near = _newest_in(Section.objects.filter(pk__in=[section]), ListKind.SECTION, t)
    counted = Counter(story for story in near if story not in but)
    best = [story for story, _shared in counted.most_common(SUGGESTED)]
    shown = Publication.objects.at(t).filter(article__in=best).values_list("article", "headline")
    headlines = dict(shown)
    return [Suggestion(story, headlines[story]) for story in best if story in headlines]


def _newest_in(things: QuerySet[Any], kind: ListKind, t: datetime) -> list[int]:
    """The newest stories in the lists of some tags or sections: one query for all of them."""
    rows = ListRow.objects.at(t).filter(kind=kind, what=OuterRef("pk"))
    in_order = rows.order_by("-first_published_at", "-story_id").values("story")
    # One scalar subquery a place: a union of sliced lists is more than SQLite takes.
    places = {f"place_{i}": Subquery(in_order[i : i + 1]) for i in range(LOOKED_AT)}
    found = things.annotate(**places).values_list(*places)
    return [story for row in found for story in row if story]


def replace_links(
    article_id: int, with_id: int | None, stories: Iterable[int], *, by: Actor, now: datetime
) -> tuple[list[str], list[Refused]]:
    """Let stories (ids) point to another story instead of this one, or (None) to none.

    A story that points to the other already, or is the other, only loses the link. Returns the
    headlines of what changed, and what was refused. Raises ValidationError for another story
    that the actor may not open, or that is this one.
    """
    if with_id == article_id or (with_id and not _may_open(with_id, by)):
        raise ValidationError({"other": _("Choose another story, one that you may open.")})
    changed, refused = [], []
    for story in rights.stories_for(by).filter(pk__in=[*stories]).order_by("pk"):
        try:
            if _replaced(story.pk, article_id, with_id, by, now):
                changed.append(story.headline)
        except (PermissionDenied, ValidationError, Stale) as fault:
            refused.append(Refused(story.headline, _why(fault)))
    return changed, refused


def _pointing(article_id: int) -> QuerySet[AlsoRead, int]:
    return AlsoRead.objects.filter(story=article_id).values_list("article", flat=True)


def _may_open(article_id: int, by: Actor) -> bool:
    return rights.stories_for(by).filter(pk=article_id).exists()


def _replaced(story_id: int, old: int, new: int | None, by: Actor, now: datetime) -> bool:
    """Save one story with its link replaced; False: it points there no longer."""
    for _try in range(TRIES):
        seen = Article.objects.values_list("version", flat=True).get(pk=story_id)
        values = Values.of(revisions.snapshot(story_id, seen))
        if old not in values.also_read:
            return False
        instead = None if new == story_id else new
        links = [instead if pk == old else pk for pk in values.also_read]
        kept = replace(values, also_read=list(dict.fromkeys(pk for pk in links if pk)))
        note = _("an also-read link replaced") if instead else _("an also-read link taken out")
        try:
            # Not together.save: that would throw away what the actor has typed of it elsewhere.
            revisions.save(story_id, kept, by=by, seen=seen, now=now, note=note)
        except Stale:
            continue
        return True
    raise Stale


def _why(fault: Exception) -> str:
    if isinstance(fault, Stale):
        return _("It is being saved by a colleague; try again.")
    if isinstance(fault, ValidationError):
        return " ".join(fault.messages)
    return str(fault)
