"""What readers see: a frozen copy of a revision, from one moment to another.

Only the press writes here. Readers' code asks `at(t)` for what is public at a moment, and
`begun(t)` for what was (redirects, history, corrections).
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When

from articles.intervals import Interval, IntervalQuerySet, NoOverlap, ends_after_it_starts
from articles.kinds import USUAL, StoryKind
from articles.models.article import Article
from articles.models.months import UTCMonth
from articles.models.picture import LONGEST_ALT
from articles.models.taxonomy import Section
from articles.states import NEEDS_NOTE, Change, EndsAs, PublicState
from articles.text import SLUG_LENGTH

# A version that took over from another, or came back; one that nothing took over from.
LATER = Q(starts_at__gt=F("first_published_at"))
LAST = Q(ends_at__isnull=False) & ~Q(ends_as="next")
# What a story's version history tells by itself: every change that is more than a typo, and that a
# version is withheld. Written as SQLite compares it with a query, so that the index serves it.
TOLD = (~Q(change="") & ~Q(change=Change.TYPO)) | Q(withheld=True)
# A version with which a story ended as one of which readers are told so (410). One by one, so that
# SQLite finds the index of it.
ENDED = Q(ends_as=EndsAs.GONE) | Q(ends_as=EndsAs.EXPIRED)
# What no difference reaches behind: a change made on advice, and a takedown.
TAKES_BACK = Q(change=Change.LEGAL) | Q(ends_as=EndsAs.GONE) | Q(ends_as=EndsAs.VANISHED)


class PublicationQuerySet(IntervalQuerySet):
    def at(self, t: datetime) -> Self:
        """What is public at t. That first_published_at has passed is always true of it, and
        said so that SQLite's planner walks an index in order instead of sorting the archive."""
        return super().at(t).filter(first_published_at__lte=t, withheld=False)

    def begun(self, t: datetime) -> Self:
        """What is or was public at t; nothing withheld."""
        return super().begun(t).filter(withheld=False)

    def left(self, t: datetime) -> Self:
        """Versions with which a story left the site by t, those that are withheld among them.

        Of these a page may tell the moment of the end, which is of no one story, and no more.
        """
        return self.filter(LAST, ends_at__lte=t)

    def seen(self, t: datetime) -> Self:
        """What readers had for a while, or have, by t; withheld ones too, of which pages may
        only say that they were (`told`)."""
        return super().begun(t).exclude(ends_at=F("starts_at"))

    def shown_before(self, article_id: Any, start: Any) -> Self:
        """What readers had of a story before a moment, newest first; nothing withheld."""
        story = self.filter(article=article_id, starts_at__lt=start, withheld=False)
        return story.exclude(ends_at=F("starts_at")).order_by("-starts_at", "-pk")

    def told(self, article_id: Any, t: datetime) -> Self:
        """The versions that a story's history tells by t."""
        return self.seen(t).filter(TOLD, article=article_id)

    def telling(self) -> Self:
        """Versions with what a history says of each: `told_change` and `words`, both empty of a
        withheld one, and `before`, the id of what readers may read of what they had before it."""
        nothing = When(withheld=True, then=Value(""))
        before = Publication.objects.shown_before(OuterRef("article"), OuterRef("starts_at"))
        return self.annotate(
            told_change=Case(nothing, default="change"),
            words=Case(nothing, default="note", output_field=models.TextField()),
            before=Subquery(before.values("pk")[:1]),
        )

    def taken_back(self, article_id: int, t: datetime) -> Self:
        """The versions that no difference of the story's reaches behind by t."""
        done = Q(change=Change.LEGAL) | Q(ends_at__lte=t)
        return super().begun(t).filter(TAKES_BACK, done, article=article_id)

    def with_history(self, t: datetime) -> Self:
        """Versions with `has_history`: whether their story's history tells of more than one."""
        # Not `seen(t)`: of two upper bounds SQLite takes one, and would walk down from the top.
        older = Publication.objects.filter(starts_at__lt=OuterRef("starts_at"))
        earlier = older.filter(article=OuterRef("article")).exclude(ends_at=F("starts_at"))
        more = Publication.objects.told(OuterRef("article"), t)
        return self.annotate(has_history=Exists(more.filter(Q(withheld=True) | Exists(earlier))))

    def told_as_ended(self, t: datetime, *, until: datetime) -> Self:
        """Versions that ended by the moment `until`, of stories whose address says at t that they
        are gone or expired (410): of each the newest that had begun, so one a story."""
        own = Publication.objects.begun(t).filter(article=OuterRef("article"))
        newest = own.exclude(kind=StoryKind.PAGE).order_by("-starts_at", "-pk")
        ended = self.filter(ENDED, ends_at__lte=until)
        return ended.filter(pk=Subquery(newest.values("pk")[:1])).order_by("-ends_at", "-pk")

    def line(self, article_id: int, t: datetime) -> list["Publication"]:
        """A story's versions that hold at t or later, in time order: what the desk works on.

        Two ranges of one index, and not one condition with an OR: of a story with thousands of
        versions only these are read.
        """
        story = self.filter(article=article_id)
        lasting = story.filter(ends_at=None)
        rows: Any = story.filter(ends_at__gt=t).union(lasting, all=True).order_by()
        return sorted(rows, key=lambda row: (row.starts_at, row.pk))


