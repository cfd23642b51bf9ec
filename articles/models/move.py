"""The audit of every verb."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Move(models.Model):
    """One verb done: who, what, when, why. Append-only; it holds identities and names, no keys,
    so that it outlives the people and stories it tells of."""

    at = models.DateTimeField(_("when"))
    verb = models.CharField(_("verb"), max_length=30)
    by = models.BigIntegerField(null=True)
    by_name = models.CharField(_("who"), max_length=120)
    article = models.BigIntegerField(null=True)
    subject = models.CharField(_("what"), max_length=250)
    revision = models.PositiveIntegerField(_("revision"), null=True)
    reason = models.TextField(_("why"), blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        verbose_name = _("move")
        verbose_name_plural = _("audit")
        indexes: ClassVar[list[models.Index]] = [
            models.Index("article", models.F("id").desc(), name="moves_of_a_story"),
            models.Index("verb", "at", name="moves_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.verb}: {self.subject}"
