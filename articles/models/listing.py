"""In which lists a story stands, and when: one row a run, not one a version."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from articles.intervals import Interval, IntervalQuerySet, ends_after_it_starts
from articles.kinds import ListKind
from articles.models.article import Article
from articles.models.months import UTCMonth


class ListRowQuerySet(IntervalQuerySet):
    def at(self, t: datetime) -> Self:
        """The rows that stand at t (why first_published_at: see Publication)."""
        return super().at(t).filter(first_published_at__lte=t)

    def of(self, kind: ListKind, what: int = 0) -> Self:
        """One list, newest first published first; a tie is broken by the story's id."""
        return self.filter(kind=kind, what=what).order_by("-first_published_at", "-story_id")

    def standing(self, t: datetime) -> Self:
        """The rows that stand at t, where no range of moments is asked for: see older_than."""
        return super().at(t)

    def older_than(self, moment: datetime, story: int, t: datetime) -> Self:
        """What follows the row of a story, first published at the moment, and stands at t.

        Not `at(t)`: of two upper bounds SQLite takes one, and would walk down from the top.
        """
        # The first condition alone makes it one range of the index; the second cuts the tie.
        return (
            super()
            .at(t)
            .filter(
                Q(first_published_at__lt=moment) | Q(story__lt=story),
                first_published_at__lte=moment,
            )
        )

    def before(self, moment: datetime, t: datetime) -> Self:
        """What was first published before a moment and stands at t.

        One upper bound, as above: what stands at t was first published by then.
        """
        return super().at(t).filter(first_published_at__lt=moment)

    def of_stories(self, stories: Iterable[int], kind: ListKind, what: int, t: datetime) -> Self:
        """The rows of some stories in a list at t, by the stories' own index."""
        return super().at(t).filter(story__in=stories, kind=kind, what=what)


class ListRow(Interval):
    """That a story stands in a list during an interval, and where in its order."""

    kind = models.CharField(max_length=8, choices=ListKind.choices)
    what = models.BigIntegerField(default=0)
    story = models.ForeignKey(Article, models.PROTECT, related_name="list_rows", db_index=False)
    first_published_at = models.DateTimeField()

    follows_another = True  # a story's Publications

    objects = ListRowQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            ends_after_it_starts("list_row_ends_after_it_starts"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                "kind", "what", F("first_published_at").desc(), F("story").desc(), name="list_order"
            ),
            models.Index("story", "kind", "what", name="list_rows_of_a_story"),
            models.Index(
                UTCMonth("first_published_at"),
                "story",
                name="stories_of_a_month",
                condition=Q(kind="all"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.story_id} in {self.kind} {self.what}"


class Edition(models.Model):
    """The one row that says whether readers could see something new (articles/edition.py)."""

    number = models.BigIntegerField(default=0)
    withdrawals = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="one_edition", condition=Q(id=1))
        ]

    def __str__(self) -> str:
        return f"{self.number}"