class Publication(Interval):
    """A version of a story as its readers get it. Nobody edits one in place."""

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="publications", db_index=False
    )
    revision = models.PositiveIntegerField()
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    path = models.CharField(max_length=2 * SLUG_LENGTH + 3)
    kind = models.CharField(max_length=9, choices=StoryKind.choices, default=USUAL)
    headline = models.CharField(max_length=250)
    dateline = models.CharField(max_length=60, blank=True)
    excerpt = models.CharField(max_length=300, blank=True)
    authors = models.JSONField(default=list)  # ids, in the byline's order
    tags = models.JSONField(default=list)
    also_read = models.JSONField(default=list)
    picture = models.BigIntegerField(null=True)  # an image's id
    picture_alt = models.CharField(max_length=LONGEST_ALT, blank=True)  # empty: the library's
    picture_caption = models.TextField(blank=True)
    pictures = models.JSONField(default=list)  # ids of all that it shows, its body's as well
    first_published_at = models.DateTimeField()
    updated_at = models.DateTimeField()  # since when its text reads so
    ends_as = models.CharField(max_length=10, choices=EndsAs.choices, blank=True)
    brings_end = models.BooleanField(default=False)  # the end was asked for with this version
    withheld = models.BooleanField(default=False)  # shown at no moment
    # What kind of change it was to the version before; empty: the first, or none at all.
    change = models.CharField(max_length=13, choices=Change.choices, blank=True)
    note = models.TextField(blank=True)  # the public note of a correction or clarification
    noted = models.BooleanField(default=False)  # it, or a version before it, bears one

    has_history: bool  # of `with_history`
    # Its picture as a list shows it; articles/pages/figures.py looks it up.
    card: Any = None

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ends_after_it_starts("publication_ends_after_it_starts"),
            models.CheckConstraint(
                name="publication_moments_in_order",
                condition=Q(
                    first_published_at__lte=F("updated_at"), updated_at__lte=F("starts_at")
                ),
            ),
            models.CheckConstraint(
                name="an_end_says_what_follows",
                condition=Q(ends_at=None, ends_as="")
                | (Q(ends_at__isnull=False) & Q(ends_as__in=EndsAs.values)),
            ),
            models.UniqueConstraint(
                name="one_open_publication_a_story", fields=["article"], condition=Q(ends_at=None)
            ),
            models.CheckConstraint(
                name="a_correction_bears_its_note",
                condition=~Q(change__in=NEEDS_NOTE) | ~Q(note=""),
            ),
            NoOverlap(name="no_two_publications_overlap", owner="article_id"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("path", F("starts_at").desc(), F("id").desc(), name="publication_by_path"),
            models.Index("article", F("starts_at").desc(), F("id").desc(), name="publication_line"),
            models.Index("article", "ends_at", name="publication_unfinished"),
            models.Index("starts_at", name="publication_starts"),
            models.Index(
                F("starts_at").desc(),
                F("id").desc(),
                name="publications_with_a_note",
                condition=~Q(note=""),
            ),
            models.Index(
                "article",
                F("starts_at").desc(),
                F("id").desc(),
                name="public_notes_of_a_story",
                condition=~Q(note=""),
            ),
            models.Index(
                "article",
                F("starts_at").desc(),
                F("id").desc(),
                name="versions_told_of_a_story",
                condition=TOLD,
            ),
            models.Index(
                "article",
                F("starts_at").desc(),
                F("id").desc(),
                name="versions_that_take_back",
                condition=TAKES_BACK,
            ),
            models.Index("ends_at", name="publication_ends"),
            models.Index(
                F("ends_at").desc(), F("id").desc(), name="told_as_ended", condition=ENDED
            ),
            # Few, and named at the foot of every page.
            models.Index("starts_at", name="pages_of_the_site", condition=Q(kind=StoryKind.PAGE)),
            # When the stories of a month last changed, and when one last left (pages/sitemaps.py).
            models.Index(
                UTCMonth("first_published_at"),
                F("starts_at").desc(),
                name="later_starts_of_a_month",
                condition=LATER,
            ),
            models.Index(
                UTCMonth("first_published_at"),
                F("ends_at").desc(),
                name="last_ends_of_a_month",
                condition=LAST,
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return self.path


class PublicationText(models.Model):
    """A Publication's long text, in a row of its own: lists never read it."""

    publication = models.OneToOneField(
        Publication, models.CASCADE, primary_key=True, related_name="text"
    )
    standfirst = models.TextField(blank=True)
    body = models.TextField()

    def __str__(self) -> str:
        return f"{self.publication_id}"


class SlugClaim(models.Model):
    """A slug once published or scheduled; it belongs to its story for ever."""

    slug = models.SlugField(max_length=SLUG_LENGTH, primary_key=True)
    article = models.ForeignKey(Article, models.PROTECT, related_name="slug_claims")

    def __str__(self) -> str:
        return self.slug


_AFTER_AN_END = {
    EndsAs.NEXT: PublicState.HIDDEN,  # only where the next one was withdrawn before it began
    EndsAs.EXPIRED: PublicState.EXPIRED,
    EndsAs.HIDDEN: PublicState.HIDDEN,
    EndsAs.GONE: PublicState.GONE,
    EndsAs.VANISHED: PublicState.VANISHED,
}


def state_after(newest_begun: Publication | None, t: datetime) -> PublicState:
    """What a story's newest begun Publication says readers get at t."""
    if newest_begun is None:
        return PublicState.NEVER
    if newest_begun.holds(t):
        return PublicState.VANISHED if newest_begun.withheld else PublicState.LIVE
    return _AFTER_AN_END[EndsAs(newest_begun.ends_as)]
