"""Which stories stand on a person's desk, and what for: one query, each part of it bounded.

A part looks at the newest or oldest LOOKED_AT rows of an index and no further, so that the page
costs the same whatever lies in the archive. What that leaves out (a draft that somebody last
touched five hundred stories ago) is in the list of stories.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast

from articles.desk import rights
from articles.desk.rights import Actor
from articles.models import (
    Article,
    ListKind,
    ListRow,
    Move,
    OpenForm,
    Publication,
    Revision,
    RevisionKind,
)
from articles.states import VERBS, DeskStatus

WAITING, WRITING, LIVE = 20, 6, 5  # rows of each part of the page
LOOKED_AT = 500
APPROVED_WITHIN = timedelta(days=7)
# The Moves that say where a story stands on the desk: the newest of them is why it is there.
STEPS = ("submit", "withdraw", "send_back", "approve", "reopen")


class Cause(StrEnum):
    """What a story stands on the desk for; of those that wait, the most pressing first."""

    SETTLE = auto()
    REVIEW = auto()
    ANSWER = auto()
    WRITE = auto()
    PUBLISH = auto()
    MENTIONED = auto()
    MINE = auto()  # a draft that the person writes
    TYPED = auto()  # open, with text that is not saved
    LIVE = auto()


class Pick(NamedTuple):
    """A story (its id; None: one that was never saved), what for, until when, and since when."""

    cause: str
    about: int | None
    due: datetime | None
    since: datetime


def of(by: Actor, t: datetime) -> list[Pick]:
    """The stories that stand on a person's desk at t, in no order; some more than once."""
    first, *others = _parts(by, t)
    rows: Any = first.union(*others, all=True).order_by()
    return [Pick(*row) for row in rows]


def _parts(by: Actor, t: datetime) -> Iterator[QuerySet]:
    for drafts in (_drafts("created_by", by), _drafts("assignee", by)):
        yield _told(Cause.MINE, drafts.order_by("-edited_at", "-pk")[:WRITING])
        yield _told(Cause.ANSWER, _urgent(_sent_back(drafts)))
    yield _told(Cause.WRITE, _urgent(_drafts("assignee", by).filter(due_at__isnull=False)))
    if by.has_perm(VERBS["approve"].permission):
        yield _told(Cause.REVIEW, _urgent(_to_review(by)))
    if by.has_perm(VERBS["publish"].permission):
        yield _told(Cause.PUBLISH, _urgent(_to_publish(by, t)))
    yield _typed(by)
    yield from _live(by, t)


def _urgent(stories: QuerySet[Article]) -> QuerySet[Article]:
    return stories.order_by(F("due_at").asc(nulls_last=True), "edited_at", "pk")[:WAITING]


def _told(cause: Cause, stories: QuerySet[Article]) -> QuerySet:
    # Within another query, as SQLite cuts no part of a union short.
    picked = Article.objects.filter(pk__in=stories.values("pk"))
    return _columns(cause, picked, "pk", F("due_at"), "edited_at")


def _columns(cause: Cause, rows: QuerySet, about: str, due: Any, since: str) -> QuerySet:
    said = rows.order_by().annotate(
        cause=Value(str(cause), CharField()), about=F(about), due=due, since=F(since)
    )
    return said.values_list(*Pick._fields)


_NEVER = Cast(Value(None), DateTimeField())


# --- What waits ------------------------------------------------------------------------------


def _drafts(whose: str, by: Actor) -> QuerySet[Article]:
    """The drafts among the stories of a person that were saved last."""
    newest = Article.objects.filter(**{whose: by.pk}).order_by("-edited_at", "-pk")[:LOOKED_AT]
    return Article.objects.filter(pk__in=newest.values("pk"), status=DeskStatus.DRAFT, erased=False)


def _sent_back(drafts: QuerySet[Article]) -> QuerySet[Article]:
    steps = Move.objects.filter(article=OuterRef("pk"), verb__in=STEPS).order_by("-pk")
    last = drafts.annotate(last_verb=Subquery(steps.values("verb")[:1]))
    return last.filter(last_verb="send_back")


def _to_review(by: Actor) -> QuerySet[Article]:
    """Of the stories in review that were saved longest ago: those whose text another wrote."""
    queue = _of_sections(by).filter(status=DeskStatus.IN_REVIEW, erased=False)
    oldest = queue.order_by("edited_at", "pk")[:LOOKED_AT]
    texts = Revision.objects.filter(article=OuterRef("pk"), is_text=True)
    writer = texts.exclude(kind=RevisionKind.BESIDE).order_by("-number").values("by")[:1]
    found = Article.objects.filter(pk__in=oldest.values("pk"))
    return found.annotate(last_writer=Subquery(writer)).exclude(last_writer=by.pk)


def _to_publish(by: Actor, t: datetime) -> QuerySet[Article]:
    """Of what was approved lately: what is ready, free to go, and neither out nor scheduled."""
    approvals = Move.objects.filter(verb="approve", at__gte=t - APPROVED_WITHIN)
    lately = approvals.order_by("-at").values("article")[:LOOKED_AT]
    of_the_story = Move.objects.filter(article=OuterRef("pk"), verb="approve").order_by("-pk")
    out = Publication.objects.filter(
        article=OuterRef("pk"), revision__gte=OuterRef("approved_revision")
    )
    ready = _of_sections(by).filter(
        pk__in=lately, status=DeskStatus.READY, erased=False, held=False
    )
    approved = ready.annotate(approved_revision=Subquery(of_the_story.values("revision")[:1]))
    return approved.filter(~Exists(out))


def _of_sections(by: Actor) -> QuerySet[Article]:
    """The stories of a person's sections: of others they may open their own, and decide none."""
    own = rights.sections_of(by)
    return Article.objects.filter(section__in=own) if own else Article.objects.all()


# --- What does not wait ----------------------------------------------------------------------


def _typed(by: Actor) -> QuerySet:
    kept = OpenForm.objects.filter(person=by.pk, typed__isnull=False)
    newest = OpenForm.objects.filter(pk__in=kept.order_by("-typed_at").values("pk")[:WRITING])
    return _columns(Cause.TYPED, newest, "article_id", _NEVER, "typed_at")


def _live(by: Actor, t: datetime) -> Iterator[QuerySet]:
    """The newest rows of the lists that a person's sections have, or of the one of all stories."""
    rows = ListRow.objects.at(t)
    own = rights.sections_of(by)
    lists = [rows.of(ListKind.SECTION, section) for section in sorted(own)]
    for newest in lists or [rows.of(ListKind.ALL)]:
        found = ListRow.objects.filter(pk__in=newest.values("pk")[:LIVE])
        yield _columns(Cause.LIVE, found, "story_id", _NEVER, "first_published_at")
