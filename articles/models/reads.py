"""How often stories are read: by the hour, later by the day, and which were read most.

These are readers' tables: a story is its id, with no way to the desk's working copy, and of who
read it nothing is kept.
"""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q, Subquery


class ReadsAnHour(models.Model):
    """How often a story was read in an hour of the newsroom's clock.

    By the hour and not by the minute: the most read are ranked over a day of these rows once a
    minute, and by the minute they would be up to sixty times as many.
    """

    story = models.BigIntegerField()
    hour = models.DateTimeField()  # when it begins
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="one_count_a_story_and_hour", fields=["story", "hour"]),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index("hour", name="reads_by_hour")]

    def __str__(self) -> str:
        return f"{self.story}: {self.count}"


class ReadsADay(models.Model):
    """How often a story was read on a day of the newsroom's, once its hours were folded."""

    story = models.BigIntegerField()
    day = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="one_count_a_story_and_day", fields=["story", "day"]),
        ]

    def __str__(self) -> str:
        return f"{self.story}: {self.count}"


class MostReadQuerySet(models.QuerySet):
    def ranked_after(self, moment: datetime) -> Self:
        """The last ranking; nothing where nobody has read a story since the moment."""
        # A ranking overwrites the one before: where it is shorter, the rest keep an older minute.
        first = Subquery(MostRead.objects.filter(place=1).values("minute")[:1])
        return self.filter(minute=first, minute__gt=moment)


class MostRead(models.Model):
    """A place in the last ranking: the story that has it, whether it is still public or not."""

    place = models.PositiveSmallIntegerField(primary_key=True)
    story = models.BigIntegerField(db_index=True)
    reads = models.BigIntegerField()
    minute = models.DateTimeField()  # in which it was ranked

    objects = MostReadQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.place}: {self.story}"


class LastRanking(models.Model):
    """The one row that says for which minute the most read were ranked, or are being ranked."""

    minute = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="one_last_ranking", condition=Q(id=1))
        ]

    def __str__(self) -> str:
        return f"{self.minute}"
