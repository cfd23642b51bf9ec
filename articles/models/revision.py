"""What was typed of a story, once a save; and what somebody types and has not saved yet."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.kinds import USUAL
from articles.models.article import Article
from articles.models.fields import LineField, PackedTextField

# What a snapshot has held since it was first kept without: as such a one is read.
_CAME_LATER = {
    "kind": str(USUAL), "dateline": "",
    "picture": None, "picture_alt": "", "picture_caption": "",
}  # fmt: skip


class RevisionKind(models.TextChoices):
    """What a revision was kept for. The newest of a story is its working copy, always."""

    SAVE = "save", _("saved")
    BESIDE = "beside", _("set beside")  # a text that is not the working copy's
    AGAIN = "again", _("the working copy again")  # after one was set beside it


class Revision(models.Model):
    """What was typed, once a save: numbered within its story, never changed afterwards."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=6, choices=RevisionKind.choices, default=RevisionKind.SAVE)
    based_on = models.PositiveIntegerField(default=0)  # the revision it was typed over; 0: none
    # Kind, headline, dateline, standfirst, slug, the picture with its words, and the ids of
    # section, bylines, tags and also-read stories in their order (articles/desk/revisions.py);
    # the body stands by itself, as it is long.
    fields = models.JSONField()
    body = PackedTextField()
    changed = models.JSONField(default=dict)  # what it changed, in short: desk/compare.summary
    is_text = models.BooleanField(default=False)  # whether headline, standfirst or body changed
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    note = LineField(max_length=250, blank=True)
    stays = models.BooleanField(default=False)  # never thinned out: it holds words of its own

    class Meta:
        ordering: ClassVar[list[str]] = ["article", "-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["article", "number"], name="one_revision_a_number"),
            models.CheckConstraint(
                name="revision_kind_is_known", condition=Q(kind__in=RevisionKind.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def snapshot(self) -> dict[str, Any]:
        """Everything that was typed, by name."""
        return {**_CAME_LATER, **self.fields, "body": self.body}


class OpenForm(models.Model):
    """That a person has a story (or, with none, a new one) open; and what they typed since."""

    article = models.ForeignKey(
        Article, models.CASCADE, null=True, related_name="open_forms", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="open_forms")
    at = models.DateTimeField()  # the last sign of life
    seen = models.PositiveIntegerField(default=0)  # the revision it was opened on
    typed = PackedTextField(null=True)  # the form's fields as JSON; null: nothing
    typed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["article", "person"], name="one_open_form_a_story_and_person"
            ),
            models.UniqueConstraint(
                fields=["person"],
                name="one_open_form_of_a_new_story",
                condition=Q(article=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} has {self.article_id} open"
