"""What the hub was told of feeds (WebSub), and what it has yet to be told."""

from typing import ClassVar

from django.db import models

from articles.models.listing import ListKind


class FeedTopic(models.Model):
    """A list, and its feeds as they were when the hub was last told of each."""

    kind = models.CharField(max_length=8, choices=ListKind.choices)
    what = models.BigIntegerField()
    told = models.JSONField(default=dict)  # the ETag of each feed, by its path; "": not there
    # From when on it is to be compared with what was told; empty: nothing could have changed.
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # that the hub did not take, in a row

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "what"], name="one_topic_a_list"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("due_at", name="topics_due", condition=models.Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"


class HubLook(models.Model):
    """The one row that says up to when changes were looked for, and when that is done next."""

    looked_at = models.DateTimeField()
    armed_for = models.DateTimeField(null=True, blank=True)
    renamed = models.BigIntegerField(default=0)  # the last Move of a rename that was seen

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="one_hub_look", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return f"{self.looked_at}"
