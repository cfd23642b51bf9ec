"""When a worker was last heard of."""

from typing import ClassVar

from django.db import models


class Heartbeat(models.Model):
    """One row, which every worker writes: whichever it was, the work is being done."""

    at = models.DateTimeField()

    class Meta:
        default_permissions: ClassVar[tuple[str, ...]] = ()  # nobody edits it
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="one_heartbeat", condition=models.Q(pk=1))
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} UTC"
